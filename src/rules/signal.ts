import type { Duration } from '../time/index.js'
import { checkedDuration, checkedZone, finite, range, some } from './checks.js'
import type { Condition } from './condition.js'

/**
 * A number for a machine at each moment, or unknown: plain data.
 *
 * - A number is that number.
 * - A text is the last value of that sensor, held until it is stale; with `$`, a parameter of the machine: `'$ratedCurrent'`, `'$ratedCurrent * 1.1'`.
 * - All else is made of signals by the functions of this file.
 *
 * A signal is unknown where a part of it is (no reading yet, stale, suspect), and where its value is not finite (a division by zero).
 * What looks back over a time is unknown until that time has gone by, and while something unknown lies in it. It looks at the held values: a mean is weighted by time.
 */
export type Signal =
  | number
  | string
  | Combined
  | Absolute
  | Scaled
  | Clamped
  | Choice
  | Windowed
  | QuantileOver
  | Rate
  | Ewma
  | Age
  | TimeTo
  | I2t
  | Hours
  | Starts
  | Baseline
  | MachineState
  | TimeOfDay
  | Detected
  | Own

export interface Combined {
  readonly op: 'difference' | 'sum' | 'product' | 'ratio'
  readonly of: readonly Signal[]
}

export interface Absolute {
  readonly op: 'absolute'
  readonly of: Signal
}

export interface Scaled {
  readonly op: 'scaled'
  readonly of: Signal
  readonly by: number
  readonly unit?: string
}

export interface Clamped {
  readonly op: 'clamped'
  readonly of: Signal
  readonly low: number
  readonly high: number
}

export interface Choice {
  readonly op: 'choice'
  readonly when: Condition
  readonly then: Signal
  readonly else: Signal
}

export interface Windowed {
  readonly op: 'meanOver' | 'minOver' | 'maxOver' | 'rmsOver' | 'deviationOver'
  readonly for: Duration
  readonly of: Signal
}

export interface QuantileOver {
  readonly op: 'quantileOver'
  readonly for: Duration
  readonly of: Signal
  readonly q: number
}

export interface Rate {
  readonly op: 'rate'
  readonly for: Duration
  readonly of: Signal
}

export interface Ewma {
  readonly op: 'ewma'
  readonly for: Duration
  readonly of: Signal
}

export interface Age {
  readonly op: 'age'
  readonly sensor: string
}

export interface TimeTo {
  readonly op: 'timeTo'
  readonly for: Duration
  readonly of: Signal
  readonly limit: Signal
}

export interface I2t {
  readonly op: 'i2t'
  readonly for: Duration
  readonly of: Signal
  readonly rated: Signal
}

export interface Hours {
  readonly op: 'hours'
  readonly when: Condition
}

export interface Starts {
  readonly op: 'starts'
  readonly for: Duration
  readonly when: Condition
}

export interface Baseline {
  readonly op: 'baseline'
  readonly for: Duration
  readonly of: Signal
  readonly while?: Condition
}

export interface MachineState {
  readonly op: 'machineState'
  readonly of: Signal
  readonly off: Signal
  readonly on: Signal
  readonly starting: Duration
  readonly unless?: Condition
}

export interface TimeOfDay {
  readonly op: 'timeOfDay'
  readonly zone: string
}

export interface Detected {
  readonly op: 'detector'
  readonly name: string
  readonly of: readonly Signal[]
  readonly every: Duration
  readonly params?: Readonly<Record<string, number>>
  readonly while?: Condition
  readonly learn?: Condition
}

export interface Own {
  readonly op: 'own'
  readonly name: string
  readonly params: unknown
  readonly of: readonly Signal[]
}

/** `a - b`: `difference('temperature_coil', 'temperature_env')` is the rise of a winding. */
export const difference = (a: Signal, b: Signal): Signal => ({ op: 'difference', of: [a, b] })

export const sum = (...of: readonly Signal[]): Signal => ({ op: 'sum', of: some(of, 'sum') })

export const product = (...of: readonly Signal[]): Signal => ({ op: 'product', of: some(of, 'product') })

/** `a / b`; unknown where b is 0. */
export const ratio = (a: Signal, b: Signal): Signal => ({ op: 'ratio', of: [a, b] })

export const absolute = (of: Signal): Signal => ({ op: 'absolute', of })

/** `of` times `by`. It keeps its unit unless another one is given, which is how units meet: `scaled('pressure', 0.001, 'kPa')`. */
export const scaled = (of: Signal, by: number, unit?: string): Signal => ({ op: 'scaled', of, by: finite(by, 'the factor'), ...(unit === undefined ? {} : { unit }) })

/** `of`, but not below `low` and not above `high`. */
export const clamped = (of: Signal, low: number, high: number): Signal => {
  range(low, high)
  return { op: 'clamped', of, low, high }
}

/** `then` while the condition holds, `otherwise` while it does not; unknown while it is unknown: `choice(running(), 80, 40)` as a limit. */
export const choice = (when: Condition, then: Signal, otherwise: Signal): Signal => ({ op: 'choice', when, then, else: otherwise })

