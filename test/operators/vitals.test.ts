import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Input, Reading, Verdict } from '../../src/model/index.js'
import { via } from '../../src/operators/via.js'
import { vitals } from '../../src/operators/vitals.js'
import type { VitalsOptions } from '../../src/operators/vitals.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { ordered, outputsOf, reading, second, seconds, series, smallStreams } from './small-streams.js'

const watched = (options: VitalsOptions): OperatorUnderTest<Verdict> => (time) => via('reading', vitals(options, time))

const sorted = (verdicts: readonly Verdict[]): readonly Verdict[] => {
  const text = ({ time, machine, condition, truth }: Verdict): string => `${time} ${machine} ${condition} ${truth}`
  return [...verdicts].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

/** Looked back for at each second: what was heard of it before the second, and with it. */
const missing = (inputs: readonly Input[], readings: readonly Reading[], machine: string, condition: string, silent: number): readonly Verdict[] =>
  seconds(inputs).flatMap((time): readonly Verdict[] => {
    const verdict = (truth: boolean, margin: number): readonly Verdict[] => [{ kind: 'verdict', time, machine, condition, truth, margin, since: truth ? time - silent : time }]
    const before = time - Math.max(-Infinity, ...readings.filter((each) => each.time < time).map((each) => each.time))
    const heard = readings.some((each) => each.time === time)
    if (heard) return before > silent && before < Infinity ? verdict(false, -silent) : []
    return before === silent ? verdict(true, 0) : []
  })

/** Looked back for at each reading: the run of same values that it ends. */
const stuck = (readings: readonly Reading[], machine: string, sensor: string, span: number, count: number): readonly Verdict[] => {
  const beyond = (upTo: readonly Reading[], time: number): number => {
    const last = upTo.at(-1)
    if (last === undefined || last.value === 0) return -1
    const run = upTo.slice(upTo.findLastIndex(({ value }) => value !== last.value) + 1)
    return run.length >= Math.max(2, count) && upTo.at(-1)!.time - run[0]!.time >= span ? time - run[0]!.time - span : -1
  }
  return readings.flatMap((each, i): readonly Verdict[] => {
    const verdict = (truth: boolean, margin: number): readonly Verdict[] => [{ kind: 'verdict', time: each.time, machine, condition: `stuck ${sensor}`, truth, margin, since: truth ? each.time - span - margin : each.time }]
    const was = beyond(readings.slice(0, i), each.time)
    const is = beyond(readings.slice(0, i + 1), each.time)
    if (is >= 0) return was >= 0 ? [] : verdict(true, is)
    return was >= 0 ? verdict(false, was) : []
  })
}

describe('vitals', () => {
  test.prop([smallStreams, fc.constantFrom(1, 2, 5, 12), fc.constantFrom(0, 1, 3, 10), fc.constantFrom(1, 2, 3)])('is what a look back at each second, and at each reading, finds', (inputs, silent, span, count) => {
    const readings = ordered(inputs)
    const of = (machine: string, sensor?: string): readonly Reading[] => readings.filter((each) => each.machine === machine && (sensor === undefined || each.sensor === sensor))
    const expected = [
      ...['a', 'b'].flatMap((machine) => missing(inputs, of(machine), machine, 'missing', silent * second)),
      ...series.flatMap(({ machine, sensor }) => missing(inputs, of(machine, sensor), machine, `missing ${sensor}`, silent * second)),
      ...series.flatMap(({ machine, sensor }) => stuck(of(machine, sensor), machine, sensor, span * second, count)),
    ]
    expect(sorted(outputsOf(watched({ silent: `${silent}s`, stuck: `${span}s`, count }), inputs))).toEqual(sorted(expected))
  })

  test('by default 2 minutes of silence, and 30 same readings in 10 minutes', () => {
    const same = (n: number, step: number): readonly Input[] => Array.from({ length: n }, (_, i) => reading(i * step, 'm', 'x', 7))
    const short = (inputs: readonly Input[]): readonly unknown[] => outputsOf(watched({}), inputs).map(({ time, condition }) => [time / second, condition])
    expect(short(same(29, 119))).toEqual([])
    expect(short(same(30, 119))).toEqual([[29 * 119, 'stuck x']])
    expect(short(same(599, 1))).toEqual([])
    expect(short(same(601, 1))).toEqual([[600, 'stuck x']])
    expect(short([reading(0, 'm', 'x', 7), { kind: 'tick', time: 119_000 }, reading(120, 'm', 'x', 7)])).toEqual([])
    expect(short([reading(0, 'm', 'x', 7), reading(121, 'm', 'x', 7)])).toEqual([[120, 'missing x'], [120, 'missing'], [121, 'missing'], [121, 'missing x']])
  })

  test('a machine that stands still is not stuck; a suspect value may be', () => {
    const seen = (value: number, quality: 'good' | 'suspect'): readonly Verdict[] => outputsOf(watched({ stuck: '1s', count: 2 }), [0, 1, 2].map((i) => reading(i, 'm', 'x', value, quality)))
    expect(seen(0, 'good')).toEqual([])
    expect(seen(1e9, 'suspect').map(({ condition }) => condition)).toEqual(['stuck x'])
  })

  test('0 is refused', () => {
    expect(() => vitals({ silent: 0 })).toThrow(/^silent: got 0, expected a duration above 0/)
  })
})
