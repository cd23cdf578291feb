import type { AlarmClass } from './alarm.js'

/** A kind of sensor, the same on every machine. */
export interface Sensor {
  /** The canonical unit: readings are in it, whatever unit they were sent in. */
  readonly unit: string
  /** What the instrument can plausibly show, both ends included, in that unit. A value outside speaks of the instrument, not of the machine. */
  readonly range: readonly [low: number, high: number]
  /** The part of the plant that its anomalies speak of. */
  readonly class: AlarmClass
}

/** The sensors that are known, by name. To add one: `new Map([...standardSensors, ['flow', { unit: 'l/min', range: [0, 100], class: 'support' }]])`. */
export type Sensors = ReadonlyMap<string, Sensor>

/**
 * The sensors of the reference project, with its limits of plausibility. It has none for two of them, so these are ours:
 * voltage -10 to 1000 V, the low-voltage limit of IEC 60038 and, as for current, a little below zero for a transmitter's offset;
 * temperature_env -40 to 85 degC, the industrial temperature range of electronics.
 */
export const standardSensors: Sensors = new Map<string, Sensor>([
  ['temperature_coil', { unit: 'degC', range: [0, 200], class: 'thermal' }],
  ['vibration_rotor', { unit: 'mm/s', range: [0, 20], class: 'mechanical' }],
  ['current', { unit: 'A', range: [-10, 150], class: 'electrical' }],
  ['voltage', { unit: 'V', range: [-10, 1000], class: 'electrical' }],
  ['pressure', { unit: 'Pa', range: [0, 10_000], class: 'support' }],
  ['temperature_env', { unit: 'degC', range: [-40, 85], class: 'environment' }],
  ['humidity_env', { unit: '%', range: [0, 100], class: 'environment' }],
])
