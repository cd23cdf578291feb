import fc from 'fast-check'
import { conditionShapes, signalShapes } from '../rules/index.js'
import type { Condition, Signal } from '../rules/index.js'
import type { FieldKind } from '../rules/shape.js'
import type { Duration } from '../time/index.js'

export type ConditionOperator = Condition['op']

/** All but one's own signals, whose definitions are not the formula's, and detectors, which say nothing within the length of a test. */
export type SignalOperator = Exclude<Extract<Signal, object>['op'], 'own' | 'detector'>

export interface FormulaOptions {
  /** Left out: `temperature_coil` and `vibration_rotor`. */
  readonly sensors?: readonly string[]
  /** What conditions are made by; one of them at least must not be made of conditions. Left out: all. */
  readonly conditions?: readonly ConditionOperator[]
  /** What signals are made by, beside the sensors themselves. Left out: all. */
  readonly signals?: readonly SignalOperator[]
  /** Limits, factors and all other numbers. Left out: from 0 to 150, in halves. */
  readonly numbers?: fc.Arbitrary<number>
  /** Left out: none, seconds and minutes. */
  readonly durations?: fc.Arbitrary<Duration>
  /** What a `ratio` divides by. Left out: any number or signal; where it is 0, the ratio is unknown. */
  readonly denominators?: fc.Arbitrary<Signal>
  /** How many operators stand in one another at most: one in `above('x', 5)`, two in `not(above('x', 5))` and in `above(absolute('x'), 5)`. Left out: 4. */
  readonly depth?: number
}

interface Settings extends Required<Omit<FormulaOptions, 'denominators'>> {
  readonly denominators: fc.Arbitrary<Signal> | undefined
}

const settings = (options: FormulaOptions): Settings => ({
  sensors: ['temperature_coil', 'vibration_rotor'],
  conditions: Object.keys(conditionShapes) as ConditionOperator[],
  signals: (Object.keys(signalShapes) as (keyof typeof signalShapes)[]).filter((op) => op !== 'own' && op !== 'detector'),
  numbers: fc.integer({ min: 0, max: 300 }).map((n) => n / 2),
  durations: fc.constantFrom<Duration>('10s', '0s', '1s', '30s', '1m', '10m'),
  depth: 4,
  denominators: undefined,
  ...options,
})

type Fields = Readonly<Record<string, FieldKind>>

const isMadeOfConditions = (shape: Fields): boolean => Object.values(shape).some((kind) => kind === 'condition' || kind === 'conditions')

/** Conditions (undefined: none are that small) and signals of at most so many operators in one another. */
interface Level {
  readonly condition: fc.Arbitrary<Condition> | undefined
  readonly signal: fc.Arbitrary<Signal>
}

function level(depth: number, given: Settings): Level {
  const sensor = fc.constantFrom(...given.sensors)
  if (depth === 0) return { condition: undefined, signal: sensor }
  const parts = level(depth - 1, given)
  const possible = <Op extends string>(ops: readonly Op[], shapes: Readonly<Record<Op, Fields>>) => ops.filter((op) => parts.condition !== undefined || !isMadeOfConditions(shapes[op]))
  const signals = possible(given.signals, signalShapes).map((op) => formula<Signal>(op, signalShapes[op], parts, given))
  const [leaves, junctions] = [false, true].map((of) =>
    possible(given.conditions, conditionShapes).filter((op) => isMadeOfConditions(conditionShapes[op]) === of).map((op) => formula<Condition>(op, conditionShapes[op], parts, given)))
  if (leaves!.length === 0) throw new RangeError(`${given.conditions.join(', ')}: expected one among them that is not made of conditions, such as 'above'`)
  return {
    condition: eitherOf(fc.oneof(...leaves!), junctions!, 2),
    signal: eitherOf(sensor, signals, 1),
  }
}

/** Shrinks to the first. */
const eitherOf = <T>(first: fc.Arbitrary<T>, others: readonly fc.Arbitrary<T>[], weight: number): fc.Arbitrary<T> =>
  others.length === 0 ? first : fc.oneof({ withCrossShrink: true }, { weight: 1, arbitrary: first }, { weight, arbitrary: fc.oneof(...others) })

