import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Command, Reading, Rules, Snapshot } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface FuseOptions {
  /** How long a value counts, above 0: of every sensor, or by sensor with a `default`. `Infinity`: until the next one. */
  readonly stale: Duration | (Readonly<Record<string, Duration>> & { readonly default: Duration })
  /** A snapshot at each multiple of this since the epoch, in whole milliseconds, in the place of one for each instant with readings. */
  readonly every?: Duration
}

interface Fused {
  wakeAt: number
  readonly machine: string
  /** Sorted; the other two stand beside it. */
  names: readonly string[]
  readonly values: number[]
  /** When each value becomes stale; -Infinity after a suspect reading. */
  readonly until: number[]
  /** Where the next reading's sensor is likely to be. */
  cursor: number
}

/** In milliseconds. */
const above0 = (what: string, value: Duration): number => {
  const milliseconds = duration(value)
  if (milliseconds === 0) throw new RangeError(`${what}: got ${JSON.stringify(value)}, expected a duration above 0`)
  return milliseconds
}

/** A sensor may well have the name that a plain assignment swallows. */
const set = (values: Record<string, number>, name: string, value: number): void => {
  if (name === '__proto__') Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true })
  else values[name] = value
}

/** Makes room for a number. By hand, so that the array stays one of plain doubles: a splice makes it one of boxed numbers. */
function insert(numbers: number[], at: number): void {
  numbers.push(NaN)
  for (let i = numbers.length - 1; i > at; i--) numbers[i] = numbers[i - 1]!
  numbers[at] = NaN
}

/** What `fuse` runs for each machine. Commands and rules are passed over, so that it may stand beside what takes them. */
export function fuseBehaviour(options: FuseOptions): Behaviour<Reading | Command | Rules, Snapshot, Fused> {
  const { stale } = options
  const bySensor = new Map(typeof stale === 'object' ? Object.entries(stale).map(([sensor, value]) => [sensor, above0(`stale.${sensor}`, value)]) : [])
  const fallback = typeof stale === 'object' ? above0('stale.default', stale.default) : above0('stale', stale)
  const every = options.every === undefined ? 0 : duration(options.every)
  if (options.every !== undefined && !(Number.isInteger(every) && every > 0))
    throw new RangeError(`every: got ${options.every}, expected a whole number of milliseconds above 0`)

  return {
    name: 'fuse',
    version: 1,
    start: (machine) => ({ wakeAt: Infinity, machine, names: [], values: [], until: [], cursor: 0 }),
    next(state, item, now) {
      if (item.kind !== 'reading') return
      const { sensor, value, quality } = item
      let at = state.cursor
      if (state.names[at] !== sensor) {
        at = state.names.indexOf(sensor)
        if (at < 0) {
          at = state.names.findIndex((name) => name > sensor)
          if (at < 0) at = state.names.length
          state.names = state.names.toSpliced(at, 0, sensor)
          insert(state.values, at)
          insert(state.until, at)
        }
      }
      state.cursor = at + 1
      if (quality === 'good') {
        state.values[at] = value
        state.until[at] = now + (bySensor.size === 0 ? fallback : (bySensor.get(sensor) ?? fallback))
      } else state.until[at] = -Infinity
      if (every === 0) state.wakeAt = now
      else if (state.wakeAt === Infinity) state.wakeAt = (Math.floor(now / every) + 1) * every
    },
    wake(state, due, emit, closing) {
      if (!closing && every === 0) return true
      const { machine, names, until } = state
      const values: Record<string, number> = {}
      const missing: string[] = []
      let next = Infinity
      for (let i = 0; i < names.length; i++) {
        if (until[i]! > due) {
          set(values, names[i]!, state.values[i]!)
          next = Math.min(next, until[i]!)
        } else missing.push(names[i]!)
      }
      state.wakeAt = every === 0 ? next : missing.length < names.length ? due + every : Infinity
      emit({ kind: 'snapshot', time: due, machine, values, missing })
      return false
    },
  }
}

/**
 * Fuses the sensors of a machine: one snapshot at the end of each instant in which it had readings, with the last good value of each sensor,
 * and one at the very moment at which a value becomes stale. Sensors are in the order of their names.
 *
 * The value of time `t` counts in `[t, t + stale)`. A suspect reading is no value: from then on its sensor is `missing`, until its next good one.
 * A sensor that was heard of once is in every later snapshot, in `values` or in `missing`; one that was not is in neither.
 * Of several readings of a sensor in one instant the last one counts.
 *
 * A reading that comes exactly when the value before it becomes stale takes its place: its sensor is not shown as missing.
 *
 * With `every`, a snapshot at `t` shows what was before `t`; they go on until one has shown that all sensors are missing.
 *
 * A machine is kept, in some 350 bytes, for as long as the operator runs: what is missing of it must be known.
 *
 * @example
 * fuse({ stale: '7s' }, time)
 * // a:   1-----2------3----|
 * // b:   5------6----------|
 * // out: v-----wx-----yz---|   v {a: 1, b: 5}, w {a: 2, b: 5}, x {a: 2, b: 6}, y {a: 3, b: 6}, z {a: 3} with b missing
 */
export function fuse(options: FuseOptions, time?: SchedulerLike): OperatorFunction<Reading, Snapshot> {
  return keyed<Reading, Snapshot, Fused>(fuseBehaviour(options), { key: 'machine' }, time)
}
