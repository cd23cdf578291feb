import { fc, test } from '@fast-check/vitest'
import {
  above, absolute, age, atOrAbove, baseline, below, choice, clamped, deviationOver, difference, during, ewma, hours, i2t, inside, judge, machines, machineState, maxOver, meanOver, minOver, missing, NEVER, ownSignal, ownSignals, product, quantileOver, rate, ratio, rising, rmsOver, rule, scaled, starts, stopped, sum, timeOfDay, timeTo,
} from 'motorwatch/rules'
import type { Condition, Judgement, JudgeOptions, Signal } from 'motorwatch/rules'
import * as t from 'io-ts'
import { describe, expect } from 'vitest'

/** One sensor, x, at whole milliseconds: they stand for whatever time. NaN: suspect. */
interface Sample {
  readonly at: number
  readonly x: number
}

const END = 60

interface Seen {
  readonly at: number
  readonly truth: number
  readonly margin: number
}

/** Judges as the operators do: when a sample comes and when the judgement asks for it. */
function run(condition: Condition, samples: readonly Sample[], options: JudgeOptions = {}, look: (judgement: Judgement) => void = () => undefined): readonly Seen[] {
  const { sensors, add, frame } = judge(Infinity, options)
  const judgement = add(condition)
  const state = frame('m', samples[0]!.at)
  const index = sensors.get('x')
  const seen: Seen[] = []
  for (let now = samples[0]!.at, next = 0; now <= END; ) {
    if (samples[next]?.at === now) {
      if (index !== undefined) {
        state.values[index] = samples[next]!.x
        state.times[index] = now
      }
      next++
    }
    judgement.judge(state, now)
    look(judgement)
    seen.push({ at: now, truth: judgement.truth, margin: judgement.margin })
    expect(judgement.wakeAt).toBeGreaterThan(now)
    now = Math.min(judgement.wakeAt, samples[next]?.at ?? Infinity)
  }
  return seen
}

/** The values of a signal, at the moments at which it is judged. */
const values = (signal: Signal, samples: readonly Sample[], options?: JudgeOptions): readonly { readonly at: number; readonly value: number }[] => run(above(signal, 0), samples, options).map(({ at, margin }) => ({ at, value: margin }))

const held = (samples: readonly Sample[], at: number): number => samples.findLast((sample) => sample.at <= at)?.x ?? NaN
/** The value in each of the `length` milliseconds before `at`. */
const lately = (samples: readonly Sample[], at: number, length: number): readonly number[] => Array.from({ length }, (_, i) => held(samples, at - length + i))
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length

const WINDOW = 10
const definitions: Readonly<Record<string, readonly [Signal, (samples: readonly Sample[], at: number) => number]>> = {
  mean: [meanOver(WINDOW, 'x'), (samples, at) => mean(lately(samples, at, WINDOW))],
  RMS: [rmsOver(WINDOW, 'x'), (samples, at) => Math.sqrt(mean(lately(samples, at, WINDOW).map((x) => x * x)))],
  deviation: [deviationOver(WINDOW, 'x'), (samples, at) => {
    const list = lately(samples, at, WINDOW)
    return Math.sqrt(mean(list.map((x) => (x - mean(list)) ** 2)))
  }],
  min: [minOver(WINDOW, 'x'), (samples, at) => Math.min(...lately(samples, at, WINDOW), held(samples, at))],
  max: [maxOver(WINDOW, 'x'), (samples, at) => Math.max(...lately(samples, at, WINDOW), held(samples, at))],
  rate: [rate(WINDOW, 'x'), (samples, at) => ((held(samples, at) - held(samples, at - WINDOW)) * 1000) / WINDOW],
}

const streams = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.oneof({ weight: 12, arbitrary: fc.integer({ min: -3, max: 3 }) }, { weight: 1, arbitrary: fc.constant(NaN) })), { minLength: 1, maxLength: 14 })
  .map((steps) => {
    let at = 0
    return steps.map(([gap, x]): Sample => ({ at: (at += gap), x }))
  })
