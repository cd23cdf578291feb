import { above, all, below, difference, inside, outside, rule } from 'motorwatch'
import type { Rule } from 'motorwatch'
import type { SimulatedMachine } from 'motorwatch/sources/simulator'

/**
 * Rules for the machines of a factory that stand in one hall, made from their ratings. Machines of one rating share a rule.
 *
 * Their delays outlast a start (up to 3 s at 6 times the rated current, with its dip of the voltage) and the noise of a sensor. Limits: vibration, the zones of ISO 20816-3
 * for a rigid foundation (2.8 and 4.5 mm/s); winding, the 120 degC of the baseline, and a tenth above the rise at rated load;
 * the supply, well inside the 5 % of IEC 60034-1 (zone A). The rules of class `instrument` find sensors that show what cannot be. No machines, no rules.
 */
export function machineRules(machines: readonly SimulatedMachine[]): readonly Rule[] {
  if (machines.length === 0) return []
  return [
    ...always,
    ...hall(machines),
    ...each(machines, ({ rise }) => rise, windingRise),
    ...each(machines, ({ ratedCurrent }) => ratedCurrent, motorCurrent),
    ...each(machines, ({ ratedVoltage }) => ratedVoltage, lineVoltage),
    ...each(machines, ({ pressure }) => Math.round(pressure / 100) * 100, supportPressure),
  ]
}

const always: readonly Rule[] = [
  rule({
    id: 'winding-hot', severity: 'high', when: above('temperature_coil', 120), onDelay: '30s', clear: below('temperature_coil', 115), offDelay: '1m',
    message: '{machine}: winding {value} {unit}, limit {limit}: it ages fast here; lower the load and look at the cooling',
  }),
  rule({
    id: 'vibration-alert', severity: 'medium', when: above('vibration_rotor', 2.8), onDelay: '10s', clear: below('vibration_rotor', 2.5), offDelay: '30s',
    message: '{machine}: vibration {value} {unit}, limit {limit}: a bearing wears or something is loose; plan an inspection',
  }),
  rule({
    id: 'vibration-danger', severity: 'critical', when: above('vibration_rotor', 4.5), onDelay: '5s', clear: below('vibration_rotor', 4), offDelay: '30s',
    message: '{machine}: vibration {value} {unit}, limit {limit}: damage is near; stop the machine',
  }),
  rule({
    id: 'winding-colder', severity: 'low', class: 'instrument', when: below(difference('temperature_coil', 'temperature_env'), -3), onDelay: '1m', offDelay: '1m',
    message: '{machine}: winding {value} K against its surroundings, and it cannot be colder: temperature_coil or temperature_env is wrong',
  }),
]

/** Wider than a warm day and a damp night by 8 K and 5 %. */
function hall(machines: readonly SimulatedMachine[]): readonly Rule[] {
  const low = (of: (machine: SimulatedMachine) => number): number => Math.floor(Math.min(...machines.map(of)))
  const high = (of: (machine: SimulatedMachine) => number): number => Math.ceil(Math.max(...machines.map(of)))
  return [
    rule({
      id: 'surroundings', severity: 'low', class: 'environment', onDelay: '5m', offDelay: '5m',
      when: outside('temperature_env', low(({ ambient, ambientSwing }) => ambient - ambientSwing - 8), high(({ ambient, ambientSwing }) => ambient + ambientSwing + 8)),
      message: '{machine}: temperature_env {value} {unit}, limit {limit}: the hall, or the sensor, is out of its range',
    }),
    rule({
      id: 'humidity', severity: 'low', class: 'environment', onDelay: '5m', offDelay: '5m',
      when: outside('humidity_env', low(({ humidity, humiditySwing }) => humidity - humiditySwing - 5), high(({ humidity, humiditySwing }) => humidity + humiditySwing + 5)),
      message: '{machine}: humidity_env {value} {unit}, limit {limit}: the hall, or the sensor, is out of its range',
    }),
  ]
}

function windingRise(rated: number, machines: readonly string[]): readonly Rule[] {
  const rise = difference('temperature_coil', 'temperature_env')
  return [
    rule({
      id: `winding-rise-${rated}K`, machines, severity: 'high', when: above(rise, round(1.1 * rated)), onDelay: '1m', clear: below(rise, round(1.05 * rated)), offDelay: '1m',
      message: '{machine}: winding {value} K above the surroundings, limit {limit} (1.1 x rated): overload, blocked cooling, a winding fault, or temperature_coil is wrong',
    }),
  ]
}

function motorCurrent(rated: number, machines: readonly string[]): readonly Rule[] {
  return [
    rule({
      id: `overload-${rated}A`, machines, severity: 'high', when: above('current', round(1.1 * rated)), onDelay: '30s', clear: below('current', round(1.05 * rated)), offDelay: '30s',
      message: `{machine}: current {value} {unit}, limit {limit} (1.1 x rated): overload, or a phase is missing`,
    }),
    rule({
      id: `locked-rotor-${rated}A`, machines, severity: 'critical', when: above('current', 3 * rated), onDelay: '5s',
      message: `{machine}: current {value} {unit}, 3 x rated and more, longer than any start takes: the rotor is locked`,
    }),
    rule({
      id: `current-negative-${rated}A`, machines, severity: 'low', class: 'instrument', when: below('current', round(-0.05 * rated)), onDelay: '30s', offDelay: '30s',
      message: '{machine}: current {value} {unit}, and it cannot be negative: its sensor is wrong',
    }),
    rule({
      id: `vibration-dead-${rated}A`, machines, severity: 'low', class: 'instrument', when: all(above('current', round(0.3 * rated)), below('vibration_rotor', 0.2)), onDelay: '30s',
      message: '{machine}: no vibration under load: vibration_rotor is wrong',
    }),
  ]
}

function lineVoltage(rated: number, machines: readonly string[]): readonly Rule[] {
  return [
    rule({
      id: `line-voltage-${rated}V`, machines, severity: 'medium', when: outside('voltage', round(0.97 * rated), round(1.025 * rated)), onDelay: '1m',
      clear: inside('voltage', round(0.975 * rated), round(1.02 * rated)), offDelay: '30s',
      message: '{machine}: voltage {value} {unit}, limit {limit}: the supply is off or unbalanced, and the winding heats',
    }),
  ]
}

function supportPressure(level: number, machines: readonly string[]): readonly Rule[] {
  return [
    rule({
      id: `support-pressure-${level}Pa`, machines, severity: 'high', when: outside('pressure', round(0.8 * level), round(1.2 * level)), onDelay: '15s',
      clear: inside('pressure', round(0.85 * level), round(1.15 * level)), offDelay: '30s',
      message: `{machine}: support pressure {value} {unit}, limit {limit} (set to ${level}): a leak, or the regulator`,
    }),
  ]
}

function each(
  machines: readonly SimulatedMachine[], rating: (machine: SimulatedMachine) => number, rules: (rating: number, machines: readonly string[]) => readonly Rule[],
): readonly Rule[] {
  const ratings = [...new Set(machines.map(rating))].sort((a, b) => a - b)
  return ratings.flatMap((value) => rules(value, machines.filter((machine) => rating(machine) === value).map(({ id }) => id)))
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
