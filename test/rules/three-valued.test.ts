import { fc, test } from '@fast-check/vitest'
import {
  above, absolute, all, any, atLeast, atOrAbove, atOrBelow, below, choice, clamped, difference, followedBy, heldFor, hysteresis, inside, judge, maxOver, meanOver, minOver, not, outside, rate, rising, running, sensorsOf, since, starting, stopped, stuck, within,
} from 'motorwatch/rules'
import type { Condition, Signal } from 'motorwatch/rules'
import { describe, expect } from 'vitest'
import { completions, holds } from './completions.js'
import type { Trace } from './completions.js'

const SECOND = 1000
/** What lies before the first reading is unknown; no condition here looks back further. */
const HISTORY = 2
/** Below, at, between and above the limits, which are 0 and 1. */
const VALUES = [-1, 0, 0.5, 1, 2]
const LENGTH = 4

/** What the judge says at each second of the trace, from the end of its history on. */
function judged(condition: Condition, trace: Trace): readonly number[] {
  const { sensors, add, frame } = judge(Infinity)
  const judgement = add(condition)
  const state = frame('m', 0)
  return Array.from({ length: LENGTH }, (_, second) => {
    for (const [sensor, index] of sensors) {
      state.values[index] = trace[sensor]![HISTORY + second]!
      state.times[index] = second * SECOND
    }
    judgement.judge(state, second * SECOND)
    return judgement.truth
  })
}

/** What all completions agree on, 2 where they do not. */
function agreed(condition: Condition, trace: Trace): readonly number[] {
  const seen = Array.from({ length: LENGTH }, () => new Set<boolean>())
  for (const filled of completions(trace, VALUES)) {
    for (const [second, found] of seen.entries()) if (found.size < 2) found.add(holds(condition, filled, HISTORY + second))
    if (seen.every(({ size }) => size === 2)) break
  }
  return seen.map((found) => (found.size === 2 ? 2 : found.has(true) ? 1 : 0))
}

const known = fc.constantFrom(...VALUES)
/** Few unknown ones: the completions are counted in powers. */
const values = fc.array(fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: fc.constant(NaN) }), { minLength: LENGTH, maxLength: LENGTH })
  .filter((list) => list.filter(Number.isNaN).length <= 2)
const before = Array.from({ length: HISTORY }, () => NaN)

const limit = fc.constantFrom(0, 1)
const limited = (signal: fc.Arbitrary<Signal>): fc.Arbitrary<Condition> =>
  fc.tuple(signal, limit, fc.constantFrom(above, below, atOrAbove, atOrBelow, outside, inside)).map(([of, at, op]) => (op === outside || op === inside ? op(of, at - 1, at) : (op as typeof above)(of, at)))

/**
 * Conditions of leaves that each have a sensor of their own, looking back two seconds at most. A leaf that has a memory (hysteresis) is not put where it is looked at
 * at two moments in opposite senses (followedBy): there it is no threshold on single values.
 */