/** The mean of the last so long, weighted by time: the integral of the held value over the time. */
export const meanOver = (time: Duration, of: Signal): Signal => ({ op: 'meanOver', for: checkedDuration(time), of })

/** The least value of the last so long, now included. */
export const minOver = (time: Duration, of: Signal): Signal => ({ op: 'minOver', for: checkedDuration(time), of })

/** The largest value of the last so long, now included. */
export const maxOver = (time: Duration, of: Signal): Signal => ({ op: 'maxOver', for: checkedDuration(time), of })

/** The root of the mean square of the last so long, weighted by time. */
export const rmsOver = (time: Duration, of: Signal): Signal => ({ op: 'rmsOver', for: checkedDuration(time), of })

/** The standard deviation (of the population) of the last so long, weighted by time. */
export const deviationOver = (time: Duration, of: Signal): Signal => ({ op: 'deviationOver', for: checkedDuration(time), of })

/**
 * The value below which the signal was for the fraction `q` of the last so long. Approximate: within 1 % of the true value
 * (or 1e-9 where that is nearer to 0), by a sketch of logarithmic bins.
 */
export const quantileOver = (time: Duration, of: Signal, q: number): Signal => {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile must be from 0 to 1, not ${q}`)
  return { op: 'quantileOver', for: checkedDuration(time), of, q }
}

/** The change over the last so long, a second: its unit is that of the signal a second. */
export const rate = (time: Duration, of: Signal): Signal => ({ op: 'rate', for: checkedDuration(time), of })

/** The exponentially weighted mean with this time constant. It begins with the first value, and again after something unknown. */
export const ewma = (time: Duration, of: Signal): Signal => ({ op: 'ewma', for: checkedDuration(time), of })

/** Seconds since the sensor was last heard of, whatever it said; before it was, since the machine was. */
export const age = (sensor: string): Signal => ({ op: 'age', sensor })

/** Seconds until the signal is at the limit if it goes on as over the last so long: 0 at the limit and beyond it is never said of one that leads away, which is `NEVER`, a year. */
export const timeTo = (of: Signal, limit: Signal, time: Duration): Signal => ({ op: 'timeTo', for: checkedDuration(time), of, limit })

/** A year in seconds: what `timeTo` is where the limit is not ahead. */
export const NEVER = 31_536_000

/**
 * The thermal image of a winding, 1 at the rated current for ever: the mean of (I / rated)^2 with this time constant (IEC 60255-149, without ambient). It begins at the steady state of the first current.
 */
export const i2t = (of: Signal, rated: Signal, time: Duration): Signal => ({ op: 'i2t', for: checkedDuration(time), of, rated })

/** How long the condition has held in all, in hours: `hours(running())` are the run hours. While it is unknown nothing is counted. */
export const hours = (when: Condition): Signal => ({ op: 'hours', when })

/** How often the condition has begun to hold in the last so long: `starts('1h', running())`. From unknown to true is no beginning. */
export const starts = (time: Duration, when: Condition): Signal => ({ op: 'starts', for: checkedDuration(time), when })

/** The mean of the first so long of known values (where a condition is given: of those at which it held), frozen from then on; unknown while it learns. */
export const baseline = (time: Duration, of: Signal, whileHolds?: Condition): Signal => ({ op: 'baseline', for: checkedDuration(time), of, ...(whileHolds === undefined ? {} : { while: whileHolds }) })

/** Hours since midnight in a zone of the IANA database, by the wall clock: 0 to 24. */
export const timeOfDay = (zone: string): Signal => ({ op: 'timeOfDay', zone: checkedZone(zone) })

/**
 * What the machine does, from its current: 0 stopped, 1 starting, 2 running. It runs once the current is above `on`, is starting for so long from then, and is stopped once the current is at `off` or below; in between it is what it was.
 * A current that is unknown leaves it unknown. Where `unless` is known to hold (something shakes), a current that says 'stopped' is not believed: a dead current sensor leaves the state unknown. After something unknown it is known to run once a start would be over.
 */
export const machineState = (options: StateOptions = {}): Signal => ({ op: 'machineState', ...stateFields(options) })

export interface StateOptions {
  /** Left out: `current`. */
  readonly of?: Signal
  /** Left out: `$ratedCurrent * 0.05`. */
  readonly off?: Signal
  /** Left out: `$ratedCurrent * 0.1`. */
  readonly on?: Signal
  /** Left out: 5 seconds. */
  readonly starting?: Duration
  /** Left out: `vibration_rotor` above 0.5 mm/s. */
  readonly unless?: Condition
}

export const stateFields = ({ of = 'current', off = '$ratedCurrent * 0.05', on = '$ratedCurrent * 0.1', starting = '5s', unless }: StateOptions): Omit<MachineState, 'op'> => ({
  of, off, on, starting: checkedDuration(starting), unless: unless ?? { op: 'above', signal: 'vibration_rotor', limit: 0.5 },
})
