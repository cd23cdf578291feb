import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading, Summary } from '../../src/model/index.js'
import { max } from '../../src/operators/aggregates/index.js'
import { hopping } from '../../src/operators/hopping.js'
import { tumbling } from '../../src/operators/tumbling.js'
import { bySeries, collect, drive, expectCutsChangeNothing, expectDocumentedMarbles, inOrderOfEmission, reading, streams } from './window-streams.js'

/** Every window that holds a reading, by trying all that could. */
function grouped(readings: readonly Reading[], size: number, hop: number, offset: number): readonly Summary<readonly Reading[]>[] {
  const last = readings.at(-1)?.time ?? -Infinity
  return inOrderOfEmission(
    bySeries(readings).flatMap((series) => {
      const { machine, sensor } = series[0]!
      const starts = new Set<number>()
      for (const { time } of series) for (let start = Math.floor((time - offset) / hop) * hop + offset; start > time - size; start -= hop) starts.add(start)
      return [...starts].map((start) => ({
        kind: 'summary' as const, time: Math.min(start + size, last), machine, sensor, start, end: start + size,
        values: series.filter(({ time }) => time >= start && time < start + size),
        ...(start + size > last ? { status: 'partial' as const } : undefined),
      }))
    }),
  )
}

describe('hopping', () => {
  test.prop([streams(), fc.constantFrom(1, 2, 3, 7), fc.constantFrom(5, 10), fc.constantFrom(0, 3)])('makes the windows that grouping makes', (readings, panes, hop, offset) => {
    const outs = drive((time) => hopping(panes * hop, hop, { key: 'series', aggregate: collect, offset }, time), readings)
    expect(outs).toEqual(grouped(readings, panes * hop, hop, offset))
  })

  test.prop([streams(1.7e12)], { numRuns: 30 })('is the same after a save and a restore at any cut', (readings) => {
    expectCutsChangeNothing((time) => hopping(30, 10, { key: 'series' }, time), readings)
  })

  test.prop([streams()])('with one pane is tumbling', (readings) => {
    const one = drive((time) => hopping(10, 10, { key: 'machine' }, time), readings)
    const other = drive((time) => tumbling(10, { key: 'machine' }, time), readings)
    expect(one.map(({ start, status, values }) => [start, status, values.count, values.suspect, values.min, values.last]))
      .toEqual(other.map(({ start, status, values }) => [start, status, values.count, values.suspect, values.min, values.last]))
  })

  test('runs the marbles of its documentation', () => {
    expectDocumentedMarbles('hopping.ts', (time) => hopping('6s', '3s', { key: 'series', aggregate: max() }, time))
  })

  test('two days by one day in Berlin are two calendar days: 47 hours across the change', () => {
    const readings = Array.from({ length: 80 }, (_, i) => reading(Date.parse('2026-03-27T23:00Z') + i * 3_600_000))
    const outs = drive((time) => hopping('2d', '1d', { key: 'series', zone: 'Europe/Berlin' }, time), readings)
    expect(outs.map(({ start, end, values, status }) => [new Date(start).toISOString().slice(5, 13), (end - start) / 3_600_000, values.count, status])).toEqual([
      ['03-26T23', 48, 24, undefined], ['03-27T23', 47, 47, undefined], ['03-28T23', 47, 47, undefined], ['03-29T22', 48, 33, 'partial'], ['03-30T22', 48, 9, 'partial'],
    ])
  })

  test('all windows that are open when the data end go out, however many, and quickly', () => {
    const outs = drive((time) => hopping('1h', '1s', { key: 'series' }, time), [reading(0)])
    expect(outs.map(({ end, status }) => [end, status])).toEqual(Array.from({ length: 3600 }, (_, i) => [(i + 1) * 1000, 'partial']))
  })

  test('refuses a size that is not a multiple of the hop, when it is built', () => {
    expect(() => hopping('1m', '7s', { key: 'series' })).toThrow('a size of 1m is not a multiple of the hop of 7s, expected one such as 1m3s')
    expect(() => hopping('1m', '2m', { key: 'series' })).toThrow(RangeError)
    expect(() => hopping('1m', 0, { key: 'series' })).toThrow(/hop of a window/)
    expect(() => hopping('2d', '1d', { key: 'series', zone: 'Nowhere' })).toThrow(/"Nowhere"/)
  })
})
