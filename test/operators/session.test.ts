import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading, Summary } from '../../src/model/index.js'
import { count } from '../../src/operators/aggregates/index.js'
import { session } from '../../src/operators/session.js'
import { bySeries, collect, drive, expectCutsChangeNothing, expectDocumentedMarbles, inOrderOfEmission, reading, streams } from './window-streams.js'

/** Runs of a series, split where two readings are `gap` or more apart. */
const split = (readings: readonly Reading[], gap: number): readonly Summary<readonly Reading[]>[] => {
  const last = readings.at(-1)?.time ?? -Infinity
  return inOrderOfEmission(
    bySeries(readings).flatMap((series) => {
      const runs: Reading[][] = []
      series.forEach((each, i) => {
        if (i === 0 || each.time - series[i - 1]!.time >= gap) runs.push([each])
        else runs.at(-1)!.push(each)
      })
      return runs.map((values) => {
        const { machine, sensor, time: start } = values[0]!
        const end = values.at(-1)!.time + gap
        return { kind: 'summary' as const, time: Math.min(end, last), machine, sensor, start, end, values, ...(end > last ? { status: 'partial' as const } : undefined) }
      })
    }),
  )
}

describe('session', () => {
  test.prop([streams(), fc.constantFrom(1, 5, 10, 30)])('makes the runs that splitting at the gaps makes', (readings, gap) => {
    expect(drive((time) => session(gap, { key: 'series', aggregate: collect }, time), readings)).toEqual(split(readings, gap))
  })

  test.prop([streams(1.7e12)], { numRuns: 30 })('is the same after a save and a restore at any cut', (readings) => {
    expectCutsChangeNothing((time) => session(10, { key: 'series', early: 3 }, time), readings)
  })

  test('runs the marbles of its documentation', () => {
    expectDocumentedMarbles('session.ts', (time) => session('3s', { key: 'series', aggregate: count() }, time))
  })

  test('shows what an open session has so far, each `early` from its start', () => {
    const outs = drive((time) => session(10, { key: 'series', aggregate: count(), early: 4 }, time), [reading(1), reading(2), reading(5), reading(9)], { until: 30 })
    expect(outs.map(({ time, start, end, values, status }) => [time, start, end, values, status])).toEqual([
      [5, 1, 12, 2, 'early'], [9, 1, 15, 3, 'early'], [13, 1, 19, 4, 'early'], [17, 1, 19, 4, 'early'], [19, 1, 19, 4, undefined],
    ])
  })

  test('a reading exactly a gap later begins a new session', () => {
    const outs = drive((time) => session(10, { key: 'series', aggregate: count() }, time), [reading(0), reading(9), reading(19)], { until: 40 })
    expect(outs.map(({ start, end, values }) => [start, end, values])).toEqual([[0, 19, 2], [19, 29, 1]])
  })

  test('refuses a gap below a millisecond', () => {
    expect(() => session(0, { key: 'series' })).toThrow(/gap of a window/)
  })
})
