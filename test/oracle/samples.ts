import { fc } from '@fast-check/vitest'
import type { Reading } from '../../src/model/index.js'
import type { Duration } from '../../src/time/index.js'
import { arbitraryCondition } from '../../src/testing/index.js'
import type { ConditionOperator, FormulaOptions, SignalOperator } from '../../src/testing/index.js'
import type { Pairs } from './monitor.js'

/** Our operators that RTAMT has, or that can be said in its logic. */
export const CONDITIONS: readonly ConditionOperator[] = [
  'above', 'atOrAbove', 'below', 'atOrBelow', 'outside', 'inside', 'rising', 'hysteresis', 'all', 'any', 'not', 'atLeast', 'heldFor', 'within', 'since', 'followedBy',
]
export const WITHOUT_HYSTERESIS = CONDITIONS.filter((op) => op !== 'hysteresis')
export const WITHOUT_SEQUENCES = CONDITIONS.filter((op) => op !== 'followedBy')
export const SIGNALS: readonly SignalOperator[] = ['difference', 'sum', 'product', 'ratio', 'absolute', 'scaled', 'clamped', 'minOver', 'maxOver']

const small = fc.integer({ min: -6, max: 6 }).map((n) => n / 2)
/** The values of z, which is divided by: RTAMT ends at a division by zero. */
const notZero = fc.constantFrom(1, 2, -1, 0.5, -2, 3)
export const WITHOUT_WINDOWS = SIGNALS.filter((op) => op !== 'minOver' && op !== 'maxOver')

/** Formulas over x, y and z, whose values lie on their limits often. */
export const formulas = (durations: readonly Duration[], { conditions = CONDITIONS, signals = SIGNALS }: Pick<FormulaOptions, 'conditions' | 'signals'> = {}) => arbitraryCondition({
  sensors: ['x', 'y', 'z'],
  conditions,
  signals,
  numbers: small,
  durations: fc.constantFrom(...durations),
  denominators: fc.oneof(fc.constant('z'), notZero),
  depth: 5,
})

const SENSORS = ['x', 'y', 'z'] as const
type Values = Readonly<Partial<Record<(typeof SENSORS)[number], number>>>

const anyValues: fc.Arbitrary<Values> = fc.record({ x: small, y: small, z: notZero }, { requiredKeys: [] })
const allValues: fc.Arbitrary<Values> = fc.record({ x: small, y: small, z: notZero })

/** All three at first, then steps of so long with some of them, of which some are left out. */
const streams = (steps: readonly number[], length: number): fc.Arbitrary<readonly Reading[]> =>
  fc.tuple(allValues, fc.array(fc.record({ step: fc.constantFrom(...steps), values: anyValues }), { minLength: 1, maxLength: length, size: 'max' })).map(([begin, rest]) => {
    let time = 0
    return [{ step: 0, values: begin }, ...rest].flatMap(({ step, values }) => {
      time += step
      return SENSORS.filter((sensor) => values[sensor] !== undefined)
        .map((sensor): Reading => ({ kind: 'reading', time, machine: 'm', sensor, value: values[sensor]!, quality: 'good' }))
    })
  })

/** Readings at multiples of a period; a sensor that is silent holds its value. */
export const regular = (period: number): fc.Arbitrary<readonly Reading[]> => streams([period, period, period, period * 2], 24)

/** Readings at irregular times, in quarters of a second. */
export const irregular = (): fc.Arbitrary<readonly Reading[]> => streams([250, 500, 1000, 1250, 1750, 3000], 20)

/** The readings as RTAMT takes them in dense time: in seconds, for each sensor. */
export const changesOf = (readings: readonly Reading[]): Readonly<Record<string, Pairs>> =>
  Object.fromEntries(SENSORS.map((name) => [name, readings.filter(({ sensor }) => sensor === name).map(({ time, value }) => [time / 1000, value] as const)]))

/** And in discrete time: the value that is held at each sample. */
export function samplesOf(readings: readonly Reading[], period: number): Readonly<Record<string, Pairs>> {
  const times = Array.from({ length: readings.at(-1)!.time / period + 1 }, (_, i) => i * period)
  return Object.fromEntries(SENSORS.map((name) => [name, times.map((at) => [at / 1000, readings.findLast(({ sensor, time }) => sensor === name && time <= at)!.value] as const)]))
}
