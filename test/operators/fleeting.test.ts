import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Verdict } from '../../src/model/index.js'
import { fleeting } from '../../src/operators/fleeting.js'
import { alarmStreams, allEnded, outputsOf, stays, transition } from './alarm-streams.js'

const streams = alarmStreams([0, 1, 1, 2, 3, 5])

describe('fleeting', () => {
  test.prop([streams])('says of each occurrence that ends whether it was shorter', (stream) => {
    const seen = outputsOf((time) => fleeting({ shorterThan: '5s' }, time), stream)
    expect(seen).toEqual(stream.alarms.filter(({ state }) => ['cleared', 'closed'].includes(state)).map(({ machine, rule, time, raisedAt }): Verdict =>
      ({ kind: 'verdict', time, machine, condition: `fleeting ${rule}`, truth: time - raisedAt < 5000, margin: 5000 - (time - raisedAt) })))
  })

  test('a minute, where nothing else is said; one that lasts just that long is not', () => {
    const alarms = [transition('m', 'hot', 'raised', 0, 0), transition('n', 'hot', 'raised', 0, 0), transition('m', 'hot', 'cleared', 59_999, 0), transition('n', 'hot', 'cleared', 60_000, 0)]
    expect(outputsOf((time) => fleeting({}, time), { alarms, time: 60_000 }).map(({ machine, truth, margin }) => [machine, truth, margin])).toEqual([['m', true, 1], ['n', false, 0]])
  })

  test('counts from its own times, where it came late', () => {
    const alarms = [transition('m', 'hot', 'raised', 5000, 0), transition('m', 'hot', 'cleared', 60_000, 0)]
    expect(outputsOf((time) => fleeting({}, time), { alarms, time: 60_000 }).map(({ truth }) => truth)).toEqual([false])
  })

  test('of one whose raise was not seen, or that is over already, nothing', () => {
    const [raised, cleared, closed] = (['raised', 'cleared', 'closed'] as const).map((state, i) => transition('m', 'hot', state, i * 1000, 0)) as [never, never, never]
    expect(outputsOf((time) => fleeting({}, time), { alarms: [cleared], time: 9000 })).toEqual([])
    expect(outputsOf((time) => fleeting({}, time), { alarms: [raised, cleared, closed], time: 9000 })).toHaveLength(1)
  })

  test.prop([streams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => fleeting({}, time), allEnded(stream), 1)).toBe(0)
  })
})
