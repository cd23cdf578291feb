import { fc, test } from '@fast-check/vitest'
import { describe, expect, expectTypeOf } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import {
  type Aggregate, combine, count, first, last, max, mean, min, quantile, rms, slope, standardDeviation, stats,
} from '../../src/operators/aggregates/index.js'
import { reading } from './window-streams.js'

const START = 1.7e12

type Values = readonly number[]

/** Readings a second apart. */
const readingsOf = (values: Values): readonly Reading[] => values.map((value, i) => reading(START + i * 1000, value))

function fold<State, Result>(aggregate: Aggregate<Reading, State, Result>, readings: readonly Reading[]): State {
  const state = aggregate.start()
  for (const each of readings) aggregate.add(state, each, each.time)
  return state
}

const resultOf = <Result>(aggregate: Aggregate<Reading, unknown, Result>, values: Values): Result => aggregate.result(fold(aggregate, readingsOf(values)))

const sum = (values: Values): number => values.reduce((total, each) => total + each, 0)
const naiveMean = (values: Values): number => sum(values) / values.length

/** Two passes over all values, in plain sight. */
const naive: Readonly<Record<string, (values: Values) => number>> = {
  count: (values) => values.length,
  min: (values) => values.reduce((a, b) => Math.min(a, b), values[0] ?? NaN),
  max: (values) => values.reduce((a, b) => Math.max(a, b), values[0] ?? NaN),
  first: (values) => values[0] ?? NaN,
  last: (values) => values.at(-1) ?? NaN,
  mean: naiveMean,
  standardDeviation: (values) => (values.length < 2 ? NaN : Math.sqrt(sum(values.map((each) => (each - naiveMean(values)) ** 2)) / (values.length - 1))),
  rms: (values) => Math.sqrt(naiveMean(values.map((each) => each * each))),
  slope: (values) => {
    const middle = (values.length - 1) / 2
    return sum(values.map((each, i) => (i - middle) * (each - naiveMean(values)))) / sum(values.map((_, i) => (i - middle) ** 2))
  },
}

const single: Readonly<Record<string, Aggregate<Reading, unknown, number>>> = {
  count: count(), min: min(), max: max(), first: first(), last: last(), mean: mean(), standardDeviation: standardDeviation(), rms: rms(), slope: slope(),
}

const every: Readonly<Record<string, Aggregate<Reading, unknown, unknown>>> = {
  ...single, quantile: quantile(0.9), stats: stats(), combine: combine({ rms: rms(), p50: quantile(0.5), all: stats(), perSecond: slope() }),
}

