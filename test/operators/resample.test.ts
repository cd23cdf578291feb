import { fc, test } from '@fast-check/vitest'
import { map } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import { resample } from '../../src/operators/resample.js'
import { via } from '../../src/operators/via.js'
import { arbitraryInputs, checkLaws, epoch } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import type { Duration } from '../../src/time/index.js'
import { marbles, ordered, outputsOf, reading, second, seconds, series, smallStreams } from './small-streams.js'

const resampled = (every: Duration, method: 'hold' | 'linear', stale?: Duration): OperatorUnderTest<Reading> => (time) =>
  via('reading', resample(every, stale === undefined ? { method } : { method, stale }, time))

/** The readings of a series, the last one of each moment. */
const alone = (readings: readonly Reading[], machine: string, sensor: string): readonly Reading[] => {
  const own = readings.filter((each) => each.machine === machine && each.sensor === sensor)
  return own.filter((each, i) => own[i + 1]?.time !== each.time)
}

const withStale = fc.constantFrom(undefined, 1, 2, 4, 7)

describe('resample', () => {
  test.prop([smallStreams, fc.constantFrom(1, 2, 3, 5), withStale])('hold: at each point the last reading at or before it', (inputs, every, stale) => {
    const readings = ordered(inputs)
    const expected = seconds(inputs).filter((time) => time % (every * second) === 0).flatMap((time) => series.flatMap(({ machine, sensor }) => {
      const last = alone(readings, machine, sensor).filter((each) => each.time <= time).at(-1)
      return last !== undefined && time - last.time < (stale ?? Infinity) * second ? [{ ...last, time }] : []
    }))
    expect(outputsOf(resampled(`${every}s`, 'hold', stale === undefined ? undefined : `${stale}s`), inputs)).toEqual(expected)
  })

  test.prop([smallStreams, fc.constantFrom(1, 2, 3, 5), withStale])('linear: at each point between two readings what is on the line', (inputs, every, stale) => {
    const readings = ordered(inputs)
    const onGrid = (time: number): boolean => time % (every * second) === 0
    const expected = seconds(inputs).flatMap((time) => series.flatMap(({ machine, sensor }) => {
      const own = alone(readings, machine, sensor)
      const at = own.findIndex((each) => each.time === time)
      if (at < 0) return []
      const [from, to] = [own[at - 1], own[at]!]
      const points = from === undefined || to.time - from.time >= (stale ?? Infinity) * second ? []
        : seconds(inputs).filter((point) => onGrid(point) && point > from.time && point < time).map((point) => ({
          ...to, time: point,
          value: expect.closeTo(from.value + (to.value - from.value) * ((point - from.time) / (time - from.time)), 9) as number,
          quality: from.quality === 'good' && to.quality === 'good' ? 'good' : 'suspect',
        }))
      return onGrid(time) ? [...points, to] : points
    }))
    expect(outputsOf(resampled(`${every}s`, 'linear', stale === undefined ? undefined : `${stale}s`), inputs)).toEqual(expected)
  })

  test.each(['hold', 'linear'] as const)('%s: a series on the grid comes out as it went in', (method) => {
    const readings = [3, 1, 4, 1, 5].map((value, i) => reading(10 * i, 'm', 'x', value))
    expect(outputsOf(resampled('10s', method), readings)).toEqual(readings)
  })

  test('linear: values at the ends of what a number can be do not overflow', () => {
    const far = [reading(0, 'm', 'x', -Number.MAX_VALUE), reading(2, 'm', 'x', Number.MAX_VALUE)]
    expect(outputsOf(resampled('1s', 'linear'), far).map(({ value }) => value)).toEqual([-Number.MAX_VALUE, 0, Number.MAX_VALUE])
  })

  const noLongGaps = arbitraryInputs({ lateness: '5s' }).map((inputs) => inputs.map((item) => ({ ...item, time: epoch + ((item.time - epoch) % 7_200_000) })))

  test.each([['hold', '30s'], ['linear', '2m'], ['hold', '1ms']] as const)('%s keeps the laws, values held for %s', async (method, stale) => {
    expect(Object.values(await checkLaws(resampled('20s', method, stale), { inputs: noLongGaps }))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test.each(['hold', 'linear'] as const)('%s keeps the laws without stale', async (method) => {
    const exceptions = { eviction: 'without `stale` a value is held for ever' }
    expect(Object.values(await checkLaws(resampled('5m', method), { inputs: noLongGaps, exceptions }))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test.each([['hold', 10, '----a---b---c-------d--|'], ['linear', Infinity, '------p-----------(qrs)|']] as const)('the example: %s', (method, stale, shown) => {
    marbles(({ scheduler, hot, expectObservable }) => {
      const source = hot<number>('--1---3-----------5----|').pipe(map((value) => reading(0, 'm', 'x', Number(value))))
      const out = source.pipe(resample(4, { method, stale }, scheduler), map(({ time, value }) => [time, value]))
      expectObservable(out).toBe(shown, {
        a: [4, 1], b: [8, 3], c: [12, 3], d: [20, 5], p: [4, 2], q: [8, expect.closeTo(3 + 2 / 6)], r: [12, 4], s: [16, expect.closeTo(3 + 10 / 6)],
      })
    })
  })

  test.each([0, 0.5, Infinity])('a grid of %s ms is refused', (every) => expect(() => resample(every, { method: 'hold' })).toThrow(/^every: got .*, expected a whole number of milliseconds/))
})
