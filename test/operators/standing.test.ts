import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Verdict } from '../../src/model/index.js'
import { standing } from '../../src/operators/standing.js'
import type { StandingOptions } from '../../src/operators/standing.js'
import { alarmStreams, allEnded, outputsOf, reordered, stays, transition } from './alarm-streams.js'
import type { AlarmStream } from './alarm-streams.js'

const streams = alarmStreams([0, 0, 1, 1, 2, 3, 5, 10])
const stands = (stream: AlarmStream, options: StandingOptions = {}): readonly Verdict[] => outputsOf((time) => standing(options, time), stream)
const day = 86_400_000

describe('standing', () => {
  test.prop([streams])('true at the very moment, false at the end, of those that stood for longer', ({ alarms, time }) => {
    const sorted = (verdicts: readonly Verdict[]): readonly string[] => verdicts.map((each) => JSON.stringify(each)).sort()
    const expected = alarms.filter(({ state }) => state === 'raised').flatMap(({ machine, rule, occurrence, time: raisedAt }): readonly Verdict[] => {
      const end = alarms.find((each) => each.occurrence === occurrence && ['cleared', 'closed'].includes(each.state))?.time ?? Infinity
      const verdict = (truth: boolean, at: number): Verdict => ({ kind: 'verdict', time: at, machine, condition: `standing ${rule}`, truth, margin: truth ? 0 : -5000 })
      const at = raisedAt + 5000
      return end <= at || at > time ? [] : [verdict(true, at), ...(end <= time ? [verdict(false, end)] : [])]
    })
    expect(sorted(stands({ alarms, time }, { after: '5s' }))).toEqual(sorted(expected))
  })

  test('a day, where nothing else is said; one that ends just then has not stood', () => {
    const raised = [transition('m', 'hot', 'raised', 0, 0), transition('n', 'hot', 'raised', 0, 0)]
    expect(stands({ alarms: raised, time: day - 1 })).toEqual([])
    expect(stands({ alarms: [...raised, transition('m', 'hot', 'cleared', day, 0)], time: day }).map(({ machine, time, truth }) => [machine, time, truth])).toEqual([['n', day, true]])
  })

  test('counts from its own time, where its raise came late', () => {
    const late = (seconds: number): readonly unknown[] => stands({ alarms: [transition('m', 'hot', 'raised', seconds * 1000, 0)], time: 60_000 }, { after: '5s' }).map(({ time, margin }) => [time, margin])
    expect([late(2), late(7)]).toEqual([[[5000, 0]], [[7000, 2000]]])
  })

  test.prop([streams])('does not look at the order within an instant', (stream) => {
    for (const other of reordered(stream)) expect(new Set(stands(other, { after: '5s' }))).toEqual(new Set(stands(stream, { after: '5s' })))
  })

  test.prop([streams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => standing({}, time), allEnded(stream), 1)).toBe(0)
  })

  test('0 is refused', () => {
    expect(() => standing({ after: '0s' })).toThrow(new RangeError('after: got "0s", expected a duration above 0'))
  })
})
