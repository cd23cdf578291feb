import type { Duration } from '../../time/index.js'
import { above, all, any, below, heldFor, inside, missing, not, outside, rising, running, stopped, stuck } from '../condition.js'
import type { Condition } from '../condition.js'
import { rule } from '../rule.js'
import type { Rule, RuleOptions } from '../rule.js'
import { choice, difference, ewma, i2t, maxOver, meanOver, minOver, ratio, timeTo } from '../signal.js'
import type { Signal } from '../signal.js'
import { nameplateLimits } from './nameplate/limits.js'

/** By name, as in `nameplateLimits`. */
export type NameplateLimits = Readonly<Record<keyof typeof nameplateLimits, number>>

export interface NameplateOptions {
  /** For every machine; those left out are those of `nameplateLimits`. */
  readonly limits?: Partial<NameplateLimits>
  /** The longest start: a larger current is a locked rotor only after it. Left out: 10 seconds (class 10 of IEC 60947-4-1). */
  readonly start?: Duration
  /** The thermal time constant of a winding while the fan turns; left out: 30 minutes. Motors above 50 kW have 45 and more. */
  readonly tau?: Duration
  /** The sensors that every machine has, to tell where one is missing or stuck. Left out: none, since `monitor` tells that of every sensor without a rule. */
  readonly vitals?: readonly string[]
}

/**
 * Rules that follow from the nameplates of motors, the same for all of them: the numbers are parameters of the machine (`$ratedCurrent * 1.1`), so what judges the rules is given the machines:
 * `monitor(nameplate(), { machines: machines({ id: 'M1', nameplate: { ratedPower: 11, ratedCurrent: 21, ratedVoltage: 400, insulationClass: 'F' } }) })`.
 *
 * A parameter of a machine overrides what its nameplate says (`parameters: { vibrationAlert: 3.2 }`), an option overrides a limit for all; a rule is data, so it can be left out or changed as an element of the list.
 * A machine whose nameplate does not say what a rule asks for is never judged by it: `checkRules(rules, { machines })` tells these. The support pressure is judged around `pressureSet`, a parameter (Pa).
 *
 * Alarms of what has zones come in levels: the alert, `alarm` and `trip advice`. Rules of class `instrument` find what cannot be, and name the sensors that may be wrong.
 * How far they see, on simulated motors, is in docs/nameplate.md.
 */
export function nameplate(options: NameplateOptions = {}): readonly Rule[] {
  const limits = { ...defaults, ...options.limits }
  return [
    ...vibration(limits),
    ...winding(limits, options.tau ?? '30m'),
    ...current(limits, options.start ?? '10s', options.tau ?? '30m'),
    ...supply(limits),
    ...pressure(limits),
    ...surroundings(limits),
    ...contradictions(limits),
    ...jumps(limits),
    ...(options.vitals ?? []).flatMap(vitals),
  ].map(rule)
}

const defaults = Object.fromEntries(Object.entries(nameplateLimits).map(([name, { value }]) => [name, value])) as NameplateLimits

const times = (parameter: string, by: number): Signal => (by === 1 ? `$${parameter}` : `$${parameter} * ${Number(by.toPrecision(12))}`)

const around = (parameter: string, by: number): readonly [low: Signal, high: Signal] => [times(parameter, 1 - by), times(parameter, 1 + by)]

const rise = difference('temperature_coil', 'temperature_env')

/** The highest of the last three days, so that nights, weekends and single readings do not show. */
const envelope = (of: Signal): Signal => maxOver('3d', ewma('10m', of))

/** Where the envelope goes in a day, it reaches the limit within so many hours; `running`: a day ago it was above this already, so that a first start is no rise. */
function trend(of: Signal, limit: Signal, hours: number, ran: Signal): Condition {
  return all(withinHours(timeTo(envelope(of), limit, '1d'), hours), above(minOver('1d', envelope(of)), ran))
}

/**
 * Of a current that counts as the rated one where it is a start's or a locked rotor's, which has a rule of its own: else one reading of a start, held until the next, heats for longer than the start lasts,
 * and an image that begins with it begins red-hot. So it does not see that a motor is started too often.
 */
function thermalImage({ lockedRotor }: NameplateLimits, tau: Duration): Signal {
  return i2t(choice(above('current', times('ratedCurrent', lockedRotor)), '$ratedCurrent', 'current'), '$ratedCurrent', tau)
}