const formula = <Made extends object | number | string>(op: string, shape: Fields, parts: Level, given: Settings): fc.Arbitrary<Made> =>
  fc.record(Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, field(op, name, kind, parts, given)])))
    .map((fields) => fitting({ op, ...fields }) as unknown as Made)

/** The fields that a signal is compared with: a number, mostly. */
const LIMITS: readonly string[] = ['limit', 'low', 'high', 'by', 'rated', 'off', 'on']

function field(op: string, name: string, kind: FieldKind, { condition, signal }: Level, given: Settings): fc.Arbitrary<unknown> {
  const limit = fc.oneof<fc.WeightedArbitrary<Signal>[]>({ weight: 3, arbitrary: given.numbers }, { weight: 1, arbitrary: signal })
  switch (kind) {
    case 'signal':
      return LIMITS.includes(name) ? limit : signal
    case 'signals':
      return fc.tuple(signal, fc.array(limit, { maxLength: 2 })).map(([first, others]) => [first, ...others])
    case 'two signals':
      return fc.tuple(signal, op === 'ratio' && given.denominators !== undefined ? given.denominators : limit)
    case 'condition':
      return condition!
    case 'condition?':
      return condition === undefined ? nothing : fc.option(condition, { nil: undefined })
    case 'conditions':
      return fc.array(condition!, { minLength: 1, maxLength: 3 })
    case 'duration':
      return given.durations
    case 'number':
      return given.numbers
    case 'fraction':
      return fc.constantFrom(0.5, 0, 0.05, 0.95, 1)
    case 'count':
      return fc.integer({ min: 1, max: 3 })
    case 'sensor':
      return fc.constantFrom(...given.sensors)
    case 'zone':
      return fc.constantFrom('UTC', 'Europe/Berlin')
    case 'clock':
      return fc.constantFrom('06:00', '14:00', '22:30')
    case 'days?':
      return fc.constantFrom(undefined, ['mon', 'thu'])
    case 'dates?':
      return fc.constantFrom(undefined, ['2026-01-01'])
    case 'state':
      return fc.constantFrom('running', 'starting', 'stopped')
    case 'unit?':
    case 'text':
    case 'params':
    case 'detector':
    case 'numbers?':
      return nothing
  }
}

const nothing = fc.constant(undefined)

/** With fields that do not go together put right: limits the wrong way round, no deadband, more than there are, a span of no time; and without those that are left out. */
function fitting(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { low, high, on, off, count, of, from, to } = fields
  return Object.fromEntries(Object.entries({
    ...fields,
    ...(typeof low === 'number' && typeof high === 'number' ? { low: Math.min(low, high), high: low === high ? high + 1 : Math.max(low, high) } : {}),
    ...(typeof on === 'number' && on === off ? { off: on - 1 } : {}),
    ...(typeof count === 'number' && Array.isArray(of) ? { count: Math.min(count, of.length) } : {}),
    ...(from !== undefined && from === to ? { to: '00:00' } : {}),
  }).filter(([, value]) => value !== undefined))
}

/**
 * Conditions of all kinds, deep in one another, as an engineer's rules are: to fuzz what takes any condition (an editor, a text, an operator of one's own).
 * Units are not heeded: it compares temperatures with pressures. Shrinks to fewer parts, and to comparisons of a sensor with a small number.
 *
 * @example
 * arbitraryCondition({ sensors: ['current'], conditions: ['above', 'below', 'all', 'heldFor'], signals: [] })
 * arbitraryRule({ condition: arbitraryCondition({ sensors: ['current'] }) })
 */
export const arbitraryCondition = (options: FormulaOptions = {}): fc.Arbitrary<Condition> => {
  const given = settings(options)
  return level(Math.max(1, given.depth), given).condition!
}

/** The signals of such conditions: sensors, and what is made of them. Shrinks to a sensor. */
export const arbitrarySignal = (options: FormulaOptions = {}): fc.Arbitrary<Signal> => {
  const given = settings(options)
  return level(given.depth, given).signal
}