const composed = (leaf: (sensor: string) => fc.Arbitrary<Condition>): fc.Arbitrary<Condition> => {
  const wrapped = (of: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> => fc.oneof(
    of,
    of.map(not),
    fc.tuple(fc.constantFrom('1s', '2s' as const), fc.constantFrom(heldFor, within), of).map(([time, op, part]) => op(time, part)),
    fc.tuple(fc.constantFrom(heldFor, within), fc.constantFrom(heldFor, within), of).map(([a, b, part]) => a('1s', not(b('1s', part)))),
  )
  const [x, y, z] = ['x', 'y', 'z'].map((sensor) => wrapped(leaf(sensor))) as [fc.Arbitrary<Condition>, fc.Arbitrary<Condition>, fc.Arbitrary<Condition>]
  return fc.oneof(
    x,
    fc.tuple(x, y, fc.constantFrom(all, any)).map(([a, b, op]) => op(a, b)),
    fc.tuple(leaf('x'), leaf('y')).map(([a, b]) => since(a, b)),
    fc.tuple(leaf('x'), limited(fc.constant('y')), fc.constantFrom('1s', '2s' as const)).map(([a, b, time]) => followedBy(a, b, time)),
    fc.tuple(leaf('x'), leaf('y'), leaf('z'), fc.constantFrom(1, 2, 3)).map(([a, b, c, k]) => atLeast(k, a, b, c)),
    fc.tuple(leaf('x'), leaf('y'), z, fc.constantFrom(1, 2)).map(([a, b, c, k]) => atLeast(k, all(a, b), c)),
  )
}

const traceOf = (condition: Condition): fc.Arbitrary<Trace> => {
  const sensors = sensorsOf(condition)
  // Three sensors have no unknown reading but the ones before the first: 5 ** 6 completions are enough.
  const list = sensors.length > 2 ? fc.array(known, { minLength: LENGTH, maxLength: LENGTH }) : values
  return fc.record(Object.fromEntries(sensors.map((sensor) => [sensor, list.map((each) => [...before, ...each])])))
}
const cases = (conditions: fc.Arbitrary<Condition>): fc.Arbitrary<readonly [Condition, Trace]> =>
  conditions.chain((condition) => traceOf(condition).map((trace) => [condition, trace] as const)).filter(([, trace]) => 5 ** Object.values(trace).flat().filter(Number.isNaN).length <= 5 ** 6)

describe('an unknown may be anything', () => {
  const threshold = (sensor: string): fc.Arbitrary<Condition> => fc.oneof(
    { weight: 4, arbitrary: limited(fc.constant(sensor)) },
    { weight: 1, arbitrary: fc.constantFrom({ on: 1, off: 0 }, { on: 0, off: 1 }).map((ends) => hysteresis(sensor, ends)) },
  )

  test.prop([cases(composed(threshold))], { numRuns: 400 })('over thresholds on single values, no sensor twice, a verdict is known exactly where all completions agree', ([condition, trace]) => {
    expect(judged(condition, trace)).toEqual(agreed(condition, trace))
  })

  const signal = (sensor: string): fc.Arbitrary<Signal> => fc.constantFrom<Signal>(
    sensor, absolute(sensor), clamped(sensor, 0, 1), difference(sensor, 'x'), meanOver('1s', sensor), meanOver('2s', sensor), minOver('2s', sensor), maxOver('1s', sensor), rate('2s', sensor), choice(above('x', 0), sensor, 1),
  )
  const machine = { off: 0, on: 0.5, starting: '2s', of: 'x', unless: above('x', 5) } as const
  const leaf = (sensor: string): fc.Arbitrary<Condition> => fc.oneof(
    { weight: 3, arbitrary: limited(signal(sensor)) },
    { weight: 1, arbitrary: fc.constantFrom<Condition>(stuck(sensor, '1s'), stuck(sensor, '2s'), rising(sensor, 0.5, '2s'), rising(sensor, 1, '1s'), running(machine), starting(machine), stopped(machine)) },
  )
  // What looks back is not nested here, so that two seconds of history are enough.
  const shallow = fc.oneof(
    leaf('y'), leaf('y').map(not), fc.tuple(leaf('x'), leaf('y'), fc.constantFrom(all, any)).map(([a, b, op]) => op(a, b)),
    fc.tuple(leaf('x'), leaf('y'), leaf('x'), fc.constantFrom(1, 2, 3)).map(([a, b, c, k]) => atLeast(k, a, b, c)),
    fc.tuple(limited(fc.constantFrom<Signal>('x', difference('x', 'y'))), limited(fc.constantFrom<Signal>('y', 'x')), fc.constantFrom('1s', '2s' as const)).map(([a, b, time]) => followedBy(a, b, time)),
    fc.tuple(limited(fc.constantFrom<Signal>('x', difference('x', 'y'))), limited(fc.constantFrom<Signal>('y', 'x'))).map(([a, b]) => since(a, b)),
  )

  test.prop([cases(shallow)], { numRuns: 400 })('of whatever kind the condition is, a known verdict is one on which all completions agree', ([condition, trace]) => {
    const is = judged(condition, trace)
    const may = agreed(condition, trace)
    expect(is.map((truth, i) => (truth === 2 ? 2 : may[i]))).toEqual(is)
  })
})