const withinHours = (time: Signal, hours: number): Condition => below(time, hours * 3600)

function vibration(limits: NameplateLimits): readonly RuleOptions[] {
  return [
    {
      id: 'vibration', severity: 'medium', when: above('vibration_rotor', '$vibrationAlert'), onDelay: '1m', offDelay: '1m',
      clear: all(any(running(), above('vibration_rotor', limits.restVibration)), below('vibration_rotor', '$vibrationAlert * 0.9')),
      message: '{machine}: vibration {value} {unit}, limit {limit} (zone B/C): a bearing wears or something is loose; plan an inspection',
      levels: [
        { name: 'alarm', severity: 'high', when: above('vibration_rotor', '$vibrationAlarm'), onDelay: '1m', message: '{machine}: vibration {value} {unit}, limit {limit} (1.25 x zone B/C): inspect it now' },
        { name: 'trip advice', severity: 'critical', when: above('vibration_rotor', '$vibrationTrip'), onDelay: '10s', message: '{machine}: vibration {value} {unit}, limit {limit} (zone C/D): damage is near; stop the machine' },
      ],
    },
    {
      id: 'vibration-trend', severity: 'low', class: 'mechanical', when: trend('vibration_rotor', '$vibrationAlert', limits.vibrationTrend, '$vibrationAlert * 0.2'), onDelay: '1h',
      message: '{machine}: vibration grows from day to day, and if it goes on so it is soon at the limit (zone B/C): plan an inspection',
    },
  ]
}

function winding(limits: NameplateLimits, tau: Duration): readonly RuleOptions[] {
  const image = thermalImage(limits, tau)
  const atRated = ratio(rise, image)
  const settled = [heldFor('45m', running()), above(image, limits.coolingLoad)] as const
  return [
    {
      id: 'winding-rise', severity: 'medium', when: above(rise, times('windingRise', limits.windingAlert)), onDelay: '1m', clear: below(rise, times('windingRise', limits.windingAlert - 0.05)), offDelay: '5m',
      message: '{machine}: winding {value} K above its surroundings, limit {limit}: overload, blocked cooling or a winding fault',
      levels: [
        { name: 'alarm', severity: 'high', when: above(rise, '$windingRise'), onDelay: '1m', message: '{machine}: winding {value} K above its surroundings, more than its class allows ({limit}): it ages fast; lower the load' },
      ],
    },
    {
      id: 'winding-hot', severity: 'high', when: above('temperature_coil', '$windingFull'), onDelay: '1m', offDelay: '5m',
      message: '{machine}: winding {value} {unit}, limit {limit}: its life halves with each 10 K more; lower the load and look at the cooling',
      levels: [{ name: 'trip advice', severity: 'critical', when: above('temperature_coil', '$windingLimit'), onDelay: '10s', message: '{machine}: winding {value} {unit}, the limit of its class is {limit}: stop the machine' }],
    },
    {
      id: 'cooling', severity: 'medium', class: 'thermal', when: all(...settled, above(atRated, times('windingRise', limits.coolingRise))), onDelay: '10m',
      clear: all(...settled, below(atRated, times('windingRise', limits.coolingRise - 0.05))),
      message: '{machine}: hotter than its current explains, at rated current hotter than its class allows: cooling is blocked, a winding fault, or temperature_coil is wrong',
    },
    {
      id: 'winding-trend', severity: 'low', class: 'thermal', when: trend(rise, '$windingRise', limits.windingTrend, '$windingRise * 0.2'), onDelay: '1h',
      message: '{machine}: the winding gets hotter from day to day, and if it goes on so it is soon at the limit of its class',
    },
  ]
}

