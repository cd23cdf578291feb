import { fc, test } from '@fast-check/vitest'
import { pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Verdict } from '../../src/model/index.js'
import { announce } from '../../src/operators/announce.js'
import { flood } from '../../src/operators/flood.js'
import type { FloodOptions } from '../../src/operators/flood.js'
import { alarmStreams, allEnded, outputsOf, reordered, stays, transition } from './alarm-streams.js'
import type { AlarmStream } from './alarm-streams.js'

const floods = (stream: AlarmStream, options: FloodOptions = {}): readonly Verdict[] => outputsOf((time) => flood(options, time), stream)

const streams = alarmStreams([0, 0, 0, 1, 1, 2, 3, 5, 10, 30])

/** Raised at these seconds, never cleared. */
const raised = (...seconds: readonly number[]): AlarmStream['alarms'] => seconds.map((second, i) => transition('m', `r${i}`, 'raised', second * 1000, second * 1000))

/** `count` of them in the first second. */
const atOnce = (count: number): AlarmStream['alarms'] => raised(...Array<number>(count).fill(0))

describe('flood', () => {
  test.prop([streams, fc.integer({ min: 1, max: 4 }), fc.nat(3), fc.constantFrom(5, 10, 30), fc.constantFrom('plant', 'machine')])(
    'is hysteresis over the count of the last so long, at each instant at which it can change', ({ alarms, time }, above, less, within, key) => {
      const below = Math.max(1, above - less)
      const all = alarms.filter(({ state }) => state === 'raised')
      const expected = (key === 'plant' ? ['plant'] : ['a', 'b', 'c']).flatMap((name) => {
        const its = all.filter(({ machine }) => key === 'plant' || machine === name)
        let on = false
        return [...new Set(its.flatMap((each) => [each.time, each.time + within * 1000]))].filter((at) => at <= time).sort((a, b) => a - b).flatMap((at): readonly Verdict[] => {
          const count = its.filter((each) => each.time > at - within * 1000 && each.time <= at).length
          if (on ? count >= below : count <= above) return []
          on = !on
          return [{ kind: 'verdict', time: at, machine: name, condition: 'flood', truth: on, margin: count - (on ? below : above + 1) }]
        })
      }).sort((a, b) => a.time - b.time || (a.machine < b.machine ? -1 : a.machine > b.machine ? 1 : 0))
      const seen = floods({ alarms, time }, { above, below, within: within * 1000, ...(key === 'machine' ? { key } : {}) })
      expect([...seen].sort((a, b) => a.time - b.time || (a.machine < b.machine ? -1 : a.machine > b.machine ? 1 : 0))).toEqual(expected)
    })

  test('begins with the eleventh in ten minutes', () => {
    expect(floods({ alarms: atOnce(10), time: 600_000 })).toEqual([])
    expect(floods({ alarms: [...atOnce(10), ...raised(599)], time: 599_000 })).toEqual([{ kind: 'verdict', time: 599_000, machine: 'plant', condition: 'flood', truth: true, margin: 6 }])
    expect(floods({ alarms: [...atOnce(10), ...raised(600)], time: 600_000 }), 'the first ten count no more').toEqual([])
  })

  test('ends when only four are left', () => {
    const alarms = [...atOnce(7), ...raised(100, 200, 300, 400)]
    expect(floods({ alarms, time: 900_000 }).map(({ time, truth }) => [time, truth])).toEqual([[400_000, true], [600_000, false]])
    expect(floods({ alarms: [...alarms, ...raised(600)], time: 699_999 }), 'one that comes just then is the fifth').toHaveLength(1)
  })

  test.prop([streams])('does not look at the order within an instant', (stream) => {
    const options: FloodOptions = { above: 2, below: 1, within: '10s', key: 'machine' }
    for (const other of reordered(stream)) expect(floods(other, options)).toEqual(floods(stream, options))
  })

  test.prop([streams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => flood({ key: 'machine' }, time), allEnded(stream), 600)).toBe(0)
  })

  test('announced, it is an alarm', () => {
    const alarms = outputsOf(
      (time) => pipe(flood({}, time), announce(({ truth }) => ({ rule: 'flood', severity: 'high', class: 'support', message: truth === true ? 'too many alarms' : 'quiet again' }), {}, time)),
      { alarms: atOnce(11), time: 600_000 })
    expect(alarms.map(({ machine, rule, state, time, occurrence }) => [machine, rule, state, time, occurrence])).toEqual([
      ['plant', 'flood', 'raised', 0, 'flood/plant/0'], ['plant', 'flood', 'cleared', 600_000, 'flood/plant/0'],
    ])
  })

  test.each<[FloodOptions, string]>([
    [{ above: 0 }, 'above: got 0, expected a whole number from 1 on'], [{ above: 2.5 }, 'above: got 2.5, expected a whole number from 1 on'],
    [{ above: 4 }, 'below: got 5, expected a whole number from 1 to 4'], [{ below: 0 }, 'below: got 0, expected a whole number from 1 to 10'],
  ])('%j is refused', (options, message) => expect(() => flood(options)).toThrow(new RangeError(message)))
})