/** Equal to within 1e-9 of the size of what was aggregated; the squares of the least of all numbers have no digits to round to, so the root of a few of them is allowed. */
function expectNear(actual: unknown, expected: unknown, scale: number): void {
  if (typeof expected === 'number') {
    if (Number.isNaN(expected)) expect(actual).toBeNaN()
    else expect(Math.abs((actual as number) - expected), `${String(actual)} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(expected), scale) + Math.sqrt(1_000 * Number.MIN_VALUE))
    return
  }
  expect(Object.keys(actual as object)).toEqual(Object.keys(expected as object))
  for (const [name, value] of Object.entries(expected as object)) expectNear((actual as Record<string, unknown>)[name], value, scale)
}

const scaleOf = (values: Values): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)

const numbers = fc.oneof(
  fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 50 }),
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 50 }),
  fc.array(fc.double({ min: 1e9, max: 1e9 + 1, noNaN: true }), { maxLength: 50 }),
)

describe('each aggregate', () => {
  describe.each(Object.keys(single))('%s', (name) => {
    test.prop([numbers])('is what two passes over all values give', (values) => {
      expectNear(resultOf(single[name]!, values), naive[name]!(values), scaleOf(values) * (name === 'count' ? 0 : 1))
    })
  })

  describe.each(Object.keys(every))('%s', (name) => {
    const aggregate = every[name]!

    test.prop([numbers, fc.array(fc.nat(50), { maxLength: 4 })])('merged from parts is as if all had been added to one', (values, at) => {
      const readings = readingsOf(values)
      const cuts = [0, ...[...at].sort((a, b) => a - b), readings.length]
      const merged = aggregate.start()
      for (let i = 1; i < cuts.length; i++) {
        const part = fold(aggregate, readings.slice(cuts[i - 1], cuts[i]))
        const before = structuredClone(part)
        aggregate.merge(merged, part)
        expect(part).toEqual(before)
      }
      expectNear(aggregate.result(merged), aggregate.result(fold(aggregate, readings)), scaleOf(values))
    })

    test.prop([numbers, numbers])('its state is plain data, which a merge does not share and a result does not change', (some, others) => {
      const state = fold(aggregate, readingsOf(some))
      expect(structuredClone(state)).toEqual(state)
      const into = aggregate.start()
      aggregate.merge(into, state)
      const before = structuredClone(state)
      for (const each of readingsOf(others)) aggregate.add(into, each, each.time)
      aggregate.result(state)
      expect(state).toEqual(before)
    })

    test.prop([numbers])('suspect readings change nothing but their count', (values) => {
      const good = readingsOf(values)
      const mixed = good.flatMap((each) => [{ ...each, value: 1e9, quality: 'suspect' as const }, each])
      const plain = (result: unknown): string => JSON.stringify(result, (key, value: unknown) => (key === 'suspect' ? undefined : value))
      expect(plain(aggregate.result(fold(aggregate, mixed)))).toBe(plain(aggregate.result(fold(aggregate, good))))
    })
  })
})

describe('precision', () => {
  test('the deviation of values far from zero, where a sum of squares has no digits left', () => {
    expect(resultOf(standardDeviation(), [4, 7, 13, 16].map((each) => 1e9 + each))).toBeCloseTo(Math.sqrt(30), 9)
    expect(resultOf(stats(), [4, 7, 13, 16].map((each) => 1e9 + each)).sd).toBeCloseTo(Math.sqrt(30), 9)
  })

  test('the slope of a line at the size of epoch milliseconds, also where its parts are a year apart', () => {
    const line = (from: number): readonly Reading[] => Array.from({ length: 10 }, (_, i) => reading(from + i * 100, 20 + (from + i * 100 - START) * 0.5e-3))
    const aggregate = slope()
    const merged = fold(aggregate, line(START))
    expect(aggregate.result(merged)).toBeCloseTo(0.5, 12)
    aggregate.merge(merged, fold(aggregate, line(START + 365 * 86_400_000)))
    expect(aggregate.result(merged)).toBeCloseTo(0.5, 12)
  })

  test('the slope of one instant is not known', () => {
    expect(aggregateAt([1, 2, 3])).toBeNaN()
    function aggregateAt(values: Values): number {
      const aggregate = slope()
      return aggregate.result(fold(aggregate, values.map((value) => reading(START, value))))
    }
  })
})

describe('stats', () => {
  test.prop([numbers])('has what the single aggregates have', (values) => {
    const all = resultOf(stats(), values)
    for (const name of ['count', 'min', 'max', 'first', 'last'] as const) expect(all[name]).toBe(resultOf(single[name]!, values))
    expectNear(all.mean, resultOf(mean(), values), scaleOf(values))
    expectNear(all.sd, resultOf(standardDeviation(), values), 0)
  })

  test('with no good reading all but the counts is NaN', () => {
    const aggregate = stats()
    expect(aggregate.result(fold(aggregate, [reading(0, 1, 's', 'm', 'suspect')]))).toEqual({ count: 0, suspect: 1, min: NaN, max: NaN, mean: NaN, sd: NaN, first: NaN, last: NaN })
  })
})

describe('value', () => {
  test('reads any item, and leaves out what has no number', () => {
    const aggregate = combine({ n: count({ value: ({ x }: { x?: number }) => x }), top: max({ value: ({ x }: { x?: number }) => x }), p: quantile(1, { value: ({ x }: { x?: number }) => x }) })
    const state = aggregate.start()
    for (const x of [1, NaN, 3, Infinity, -Infinity]) aggregate.add(state, { x }, 0)
    aggregate.add(state, {}, 0)
    expect(aggregate.result(state)).toEqual({ n: 2, top: 3, p: 3 })
    expectTypeOf(aggregate.result(state)).toEqualTypeOf<{ readonly n: number; readonly top: number; readonly p: number }>()
    expectTypeOf(aggregate.add).parameter(1).toEqualTypeOf<{ x?: number }>()
    expectTypeOf(combine({ n: count(), all: stats() }).add).parameter(1).toEqualTypeOf<Reading>()
  })

  test('is needed where an item has no value of its own', () => {
    // @ts-expect-error a snapshot has many values
    void max<{ readonly values: object }>()
  })
})

describe('quantile', () => {
  test('zeros that come in by a merge count, and what is out of range is refused in words', () => {
    const half = quantile<Reading>(0.5)
    const into = fold(half, readingsOf([5, 6]))
    half.merge(into, fold(half, readingsOf([0, 0, 0])))
    expect(half.result(into)).toBe(0)
    expect(resultOf(quantile(0.5, { accuracy: 0.5 }), [1, 1, 1])).toBe(1)
    expect(() => quantile(2)).toThrow('quantile: got 2, expected a number from 0 to 1, such as 0.95')
  })

  test('suspect readings of both parts are counted by stats', () => {
    const all = stats()
    const part = (n: number) => fold(all as Aggregate<Reading, unknown, unknown>, readingsOf(Array<number>(n).fill(1)).map((each) => ({ ...each, quality: 'suspect' as const })))
    const into = part(2)
    ;(all as Aggregate<Reading, unknown, unknown>).merge(into, part(3))
    expect((all as Aggregate<Reading, unknown, unknown>).result(into)).toMatchObject({ suspect: 5 })
  })

  const sized = fc.oneof(
    fc.constant(0),
    fc.tuple(fc.constantFrom(-1, 1), fc.double({ min: -3, max: 5, noNaN: true })).map(([sign, power]) => sign * 10 ** power),
    fc.integer({ min: -20, max: 20 }),
  )

  test.prop([fc.array(sized, { minLength: 1, maxLength: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.001, 0.01, 0.05, 0.3)])(
    'is within its accuracy of the value of its rank', (values, q, accuracy) => {
      const ascending = [...values].sort((a, b) => a - b)
      const exact = ascending[Math.floor(q * (values.length - 1))]!
      expect(Math.abs(resultOf(quantile(q, { accuracy }), values) - exact)).toBeLessThanOrEqual(accuracy * Math.abs(exact) * (1 + 1e-9))
    })

  test.prop([fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 100 }), fc.array(fc.nat(), { minLength: 100, maxLength: 100 }), fc.constantFrom(0.01, 0.3)])(
    'any numbers: its memory is bounded, and neither order nor parts matter', (values, keys, accuracy) => {
      const aggregate = quantile(0.5, { accuracy })
      const state = fold(aggregate, readingsOf(values))
      expect(state.positive.counts.length).toBeLessThanOrEqual(21 / accuracy / 2)
      expect(state.negative.counts.length).toBeLessThanOrEqual(21 / accuracy / 2)
      expect(sum(state.positive.counts) + sum(state.negative.counts) + state.zeros).toBe(values.length)
      const shuffled = values.map((value, i) => [keys[i]!, value] as const).sort(([a], [b]) => a - b).map(([, value]) => value)
      expect(fold(aggregate, readingsOf(shuffled))).toEqual(state)
      const halves = fold(aggregate, readingsOf(values.slice(0, values.length >> 1)))
      aggregate.merge(halves, fold(aggregate, readingsOf(values.slice(values.length >> 1))))
      expect(halves).toEqual(state)
    })

  test('what is a thousand-millionth of the greatest, or less, is told as no more than about that', () => {
    expect(resultOf(quantile(0.5), [1e-300, 1e-200, 1e-100, 1, 1e3])).toBeLessThanOrEqual(1e3 * 1e-9 * 1.05)
    expect(resultOf(quantile(0.75), [1e-300, 1e-200, 1e-100, 1, 1e3])).toBeCloseTo(1, 1)
  })

  test('a constant signal, the smallest and the greatest are exact', () => {
    expect(resultOf(quantile(0.95), [71.3, 71.3, 71.3])).toBe(71.3)
    expect([resultOf(quantile(0), [3, -1.7, 9.1]), resultOf(quantile(1), [3, -1.7, 9.1])]).toEqual([-1.7, 9.1])
    expect(resultOf(quantile(0.5), [])).toBeNaN()
  })

  test('refuses what is not a quantile', () => {
    for (const q of [-0.1, 1.1, 95, NaN]) expect(() => quantile(q)).toThrow(RangeError)
    for (const accuracy of [0, 0.0001, 0.6, NaN]) expect(() => quantile(0.5, { accuracy })).toThrow(/accuracy/)
  })
})
