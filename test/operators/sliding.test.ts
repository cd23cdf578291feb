import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import { max, slope, stats } from '../../src/operators/aggregates/index.js'
import { sliding, slidingBehaviour } from '../../src/operators/sliding.js'
import { bySeries, collect, drive, expectCutsChangeNothing, expectDocumentedMarbles, inOrderOfEmission, reading, streams } from './window-streams.js'

/** At each instant of a series, a look back over all of it. */
const lookedBack = (readings: readonly Reading[], size: number) =>
  inOrderOfEmission(
    bySeries(readings).flatMap((series) => {
      const { machine, sensor } = series[0]!
      return [...new Set(series.map(({ time }) => time))].map((now) => ({
        kind: 'summary' as const, time: now, machine, sensor, start: now - size, end: now, values: series.filter(({ time }) => time > now - size && time <= now),
      }))
    }),
  )

describe('sliding', () => {
  test.prop([streams(), fc.constantFrom(1, 5, 20, 100)])('looks back over what looking back over all gives', (readings, size) => {
    expect(drive((time) => sliding(size, { key: 'series', aggregate: collect }, time), readings)).toEqual(lookedBack(readings, size))
  })

  test.prop([streams(1.7e12)], { numRuns: 30 })('is the same after a save and a restore at any cut', (readings) => {
    expectCutsChangeNothing((time) => sliding(20, { key: 'series' }, time), readings)
  })

  test.prop([fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 })])('no error adds up: it is as near to the truth after many windows', (values) => {
    const readings = [...values, 1, 2, 4].map((value, i) => reading(1.7e12 + i * 1000, value))
    const { values: at } = drive((time) => sliding('3s', { key: 'series' }, time), readings).at(-1)!
    expect([at.count, at.min, at.max, at.first, at.last]).toEqual([3, 1, 4, 1, 4])
    expect(at.mean).toBeCloseTo(7 / 3, 12)
    expect(at.sd).toBeCloseTo(Math.sqrt(7 / 3), 12)
    expect(drive((time) => sliding('3s', { key: 'series', aggregate: slope() }, time), readings).at(-1)!.values).toBeCloseTo(1.5, 12)
  })

  test('runs the marbles of its documentation', () => {
    expectDocumentedMarbles('sliding.ts', (time) => sliding('3s', { key: 'series', aggregate: max() }, time))
  })

  test('gives one summary for all the values of an instant', () => {
    const outs = drive((time) => sliding(10, { key: 'machine' }, time), [reading(0, 1, 's'), reading(0, 2, 't'), reading(5, 3, 's')])
    expect(outs.map(({ time, values }) => [time, values.count, values.max])).toEqual([[0, 2, 2], [5, 3, 3]])
  })

  test('keeps one part for each instant in the window, and nothing after', () => {
    const behaviour = slidingBehaviour(10, { key: 'series', aggregate: stats() })
    const state = behaviour.start('m/s', 0)
    const nothing = (): void => undefined
    for (let now = 0; now < 1000; now++) {
      for (let n = 0; n < 5; n++) behaviour.next(state, reading(now, n), now, nothing)
      behaviour.wake!(state, now, nothing)
      expect(state.newer.length + state.older.length).toBeLessThan(10)
      expect([state.wakeAt, behaviour.idle!(state, now)]).toEqual([now + 10, false])
    }
    behaviour.wake!(state, 1009, nothing)
    expect(behaviour.idle!(state, 1009)).toBe(true)
    expect(state).toEqual(behaviour.start('m/s', 1009))
  })

  test('refuses a size below a millisecond', () => {
    expect(() => sliding(0, { key: 'series' })).toThrow(RangeError)
  })
})