function current(limits: NameplateLimits, start: Duration, tau: Duration): readonly RuleOptions[] {
  const image = thermalImage(limits, tau)
  const jumped = rising('current', times('ratedCurrent', limits.phaseLossCurrent), '1m')
  return [
    {
      id: 'overload', severity: 'medium', when: above(ewma('1m', 'current'), times('ratedCurrent', limits.overloadAlert)), onDelay: '5m', clear: below('current', times('ratedCurrent', limits.overloadAlert - 0.05)), offDelay: '5m',
      message: '{machine}: current {value} {unit}, limit {limit}: overload',
      levels: [
        { name: 'alarm', severity: 'high', when: above('current', times('ratedCurrent', limits.overloadAlarm)), onDelay: '30s', message: '{machine}: current {value} {unit}, limit {limit}: its relay trips within two hours' },
        { name: 'trip advice', severity: 'critical', when: above('current', times('ratedCurrent', limits.overloadTrip)), onDelay: '20s', message: '{machine}: current {value} {unit}, limit {limit}: its relay trips within minutes; stop the machine' },
      ],
    },
    {
      id: 'thermal-image', severity: 'high', class: 'electrical', when: above(image, limits.thermalImage), onDelay: '1m', clear: all(below('current', '$ratedCurrent'), below(image, limits.thermalImage)), offDelay: '5m',
      message: '{machine}: the heat of its current is {value} times that of the rated one, limit {limit}: lower the load',
    },
    {
      id: 'locked-rotor', severity: 'critical', when: above('current', times('ratedCurrent', limits.lockedRotor)), onDelay: start,
      message: '{machine}: current {value} {unit} for longer than any start takes, limit {limit}: the rotor is locked; stop the machine',
    },
    {
      id: 'phase-loss', severity: 'critical', class: 'electrical', onDelay: '20s', offDelay: '1m',
      when: all(heldFor('2m', running()), jumped, rising('vibration_rotor', limits.phaseLossVibration, '1m')),
      clear: any(stopped(), all(below('current', '$ratedCurrent'), not(jumped))),
      message: '{machine}: current and vibration jumped while it ran: a phase is lost, or something jams; stop the machine',
    },
    {
      id: 'underload', severity: 'low', when: all(below('current', times('ratedCurrent', limits.underload)), above('vibration_rotor', limits.restVibration)), onDelay: '1m', offDelay: '1m',
      suppressedBy: any(not(running()), below('current', times('ratedCurrent', limits.deadCurrent))),
      message: '{machine}: while it runs it draws less than idle: a belt, a coupling, a dry pump, or the sensor',
    },
  ]
}

function supply(limits: NameplateLimits): readonly RuleOptions[] {
  return [
    {
      id: 'supply-voltage', severity: 'low', when: outside('voltage', ...around('ratedVoltage', limits.voltageAlert)), onDelay: '5m',
      clear: inside('voltage', ...around('ratedVoltage', limits.voltageAlert - 0.005)), offDelay: '5m',
      message: '{machine}: supply {value} {unit}, limit {limit} (zone A): it may run so, and hotter',
      levels: [{ name: 'alarm', severity: 'high', when: outside('voltage', ...around('ratedVoltage', limits.voltageAlarm)), onDelay: '1m', message: '{machine}: supply {value} {unit}, limit {limit} (zone B): it must not run so' }],
    },
  ]
}

function pressure(limits: NameplateLimits): readonly RuleOptions[] {
  const mean = meanOver('30m', 'pressure')
  return [
    {
      id: 'pressure', severity: 'high', when: outside('pressure', ...around('pressureSet', limits.pressureBand)), onDelay: '15s',
      clear: inside('pressure', ...around('pressureSet', (limits.pressureBand * 2) / 3)), offDelay: '10m',
      message: '{machine}: support pressure {value} {unit}, limit {limit}: a leak, or the regulator',
    },
    {
      id: 'pressure-range', severity: 'critical', when: outside('pressure', limits.pressureLow, limits.pressureHigh), onDelay: '15s', offDelay: '1m',
      message: '{machine}: support pressure {value} {unit}, limit {limit}: stop the machine',
    },
    {
      id: 'pressure-trend', severity: 'low', class: 'support', when: withinHours(timeTo(mean, times('pressureSet', 1 - limits.pressureBand), '3h'), limits.pressureTrend), onDelay: '10m', offDelay: '30m',
      message: '{machine}: the support pressure falls, and if it goes on so it is soon at its limit: a leak',
    },
  ]
}

function surroundings(limits: NameplateLimits): readonly RuleOptions[] {
  return [
    {
      id: 'ambient', severity: 'low', when: outside('temperature_env', limits.ambientLow, limits.ambientHigh), onDelay: '5m', offDelay: '30m',
      message: '{machine}: temperature_env {value} {unit}, limit {limit}: outside what the motor is made for, or the sensor is wrong',
    },
    {
      id: 'humidity', severity: 'low', when: outside('humidity_env', limits.humidityLow, limits.humidityHigh), onDelay: '5m', offDelay: '30m',
      message: '{machine}: humidity_env {value} {unit}, limit {limit}: condensation, or the sensor is wrong',
    },
  ]
}

