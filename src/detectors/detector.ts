/** A number that a detector is set by. */
export interface Parameter {
  readonly default: number
  /** `samples`, `sigma`, `1` (no dimension), `ms`, or that of the signal: `signal`. */
  readonly unit: string
  /** What may be given: from `min` to `max`, both included. */
  readonly min: number
  readonly max: number
  readonly whole?: true
  readonly about: string
}

export type ParametersOf<P extends string> = Readonly<Record<P, number>>

/**
 * How an online detector goes on: from its state and a sample to a *score*, 1 at the limit.
 *
 * - A sample has one value for each signal; NaN: there was none in this period. Unless its docs say otherwise, a detector passes over a sample with a NaN: it learns nothing, and its score is NaN.
 * - The score is known after the warm-up; NaN before. Above 1 it is an alarm at the default limit, and scores of different detectors may be compared: each is a fraction of its limit.
 * - With `learn` false a sample is judged and nothing is learned from it: the reference stays as it is. What looks back over samples (means, sums, runs) goes on.
 * - The state is plain data, made by `start` and changed in place; constant in size, and so is the time of a sample.
 * - What is not said by time (hour of the week) hangs on the order of samples alone.
 */
export interface Detector<P extends string = string, State = unknown> {
  /** Names it in rules and in JSON documents. */
  readonly name: string
  readonly sees: string
  readonly misses: string
  /** What the defaults buy: false alarms on what sort of data. */
  readonly falseAlarms: string
  readonly source: string
  readonly parameters: Readonly<Record<P, Parameter>>
  /** How many signals it looks at together: from, to. */
  readonly inputs: readonly [least: number, most: number]
  start(params: ParametersOf<P>, inputs: number): State
  /**
   * @param time of the sample, in milliseconds since 1970
   * @returns the score
   */
  next(state: State, values: readonly number[], time: number, learn: boolean, params: ParametersOf<P>): number
  /** The last score in words, with the numbers that made it: `mean over 64 samples 4.1, never above 3.2 in 12 days`. */
  why(state: State, params: ParametersOf<P>, unit: string): string
}

/** The parameters of a detector: those given, checked, and the defaults of the others. Throws a `RangeError` that names the detector and what it expected. */
export function parametersOf<P extends string>({ name, parameters }: Pick<Detector<P>, 'name' | 'parameters'>, given: Partial<ParametersOf<P>> = {}): ParametersOf<P> {
  const known = parameters as Readonly<Record<string, Parameter>>
  for (const [key, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(known, key) ? known[key] : undefined
    if (parameter === undefined) throw new RangeError(`${name} has no parameter '${key}': expected ${Object.keys(known).length === 0 ? 'none' : `one of ${Object.keys(known).join(', ')}`}`)
    const { min, max, whole } = parameter
    if (!(typeof value === 'number' && value >= min && value <= max && (whole !== true || Number.isInteger(value))))
      throw new RangeError(`${name}: '${key}' is ${JSON.stringify(value)}, expected a ${whole === true ? 'whole ' : ''}number from ${min} to ${max} (${parameter.about})`)
  }
  return Object.fromEntries(Object.entries(known).map(([key, parameter]) => [key, (given as Readonly<Record<string, number | undefined>>)[key] ?? parameter.default])) as ParametersOf<P>
}

/** A number as people read it. */
export const shown = (value: number): string => String(Number(value.toPrecision(3)))

/** ' mm/s'; nothing where there is no unit. */
export const withUnit = (value: number, unit: string): string => (unit === '' || unit === '1' ? shown(value) : `${shown(value)} ${unit}`)
