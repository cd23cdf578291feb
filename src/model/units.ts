export type Convert = (value: number) => number

interface Unit {
  readonly quantity: string
  /** The unit's spellings, the one to show first. They are read to the letter: `mA` is not `MA`. */
  readonly names: readonly string[]
  /** In the quantity's base unit: `(value - zero) * times / over`. */
  readonly times: number
  readonly over: number
  readonly zero: number
}

const unit = (quantity: string, names: readonly string[], times = 1, over = 1, zero = 0): Unit => ({ quantity, names, times, over, zero })

const units: readonly Unit[] = [
  unit('temperature', ['degC', 'C', '°C', '\u2103', 'deg C', 'celsius', 'Celsius', 'Cel']),
  unit('temperature', ['degF', 'F', '°F', '\u2109', 'deg F', 'fahrenheit', 'Fahrenheit'], 5, 9, 32),
  unit('temperature', ['K', 'kelvin', 'Kelvin', '\u212a'], 1, 1, 273.15),
  unit('velocity', ['mm/s', 'mm/sec', 'mm/s RMS']),
  unit('velocity', ['cm/s'], 10),
  unit('velocity', ['m/s'], 1000),
  unit('velocity', ['in/s', 'in/sec', 'ips', 'in/s RMS'], 25.4),
  unit('current', ['A', 'amp', 'amps', 'ampere', 'Ampere']),
  unit('current', ['mA'], 1, 1000),
  unit('current', ['kA'], 1000),
  unit('voltage', ['V', 'volt', 'volts', 'Volt']),
  unit('voltage', ['mV'], 1, 1000),
  unit('voltage', ['kV'], 1000),
  unit('pressure', ['Pa', 'pascal', 'Pascal']),
  unit('pressure', ['hPa', 'mbar'], 100),
  unit('pressure', ['kPa'], 1000),
  unit('pressure', ['MPa'], 1_000_000),
  unit('pressure', ['bar'], 100_000),
  unit('pressure', ['psi'], 6894.757293168),
  unit('ratio', ['%', 'percent', 'pct', '%RH', '% RH']),
  unit('frequency', ['Hz', '1/s']),
  unit('frequency', ['kHz'], 1000),
  unit('frequency', ['rpm', 'r/min', '1/min'], 1, 60),
  unit('power', ['W']),
  unit('power', ['kW'], 1000),
  unit('power', ['MW'], 1_000_000),
]

const named = (name: string): Unit | undefined => units.find(({ names }) => names.includes(name))

const alike = (to: Unit): readonly Unit[] => units.filter(({ quantity }) => quantity === to.quantity)

const same: Convert = (value) => value

const conversion = (from: Unit, to: Unit): Convert => {
  if (from === to) return same
  const times = from.times * to.over
  const over = from.over * to.times
  return (value) => ((value - from.zero) * times) / over + to.zero
}

/**
 * Every spelling of every unit that can be converted to `name`, with its conversion; `name` itself is always among them, and converts to the very same value.
 * A unit that is not in the table converts only from itself. What needs an assumption is left out: peak to RMS velocity, acceleration to velocity.
 */
export const conversionsTo = (name: string): ReadonlyMap<string, Convert> => {
  const to = named(name)
  if (to === undefined) return new Map([[name, same]])
  return new Map(alike(to).flatMap((from) => from.names.map((spelling): [string, Convert] => [spelling, conversion(from, to)])))
}

/** The units that can be converted to `name`, one spelling each, for messages; `name` itself comes first. */
export const unitsLike = (name: string): readonly string[] => {
  const to = named(name)
  return to === undefined ? [name] : [name, ...alike(to).filter((from) => from !== to).map(({ names }) => names[0] ?? '')]
}