/** What cannot be: sensors contradict each other, or physics. */
function contradictions(limits: NameplateLimits): readonly RuleOptions[] {
  return [
    {
      id: 'winding-colder', severity: 'low', class: 'instrument', when: below(rise, -limits.coolerThanAmbient), onDelay: '5m', offDelay: '30m',
      message: '{machine}: winding {value} K against its surroundings, and it cannot be so much colder: temperature_coil or temperature_env is wrong',
    },
    {
      id: 'winding-at-rest', severity: 'low', class: 'instrument', when: all(heldFor('6h', stopped()), above(rise, limits.coolerThanAmbient)), onDelay: '5m', offDelay: '30m',
      clear: all(heldFor('6h', stopped()), below(rise, limits.coolerThanAmbient)),
      message: '{machine}: winding above its surroundings after six hours of rest: temperature_coil or temperature_env is wrong, or it hardly cools',
    },
    {
      id: 'current-without-motion', severity: 'low', class: 'instrument', when: all(above('current', times('ratedCurrent', limits.restCurrent)), below('vibration_rotor', limits.deadVibration)), onDelay: '1m', offDelay: '30m',
      message: '{machine}: a current, and nothing moves: current or vibration_rotor is wrong',
    },
    {
      id: 'motion-without-current', severity: 'low', class: 'instrument', when: all(below('current', times('ratedCurrent', limits.deadCurrent)), above('vibration_rotor', limits.restVibration)), onDelay: '5m', offDelay: '30m',
      message: '{machine}: it moves, and draws no current: current or vibration_rotor is wrong',
    },
    {
      id: 'current-negative', severity: 'low', class: 'instrument', when: below('current', times('ratedCurrent', -limits.negativeCurrent)), onDelay: '30s', offDelay: '30m',
      message: '{machine}: current {value} {unit}, and it cannot be negative: current is wrong',
    },
  ]
}

/** Limits of the rate of change: what is faster than the thing measured can be. A fall is seen as the rise that ends it. */
function jumps(limits: NameplateLimits): readonly RuleOptions[] {
  const jump = (sensor: string, by: Signal, what = 'its sensor spikes', more: Pick<RuleOptions, 'suppressedBy'> = {}): RuleOptions => ({
    id: `jump-${sensor}`, severity: 'low', class: 'instrument', when: rising(sensor, by, '30s'), offDelay: '30m', message: `{machine}: ${sensor} jumped: ${what}`, ...more,
  })
  // a start is a jump of both; only where it is known to turn they cannot
  const turning = heldFor('1m', all(running(), above('vibration_rotor', limits.restVibration)))
  const whileTurning = ({ when, ...fields }: RuleOptions): RuleOptions => ({ ...fields, when: all(turning, when) })
  return [
    jump('temperature_coil', limits.jumpCoil, undefined, { suppressedBy: above('current', times('ratedCurrent', limits.lockedRotor)) }),
    jump('temperature_env', limits.jumpAmbient),
    jump('humidity_env', limits.jumpHumidity),
    jump('pressure', times('pressureSet', limits.jumpPressure), 'a shock, or its sensor spikes'),
    jump('voltage', times('ratedVoltage', limits.jumpVoltage), 'a dip of the supply, or its sensor spikes'),
    whileTurning(jump('vibration_rotor', times('vibrationTrip', limits.jumpVibration), 'a shock, or its sensor spikes')),
    whileTurning(jump('current', times('ratedCurrent', limits.jumpCurrent), 'the rotor jams, or its sensor spikes')),
  ]
}

function vitals(sensor: string): readonly RuleOptions[] {
  return [
    { id: `missing-${sensor}`, severity: 'low', class: 'instrument', when: missing(sensor, '2m'), offDelay: '10m', message: `{machine}: nothing was heard of ${sensor}` },
    // a machine that stands still shows 0 all night
    { id: `stuck-${sensor}`, severity: 'low', class: 'instrument', when: all(stuck(sensor, '10m'), any(above(sensor, 0), below(sensor, 0))), offDelay: '10m', message: `{machine}: ${sensor} shows the very same value all the time: stuck?` },
  ]
}
