import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Verdict } from '../../src/model/index.js'
import { chattering } from '../../src/operators/chattering.js'
import type { ChatteringOptions } from '../../src/operators/chattering.js'
import { alarmStreams, allEnded, outputsOf, reordered, stays, transition } from './alarm-streams.js'
import type { AlarmStream } from './alarm-streams.js'

const chatters = (stream: AlarmStream, options: ChatteringOptions = {}): readonly Verdict[] => outputsOf((time) => chattering(options, time), stream)
const streams = alarmStreams([0, 1, 1, 2, 5, 10], { machines: ['a', 'b'] })

/** Raised at these seconds, for a second each time. */
const raised = (...seconds: readonly number[]): AlarmStream['alarms'] =>
  seconds.flatMap((second) => [transition('m', 'hot', 'raised', second * 1000, second * 1000), transition('m', 'hot', 'cleared', second * 1000 + 1000, second * 1000)])

describe('chattering', () => {
  test.prop([streams, fc.integer({ min: 2, max: 3 }), fc.constantFrom(5, 10, 20)])('begins with so many raises of a rule on a machine, ends when none is left', ({ alarms, time }, count, within) => {
    const expected: Verdict[] = []
    for (const machine of ['a', 'b'])
      for (const rule of ['hot', 'loud', 'lost', 'fire']) {
        const times = alarms.filter((each) => each.machine === machine && each.rule === rule && each.state === 'raised').map((each) => each.time)
        let until = -Infinity
        for (const at of times) {
          const verdict = (truth: boolean, when: number): Verdict => ({ kind: 'verdict', time: when, machine, condition: `chattering ${rule}`, truth, margin: truth ? count - 1 : -count })
          if (until > -Infinity && until < at) {
            expected.push(verdict(false, until))
            until = -Infinity
          }
          if (until > -Infinity) until = at + within * 1000
          else if (times.filter((each) => each > at - within * 1000 && each <= at).length === count) {
            expected.push(verdict(true, at))
            until = at + within * 1000
          }
          if (at === times.at(-1) && until > -Infinity && until <= time) expected.push(verdict(false, until))
        }
      }
    const sorted = (verdicts: readonly Verdict[]): readonly string[] => verdicts.map((each) => JSON.stringify(each)).sort()
    expect(sorted(chatters({ alarms, time }, { count, within: within * 1000 }))).toEqual(sorted(expected))
  })

  test('three in a minute, until a minute has gone without one', () => {
    expect(chatters({ alarms: raised(0, 30, 59), time: 200_000 }).map(({ time, condition, truth, margin }) => [time, condition, truth, margin])).toEqual([
      [59_000, 'chattering hot', true, 2], [119_000, 'chattering hot', false, -3],
    ])
    expect(chatters({ alarms: raised(0, 30, 60), time: 200_000 }), 'the first counts no more').toEqual([])
    expect(chatters({ alarms: raised(0, 10, 20, 80), time: 139_999 }), 'one that comes just then goes on').toHaveLength(1)
  })

  test.prop([streams])('does not look at the order within an instant', (stream) => {
    const options: ChatteringOptions = { count: 2, within: '10s' }
    for (const other of reordered(stream)) expect(chatters(other, options)).toEqual(chatters(stream, options))
  })

  test.prop([streams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => chattering({}, time), allEnded(stream), 60)).toBe(0)
  })

  test('one raise is no chattering', () => {
    expect(() => chattering({ count: 1 })).toThrow(new RangeError('count: got 1, expected a whole number from 2 on'))
  })
})
