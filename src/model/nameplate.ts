import { type Sensors, standardSensors } from './sensors.js'

/** What a motor's nameplate says, as far as it is known. */
export interface Nameplate {
  /** A, at full load. */
  readonly ratedCurrent?: number
  /** V, line to line. */
  readonly ratedVoltage?: number
  /** kW at the shaft. */
  readonly ratedPower?: number
  /** Thermal class of the winding's insulation, IEC 60085. */
  readonly insulationClass?: 'A' | 'E' | 'B' | 'F' | 'H'
  /** How it stands, for the vibration limits of ISO 20816-3. */
  readonly mounting?: 'rigid' | 'flexible'
}

const rating = (name: string, value: number | undefined): number => {
  if (value === undefined) return 0
  if (value > 0 && Number.isFinite(value)) return value
  throw new RangeError(`${name}: got ${value}, expected a finite number above 0; leave it out where it is not known`)
}

const reach = (sensor: string, nameplate: Nameplate): number =>
  sensor === 'current' ? 10 * rating('ratedCurrent', nameplate.ratedCurrent)
  : sensor === 'voltage' ? 2 * rating('ratedVoltage', nameplate.ratedVoltage)
  : 0

/**
 * What a sensor's instrument can plausibly show on a motor, both ends included, in the sensor's unit.
 * It is the sensor's own `range`, widened as a whole where that ends below
 *
 * - `current`: 10 times the rated current. A locked rotor, and every start, draws 5 to 8 times, efficient motors (IE3, IE4) up to 9 (makers' catalogues, second-hand):
 *   that is a motor in trouble, not a broken sensor;
 * - `voltage`: twice the rated voltage.
 *
 * A small motor does not narrow it: 120 A on a motor of 2 A may well be a short circuit, and a suspect reading would hide it from the rules.
 * A sensor that is not among `sensors` has no known range: everything is plausible. Throws a RangeError for a rating that is not above 0.
 */
export const instrumentRange = (sensor: string, nameplate: Nameplate = {}, sensors: Sensors = standardSensors): readonly [low: number, high: number] => {
  const range = sensors.get(sensor)?.range
  if (range === undefined) return [-Infinity, Infinity]
  const [low, high] = range
  const needed = reach(sensor, nameplate)
  return needed > high && high > 0 ? [(low * needed) / high, needed] : range
}