/** Large values that differ little, where sums lose their digits. */
const heavy = streams.map((samples) => samples.map(({ at, x }) => ({ at, x: 1e9 + x / 8 })))

describe.each(Object.entries(definitions))('%s over a time', (_name, [signal, defined]) => {
  test.prop([fc.oneof(streams, heavy)], { numRuns: 300 })('is what it is by definition, whenever it is judged', (samples) => {
    for (const { at, value } of values(signal, samples)) {
      const wanted = [...lately(samples, at, WINDOW), held(samples, at)].some(Number.isNaN) ? NaN : defined(samples, at)
      if (Number.isNaN(wanted)) expect(value).toBeNaN()
      else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)))
    }
  })
})

/** What the condition is at each millisecond, by what was seen of it last. */
const timeline = (seen: readonly Seen[], from: number): readonly number[] => Array.from({ length: END - from + 1 }, (_, i) => seen.findLast(({ at }) => at <= from + i)!.truth)

describe('a condition turns at the very moment, to the millisecond', () => {
  test.prop([streams, fc.integer({ min: -5, max: 5 }).map((n) => n / 2 + 1 / 128)], { numRuns: 300 })('on a mean', (samples, limit) => {
    const from = samples[0]!.at
    const wanted = Array.from({ length: END - from + 1 }, (_, i) => {
      const value = mean(lately(samples, from + i, WINDOW))
      return Number.isNaN(value) || Number.isNaN(held(samples, from + i)) ? 2 : value > limit ? 1 : 0
    })
    expect(timeline(run(above(meanOver(WINDOW, 'x'), limit), samples), from)).toEqual(wanted)
  })

  test.prop([streams, fc.constantFrom(...(['minOver', 'maxOver', 'rate'] as const)), fc.integer({ min: -3, max: 3 })], { numRuns: 300 })('on what jumps', (samples, op, limit) => {
    const [signal, defined] = definitions[{ minOver: 'min', maxOver: 'max', rate: 'rate' }[op]]!
    const from = samples[0]!.at
    const wanted = Array.from({ length: END - from + 1 }, (_, i) => {
      const value = [...lately(samples, from + i, WINDOW), held(samples, from + i)].some(Number.isNaN) ? NaN : defined(samples, from + i)
      return Number.isNaN(value) ? 2 : value >= limit ? 1 : 0
    })
    expect(timeline(run(atOrAbove(signal, limit), samples), from)).toEqual(wanted)
  })

  test.prop([streams, fc.integer({ min: 1, max: 20 })])('on the age of a sensor, and where it is missing', (samples, limit) => {
    const from = samples[0]!.at
    const ages = Array.from({ length: END - from + 1 }, (_, i) => from + i - samples.findLast(({ at }) => at <= from + i)!.at)
    expect(timeline(run(above(scaled(age('x'), 1000), limit), samples), from)).toEqual(ages.map((is) => (is > limit ? 1 : 0)))
    expect(timeline(run(missing('x', limit), samples), from)).toEqual(ages.map((is) => (is >= limit ? 1 : 0)))
  })

  test.prop([streams, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 })], { numRuns: 300 })('on a rise', (samples, length, by) => {
    const from = samples[0]!.at
    const wanted = Array.from({ length: END - from + 1 }, (_, i) => {
      const [list, is] = [lately(samples, from + i, length), held(samples, from + i)]
      const rise = is - Math.min(is, ...list.filter((x) => !Number.isNaN(x)))
      return rise > by ? 1 : list.some(Number.isNaN) || Number.isNaN(is) ? 2 : 0
    })
    expect(timeline(run(rising('x', by, length), samples), from)).toEqual(wanted)
  })
})

