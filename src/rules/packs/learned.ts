import { dropout, envelope, envelopeBank, spikes, stuck, thermalResidual, wearChart } from '../../detectors/index.js'
import { duration } from '../../time/index.js'
import type { Duration } from '../../time/index.js'
import { above, below, heldFor, running, stopped } from '../condition.js'
import type { Condition } from '../condition.js'
import { detected } from '../detected.js'
import { rule } from '../rule.js'
import type { Rule, RuleOptions } from '../rule.js'
import { age, choice, meanOver, product, ratio } from '../signal.js'
import type { Detected, Signal } from '../signal.js'

export interface LearnedOptions {
  /** How often a sensor is read; left out: 10 seconds. The checks of sensors look at one sample a period. */
  readonly period?: Duration
  /** Whose health is checked; left out: the seven of the simulator. */
  readonly sensors?: readonly string[]
}

const SENSORS = ['temperature_coil', 'vibration_rotor', 'current', 'voltage', 'pressure', 'temperature_env', 'humidity_env']

/**
 * Rules that learn what is normal for each machine, and need no tuning: put them on any motor whose rated current is known (`$ratedCurrent`), beside `nameplate()`, which sees at once what no motor may do.
 *
 * - *Thermal*: the winding is hotter (or colder) than current and ambient explain, by a thermal model that is fitted in the first days.
 * - *Wear*: vibration, current, voltage and support pressure, and the mean of a day of the humidity, have left for good where they were when all was well.
 * - *Novelty*: vibration and pressure, in any of thirteen features, are as they never were; the current jumps to where it never was.
 * - *Sensors*: stuck, wild or missing values.
 *
 * It takes about four days of running until all of it has learned; a rule that still learns says nothing, which is unknown and not well. Nothing is learned while the motor stands still or starts, of suspect readings, or of what alarms.
 * What has changed for good (a repair, another product) is an alarm until it is learned anew: the command `relearn`, for one rule or for a machine.
 * What it sees and how early, on simulated motors, is in docs/scoreboard.md.
 *
 * @example
 * const rules = [...nameplate(), ...learned()]
 * monitor(rules, { machines: machines({ id: 'M1', nameplate: { ratedCurrent: 20 } }) })
 */
export function learned({ period = '10s', sensors = SENSORS }: LearnedOptions = {}): readonly Rule[] {
  return [...thermal(), ...wear(), ...novelty(period), ...sensors.flatMap((sensor) => health(sensor, period))].map(rule)
}

/** A start is a spike in them. */
const PEAKS_AT_STARTS = ['current', 'voltage', 'vibration_rotor']

/** It has run for a while, so what starts and stops is over. */
const settled = heldFor('10m', running())

/** Raised at the limit; cleared when all of a day, with its shifts, lay below 0.6 of it: so that one fault is told once. */
const chart = (of: Detected, options: Omit<RuleOptions, 'when'>): RuleOptions => ({ ...options, when: above(of, 1), clear: below(of, 0.6), offDelay: '1d' })

/** Of a start or a locked rotor it counts as the rated one: a reading that is held until the next would heat for longer than the start lasts. */
const load = choice(above('current', '$ratedCurrent * 2'), 1, ratio('current', '$ratedCurrent'))

function thermal(): readonly RuleOptions[] {
  const residual = detected(thermalResidual, ['temperature_coil', 'temperature_env', product(load, load)], { every: '1m', params: { limit: 7 } })
  return [chart(residual, { id: 'learned-thermal', severity: 'medium', class: 'thermal', onDelay: '10m', message: '{machine}: {reason}: blocked cooling, a winding fault, or a sensor that drifts' })]
}

type WearParameters = Readonly<Partial<Record<'floor' | 'warmup' | 'lambda' | 'limit', number>>>

function wear(): readonly RuleOptions[] {
  const worn = (name: string, of: Signal, says: string, every: Duration, params: WearParameters, options: { readonly severity: 'low' | 'medium'; readonly while?: Condition }): RuleOptions => {
    const { severity, ...when } = options
    return chart(detected(wearChart, of, { every, params, ...when }), { id: `learned-${name}`, severity, message: `{machine}: ${says} {reason}` })
  }
  return [
    worn('vibration', 'vibration_rotor', 'vibration', '10m', { floor: 0.015 }, { severity: 'medium', while: settled }),
    worn('current', 'current', 'current', '10m', {}, { severity: 'low', while: settled }),
    worn('voltage', 'voltage', 'voltage', '2m', { floor: 0.001, warmup: 2000, lambda: 0.05, limit: 5 }, { severity: 'medium', while: settled }),
    worn('voltage-at-rest', 'voltage', 'voltage at rest', '2m', { floor: 0.001, warmup: 500, lambda: 0.05, limit: 5 }, { severity: 'medium', while: heldFor('10m', stopped()) }),
    worn('pressure', 'pressure', 'support pressure', '10m', {}, { severity: 'medium' }),
    worn('humidity', meanOver('1d', 'humidity_env'), 'humidity, mean of a day:', '10m', {}, { severity: 'low' }),
  ]
}

function novelty(period: Duration): readonly RuleOptions[] {
  const fresh = (sensor: string, name: string, whileHolds?: Condition): RuleOptions =>
    chart(detected(envelopeBank, sensor, { every: '1m', params: { tau: 0.25, absorb: 0 }, ...(whileHolds === undefined ? {} : { while: whileHolds }) }), { id: `learned-new-${name}`, severity: 'low', onDelay: '5m', message: `{machine}: ${name} as never before: {reason}` })
  const jump = detected(envelope, 'current', { every: period, params: { tau: 1, absorb: 0 }, while: heldFor('1m', running()) })
  return [
    fresh('vibration_rotor', 'vibration', settled),
    fresh('pressure', 'pressure'),
    { id: 'learned-jump', severity: 'high', when: above(jump, 1), onDelay: '20s', offDelay: '10m', message: '{machine}: current as never before while it ran: {reason}: a phase is lost, or something jams' },
  ]
}

/** A sensor that was not heard for half as long again as it should be is missing. */
function health(sensor: string, period: Duration): readonly RuleOptions[] {
  const heard = ratio(sensor, choice(above(age(sensor), (1.5 * duration(period)) / 1000), 0, 1))
  const check = (name: string, detector: typeof stuck | typeof dropout | typeof spikes, of: Signal, options: { readonly while?: Condition } = {}): RuleOptions =>
    ({ id: `learned-${name}-${sensor}`, severity: 'low', class: 'instrument', when: above(detected<string>(detector, of, { every: period, ...options }), 1), offDelay: '1d', message: `{machine}: ${sensor} ${name}: {reason}` })
  return [check('stuck', stuck, sensor), check('dropout', dropout, heard), check('spikes', spikes, sensor, PEAKS_AT_STARTS.includes(sensor) ? { while: settled } : {})]
}
