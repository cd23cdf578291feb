import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading, Summary } from '../../src/model/index.js'
import { max } from '../../src/operators/aggregates/index.js'
import { countWindow, countWindowBehaviour } from '../../src/operators/count-window.js'
import { bySeries, collect, drive, expectCutsChangeNothing, expectDocumentedMarbles, reading, streams } from './window-streams.js'

/** Slices of a series. */
const sliced = (series: readonly Reading[], n: number, every: number, last: number): readonly Summary<readonly Reading[]>[] => {
  const slices: Summary<readonly Reading[]>[] = []
  const add = (values: readonly Reading[], rest: object): void => {
    const { machine, sensor, time: start } = values[0]!
    slices.push({ kind: 'summary', time: values.at(-1)!.time, machine, sensor, start, end: values.at(-1)!.time, values, ...rest })
  }
  let from = 0
  for (; from + n <= series.length; from += every) add(series.slice(from, from + n), {})
  const told = from === 0 ? 0 : from - every + n
  if (told < series.length) add(series.slice(from), { time: last, status: 'partial' })
  return slices
}

describe('countWindow', () => {
  test.prop([streams(), fc.constantFrom<[number, number]>([1, 1], [3, 3], [4, 2], [6, 2], [3, 1])])('makes the slices of each series', (readings, [n, every]) => {
    const outs = drive((time) => countWindow(n, { key: 'series', aggregate: collect, every }, time), readings)
    for (const series of bySeries(readings)) {
      const { machine, sensor } = series[0]!
      expect(outs.filter((out) => out.machine === machine && out.sensor === sensor)).toEqual(sliced(series, n, every, readings.at(-1)!.time))
    }
  })

  test.prop([streams(1.7e12)], { numRuns: 30 })('is the same after a save and a restore at any cut', (readings) => {
    expectCutsChangeNothing((time) => countWindow(4, { key: 'series', every: 2 }, time), readings)
  })

  test('runs the marbles of its documentation', () => {
    expectDocumentedMarbles('count-window.ts', (time) => countWindow(2, { key: 'series', aggregate: max() }, time))
  })

  test('keeps at most n / every parts, and nothing between windows that do not overlap', () => {
    const behaviour = countWindowBehaviour(6, { key: 'series', every: 2 })
    const state = behaviour.start('m/s', 0)
    for (let now = 0; now < 100; now++) {
      behaviour.next(state, reading(now), now, () => undefined)
      expect(state.panes.length).toBeLessThanOrEqual(3)
    }
    const alone = countWindowBehaviour(2, { key: 'series' })
    const other = alone.start('m/s', 0)
    alone.next(other, reading(0), 0, () => undefined)
    expect(alone.idle!(other, 0)).toBe(false)
    alone.next(other, reading(1), 1, () => undefined)
    expect(alone.idle!(other, 1)).toBe(true)
  })

  test('refuses what is not a count', () => {
    for (const n of [0, -1, 1.5, NaN, Infinity]) expect(() => countWindow(n, { key: 'series' })).toThrow(RangeError)
    for (const n of [0, -1, 1.5, NaN, Infinity]) expect(() => countWindow(n, { key: 'series', every: 1 })).toThrow(`countWindow: got a window of ${n} items, expected a whole number from 1`)
    expect(() => countWindow(3, { key: 'series', every: 1.5 })).toThrow(/of which 3/)
    for (const every of [0, 3, 8, 0.5, -2]) expect(() => countWindow(4, { key: 'series', every })).toThrow(/of which 4/)
  })
})