describe('quantiles', () => {
  test.prop([fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { minLength: 1, maxLength: 14 }), fc.constantFrom(0, 0.1, 0.5, 0.9, 1)], { numRuns: 300 })('are within 1 % of one that is right', (steps, q) => {
    let at = 0
    const samples = steps.map(([gap, x]) => ({ at: (at += gap), x }))
    for (const { at: now, value } of values(quantileOver(WINDOW, 'x', q), samples)) {
      const list = [...lately(samples, now, WINDOW)].sort((a, b) => a - b)
      if (list.some(Number.isNaN)) {
        expect(value).toBeNaN()
        continue
      }
      // At a step any value between its two ends is a quantile.
      const ends = [list[Math.max(0, Math.ceil(q * WINDOW) - 1)]!, list[Math.min(WINDOW - 1, Math.floor(q * WINDOW))]!]
      const near = (wanted: number): boolean => Math.abs(value - wanted) <= 0.0101 * Math.abs(wanted) + 1e-9
      expect(ends.some(near) || (value >= ends[0]! && value <= ends[1]!)).toBe(true)
    }
  })
})

const at = (...pairs: readonly (readonly [number, number])[]): readonly Sample[] => pairs.map(([time, x]) => ({ at: time, x }))
const last = (signal: Signal, samples: readonly Sample[], options?: JudgeOptions): number => values(signal, samples, options).at(-1)!.value

