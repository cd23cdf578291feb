export type SensorName =
  'temperature_coil' | 'vibration_rotor' | 'current' | 'voltage' | 'pressure' | 'temperature_env' | 'humidity_env'

/** What stands between a physical value and its reading: a range that it never leaves and a resolution. */
export interface Instrument {
  readonly sensor: SensorName
  /** The canonical unit of its readings. */
  readonly unit: string
  readonly low: number
  readonly high: number
  /** Steps a unit: 100 is a resolution of 0.01. */
  readonly steps: number
}

/** One instrument a sensor, in the order in which a machine is read. The ranges lie within those that the baseline takes for plausible. */
export const instruments: readonly Instrument[] = [
  { sensor: 'temperature_coil', unit: 'degC', low: 0, high: 200, steps: 100 },
  { sensor: 'vibration_rotor', unit: 'mm/s', low: 0, high: 20, steps: 1000 },
  { sensor: 'current', unit: 'A', low: -10, high: 150, steps: 100 },
  { sensor: 'voltage', unit: 'V', low: 0, high: 500, steps: 10 },
  { sensor: 'pressure', unit: 'Pa', low: 0, high: 10_000, steps: 1 },
  { sensor: 'temperature_env', unit: 'degC', low: -40, high: 85, steps: 100 },
  { sensor: 'humidity_env', unit: '%', low: 0, high: 100, steps: 10 }
]

/** Where a sensor stands in `instruments`; -1 for a name that is no sensor's. */
export function sensorIndex(sensor: string): number {
  return instruments.findIndex((instrument) => instrument.sensor === sensor)
}

/** The value as the instrument gives it: kept within its range, rounded to its resolution, never -0. */
export function instrumentValue(instrument: Instrument, value: number): number {
  return Math.round(Math.min(instrument.high, Math.max(instrument.low, value)) * instrument.steps) / instrument.steps + 0
}
