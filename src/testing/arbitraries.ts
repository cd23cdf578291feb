import fc from 'fast-check'
import type { Command, Input, Reading } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { arrivals } from './arrivals.js'
import type { ArrivalOptions } from './arrivals.js'
import { epoch } from './epoch.js'

export interface StreamOptions {
  /** Left out: `a`, `b` and `c`. */
  readonly machines?: readonly string[]
  /** Left out: `temperature_coil` and `vibration_rotor`. */
  readonly sensors?: readonly string[]
  /** Left out: limits of alarms and both sides of them, the ends of the instruments' ranges, and a grid between. */
  readonly values?: fc.Arbitrary<number>
  /** The most items that are made, before some are repeated. Left out: 40. */
  readonly length?: number
  /**
   * Left out: in order of time. Else some readings come late, most of them within this and some beyond it, and some come twice.
   */
  readonly lateness?: Duration
}

const aroundLimits = [80, 85, 90, 100, 110, 120].flatMap((limit) => [limit, limit - 0.5, limit + 0.5])
const standardValues = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 15 }).map((n) => n * 10) },
  { weight: 3, arbitrary: fc.constantFrom(...aroundLimits) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 20 }).map((n) => n / 2) },
  { weight: 1, arbitrary: fc.constantFrom(-50, -10, -0.5, 200, 200.5, 1000, 1e9) },
)

/** From one item to the next: none, whole seconds, less, and gaps that end windows, sessions and the freshness of a value. */
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 10 }).map((n) => n * 1000) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map((n) => n * 250) },
  { weight: 1, arbitrary: fc.constantFrom(1, 0.5) },
  { weight: 2, arbitrary: fc.constantFrom(29_999, 30_000, 59_000, 60_000, 61_000) },
  { weight: 1, arbitrary: fc.constantFrom(300_000, 900_000, 3_600_000, 90_000_000) },
)

const defaults = ({ machines = ['a', 'b', 'c'], sensors = ['temperature_coil', 'vibration_rotor'], values = standardValues, length = 40, lateness = 0 }: StreamOptions) =>
  ({ machines, sensors, values, length, lateness: duration(lateness) })

const readingAt = (time: fc.Arbitrary<number>, options: StreamOptions): fc.Arbitrary<Reading> => {
  const { machines, sensors, values } = defaults(options)
  return fc.record({
    kind: fc.constant('reading' as const),
    time,
    machine: fc.constantFrom(...machines),
    sensor: fc.constantFrom(...sensors),
    value: values,
    quality: fc.oneof({ weight: 9, arbitrary: fc.constant('good' as const) }, { weight: 1, arbitrary: fc.constant('suspect' as const) }),
  })
}

/** One reading, within a day from `epoch`. */
export const arbitraryReading = (options: StreamOptions = {}): fc.Arbitrary<Reading> =>
  readingAt(fc.integer({ min: 0, max: 86_400 }).map((second) => epoch + second * 1000), options)

/** How much later than its turn an item is stamped, as a fraction of the lateness. */
const lags = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((n) => n / 4) }, { weight: 1, arbitrary: fc.constantFrom(1.5, 3) })

const stream = <T extends Input>(item: fc.Arbitrary<T>, options: StreamOptions): fc.Arbitrary<readonly T[]> => {
  const { length, lateness } = defaults(options)
  const disorder = lateness > 0
  const element = fc.record({
    item,
    step: steps,
    lag: disorder ? lags : fc.constant(0),
    /** Comes again so many items later; 0: it does not. */
    again: disorder ? fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }) : fc.constant(0),
  })
  return fc.array(element, { maxLength: length }).map((elements) => {
    let clock = epoch
    const placed: { readonly at: number; readonly item: T }[] = []
    elements.forEach(({ item: made, step, lag, again }, i) => {
      clock += step
      const stamped = { ...made, time: clock - lag * lateness }
      placed.push({ at: i, item: stamped })
      if (again > 0 && made.kind === 'reading') placed.push({ at: i + again + 0.5, item: stamped })
    })
    return placed.sort((a, b) => a.at - b.at).map(({ item: made }) => made)
  })
}

/**
 * Readings of several machines: ties of time, gaps of all lengths, values on the limits, suspect ones; with `lateness`, late and duplicated ones too.
 * Shrinks to few readings, small steps, the first machine and sensor.
 */
export const arbitraryReadings = (options: StreamOptions = {}): fc.Arbitrary<readonly Reading[]> => stream(readingAt(fc.constant(epoch), options), options)

const commandOf = (machines: readonly string[]): fc.Arbitrary<Command> =>
  fc.record({
    kind: fc.constant('command' as const),
    time: fc.constant(epoch),
    name: fc.constantFrom('acknowledge', 'shelve', 'unshelve', 'reset', 'remove-from-service', 'return-to-service', 'relearn'),
    machine: fc.constantFrom(...machines),
    by: fc.constant('operator'),
    until: fc.constantFrom(10_000, 60_000, 3_600_000).map((after) => epoch + after),
  }, { requiredKeys: ['kind', 'time', 'name', 'machine', 'by'] })

/** Readings as `arbitraryReadings` makes them, with ticks and an operator's commands among them. */
export const arbitraryInputs = (options: StreamOptions = {}): fc.Arbitrary<readonly Input[]> =>
  stream<Input>(
    fc.oneof(
      { weight: 12, arbitrary: readingAt(fc.constant(epoch), options) },
      { weight: 2, arbitrary: fc.constant({ kind: 'tick' as const, time: epoch }) },
      { weight: 1, arbitrary: commandOf(defaults(options).machines) },
    ),
    options,
  )

/** Orders of arrival of inputs that are in order of time, some of them twice: see `arrivals`. Shrinks to the inputs as they are. */
export const arbitraryArrivals = (inputs: readonly Input[], options: Omit<ArrivalOptions, 'choices' | 'repeated'>): fc.Arbitrary<readonly Input[]> =>
  fc.record({
    choices: fc.array(fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 100 }).map((n) => n / 100)), { maxLength: 20 }),
    repeated: fc.array(fc.nat(Math.max(0, inputs.length - 1)), { maxLength: 5 }),
  }).map(({ choices, repeated }) => arrivals(inputs, { ...options, choices, repeated }))