describe('signals', () => {
  test('arithmetic', () => {
    const samples = at([1, -3])
    expect(last(difference('x', 2), samples)).toBe(-5)
    expect(last(sum('x', 2, 'x'), samples)).toBe(-4)
    expect(last(product('x', 2, 'x'), samples)).toBe(18)
    expect(last(ratio('x', 2), samples)).toBe(-1.5)
    expect(last(ratio('x', sum('x', 3)), samples)).toBeNaN()
    expect(last(absolute('x'), samples)).toBe(3)
    expect(last(scaled('x', -2), samples)).toBe(6)
    expect(last(clamped('x', -1, 1), samples)).toBe(-1)
    expect(last(choice(below('x', 0), 10, 20), samples)).toBe(10)
    expect(last(choice(above('x', 0), 10, 20), samples)).toBe(20)
    expect(last(choice(above('x', 0), 10, 20), at([1, NaN]))).toBeNaN()
  })

  test('an EWMA goes two thirds of the way in one time constant, and begins again after something unknown', () => {
    const samples = at([0, 0], [10, 8], [20, 8], [30, NaN], [31, 5])
    const found = values(ewma(10, 'x'), samples)
    expect(found.find(({ at: time }) => time === 20)!.value).toBeCloseTo(8 * (1 - Math.exp(-1)), 12)
    expect(found.slice(-2).map(({ value }) => value)).toEqual([NaN, 5])
  })

  test('I2t is 1 at the rated current, and 1.21 at a tenth above it, in the end', () => {
    expect(last(i2t('x', 20, 5), at([0, 20], [50, 20]))).toBeCloseTo(1, 12)
    expect(last(i2t('x', 20, 1), at([0, 20], [1, 22], [60, 22]))).toBeCloseTo(1.21, 9)
  })

  test('hours and starts count what was seen', () => {
    const samples = at([0, 0], [10, 1], [20, 0], [30, NaN], [40, 1], [50, 0], [55, 1])
    expect(last(hours(above('x', 0)), samples) * 3_600_000).toBeCloseTo(20, 6)
    const found = values(starts(30, above('x', 0)), samples)
    expect(found.map(({ at: time, value }) => [time, value])).toEqual([[0, 0], [10, 1], [20, 1], [30, 1], [40, 0], [50, 0], [55, 1]])
  })

  test('a baseline is the mean of what it was shown, frozen', () => {
    const found = values(baseline(20, 'x'), at([0, 1], [5, NaN], [10, 2], [30, 100], [40, 7]))
    expect(found.map(({ at: time, value }) => [time, value])).toEqual([[0, NaN], [5, NaN], [10, NaN], [25, 1.75], [30, 1.75], [40, 1.75]])
    expect(last(baseline(10, 'x', above('x', 5)), at([0, 1], [10, 6], [15, 1], [20, 8], [30, 1]))).toBeCloseTo(7, 12)
  })

  test('time to a limit', () => {
    const ramp = Array.from({ length: 30 }, (_, i) => [i, i] as const)
    const at29 = (limit: number): number => values(timeTo('x', limit, 10), at(...ramp)).find(({ at: time }) => time === 29)!.value
    // there it is at 29 and gains 1 a millisecond
    expect(at29(39)).toBeCloseTo(0.01, 12)
    expect(at29(29)).toBe(0)
    expect(at29(10)).toBe(NEVER)
    expect(last(timeTo('x', 10, 10), at([0, 1], [59, 1]))).toBe(NEVER)
  })

  test('the state of a machine: a start, a run, a stop, and a current that is not believed', () => {
    const of = { of: 'x', off: 1, on: 2, starting: 5 } as const
    const found = values(machineState({ ...of, unless: above('x', 1e9) }), at([0, 0], [10, 9], [20, 1.5], [25, 0], [30, 1.5], [40, NaN], [41, 9], [50, 9]))
    expect(found.map(({ at: time, value }) => [time, value])).toEqual([[0, 0], [10, 1], [15, 2], [20, 2], [25, 0], [30, 0], [40, NaN], [41, NaN], [46, 2], [50, 2]])
    expect(run(stopped({ ...of, unless: inside('x', -1, 1) }), at([0, 0])).at(-1)!.truth).toBe(2)
  })

  test('time of day and calendars, over a change of the clock', () => {
    const from = Date.UTC(2026, 2, 28, 20) // a Saturday in Berlin, 21:00; the clock is put forward on Sunday at 02:00
    const night = during('22:00', '06:00', { zone: 'Europe/Berlin', days: ['sat'] })
    const { add, frame } = judge(Infinity)
    const [judgement, clock] = [add(night), add(above(timeOfDay('Europe/Berlin'), 0))]
    const state = frame('m', from)
    const turns: string[] = []
    let before = -1
    for (let now = from; now < from + 24 * 3_600_000; now = judgement.wakeAt) {
      judgement.judge(state, now)
      if (judgement.truth !== before) turns.push(`${new Date(now).toISOString().slice(8, 16)} ${judgement.truth}`)
      before = judgement.truth
    }
    expect(turns).toEqual(['28T20:00 0', '28T21:00 1', '29T04:00 0'])
    clock.judge(state, Date.UTC(2026, 2, 29, 0, 30))
    expect(clock.margin).toBe(1.5)
    clock.judge(state, Date.UTC(2026, 2, 29, 1, 30))
    expect(clock.margin).toBe(3.5)
    const holiday = judge(Infinity).add(during('00:00', '24:00', { zone: 'UTC', except: ['2026-12-25'] }))
    holiday.judge(frame('m', 0), Date.UTC(2026, 11, 25, 12))
    expect([holiday.truth, holiday.margin]).toEqual([0, -12])
  })

  test('parameters of the machine; one that it has not is unknown', () => {
    const known = machines({ id: 'm', nameplate: { ratedCurrent: 20 }, parameters: { limit: 7 } })
    expect(last(difference('x', '$ratedCurrent * 1.1'), at([0, 25]), { machines: known })).toBeCloseTo(3, 12)
    expect(last('$limit', at([0, 25]), { machines: known })).toBe(7)
    expect(last('$ratedPower', at([0, 25]), { machines: known })).toBeNaN()
    expect(() => rule({ id: 'r', when: above('x', '$rated * x') })).toThrow(/is no parameter/)
  })

  test("a user's own signal, with its parameters checked", () => {
    const peak = ownSignal({
      name: 'peak',
      params: t.type({ decay: t.number }),
      start: () => ({ value: -Infinity }),
      next: (state, [value = NaN], _now, { decay }) => (state.value = Math.max(value, state.value - decay)),
    })
    const signals = ownSignals([peak.definition])
    expect(values(peak({ decay: 1 }, 'x'), at([0, 5], [1, 0], [2, 0]), { signals }).map(({ value }) => value)).toEqual([5, 4, 3])
    expect(() => judge(1).add(above(peak({ decay: 1 }, 'x'), 0))).toThrow(/peak\(x, \{"decay":1\}\) above 0: the signal 'peak' is not known here/)
    expect(() => judge(1, { signals }).add(above({ op: 'own', name: 'peak', params: {}, of: ['x'] }, 0))).toThrow(/parameters of the signal 'peak' are \{\}/)
  })
})
