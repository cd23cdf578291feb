import { nameplate } from '../../../../src/rules/index.js'
import { random } from '../../../random.js'
import { planOf } from './cases.js'
import type { Case } from './cases.js'
import { onLine, registered } from './motors.js'
import type { Motor } from './motors.js'
import { watch } from './watch.js'

export interface Told {
  readonly rule: string
  readonly hours: number
}

/** What came of one fault: which alarms, how many hours before the failure (of a sensor: after its onset). Each rule once, the first time. */
export interface Trial {
  readonly seed: number
  /** Hours from the onset to the functional failure; null: of a sensor. */
  readonly failsAfter: number | null
  readonly alarms: readonly Told[]
}

/** Four weeks of a motor that is well. */
export interface Healthy {
  readonly seed: number
  readonly readings: number
  readonly alarms: readonly Told[]
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 5, 6)
/** Milliseconds between two readings of a sensor. */
const PERIOD = 10_000

const rules = nameplate()
const rounded = (hours: number): number => Number(hours.toFixed(3))

/** One fault on one motor; the seed chooses the motor's peculiarities, its noise and the hour of the onset. A sensor is watched until the first alarm. */
export function tryFault(each: Case, seed: number): Trial {
  const machine = onLine(each.motor, seed)
  const onset = each.before + Math.floor((random(seed + 1000)() * DAY) / PERIOD) * PERIOD
  const at = START + onset
  const sensor = each.sensor !== undefined
  const { raised, truths } = watch(
    rules, registered(each.motor, machine), { seed, machines: [machine], start: START, period: PERIOD, faults: [planOf(each, machine.id, onset)] }, onset + each.within,
    ({ time }) => sensor && time > at,
  )
  const last = truths.at(-1)!
  const failure = sensor ? NaN : last.failure
  const first = new Map<string, number>()
  for (const { time, rule } of raised) if (time > last.onset && !(time >= failure) && !first.has(rule)) first.set(rule, time)
  return {
    seed,
    failsAfter: sensor ? null : rounded((failure - last.onset) / HOUR),
    alarms: [...first].map(([rule, time]) => ({ rule, hours: rounded((sensor ? time - last.onset : failure - time) / HOUR) })),
  }
}

/**
 * Four weeks (or the first of them) of a motor that is well, from a cold start: a heat wave of two days (8 K) in the second week, a new recipe (15 % more load) from a day of the third on,
 * and all the while starts, stops, shifts, nights and weekends.
 */
export function tryHealthy(motor: Motor, seed: number, weeks = 4): Healthy {
  const machine = onLine(motor, seed)
  const { raised, readings } = watch(
    rules, registered(motor, machine),
    { seed, machines: [machine], start: START, period: PERIOD, heatWave: { from: (7 + (seed % 6)) * DAY }, newRecipe: { from: (14 + (seed % 7)) * DAY } },
    weeks * 7 * DAY,
  )
  return { seed, readings, alarms: raised.map(({ time, rule }) => ({ rule, hours: rounded((time - START) / HOUR) })) }
}
