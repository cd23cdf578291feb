import { pipe } from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Item, Reading, Truth, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { only } from './only.js'

interface Machines {
  readonly key: 'machine'
  /** Watched from the first instant on, or from `since` on (epoch milliseconds) where that is later, so that one that never comes is missed too. */
  readonly expect?: readonly (string | { readonly machine: string; readonly since: number })[]
}

interface Series {
  readonly key: 'series'
  /** Watched from the first instant on, so that one that never comes is missed too. */
  readonly expect?: readonly (readonly [machine: string, sensor: string])[]
}

export type DeadmanOptions = (Machines | Series) & {
  /** What has been missing for this long is forgotten, with a verdict of unknown. Left out: it is missing until the data end. */
  readonly forget?: Duration
}

/** Is to be watched, though nothing was heard of it. */
interface Expected {
  readonly kind: 'expected by deadman'
  readonly machine: string
  readonly sensor: string
  readonly since: number
}

interface Watch {
  wakeAt: number
  /** When it was last heard, or since when it is expected. */
  heardAt: number
  machine: string
  sensor: string
  missing: boolean
}

/** What `deadman` runs for each machine, or each series. */
export function deadmanBehaviour(after: Duration, { key, forget: forgetting }: Pick<DeadmanOptions, 'key' | 'forget'>): Behaviour<Reading | Expected, Verdict, Watch> {
  const patience = duration(after)
  if (patience === 0) throw new RangeError(`after: got ${JSON.stringify(after)}, expected a duration above 0`)
  const forget = forgetting === undefined ? Infinity : duration(forgetting)
  const verdict = ({ machine, sensor }: Watch, now: number, truth: Truth, margin: number, since?: number): Verdict =>
    ({ kind: 'verdict', time: now, machine, condition: key === 'machine' ? 'missing' : `missing ${sensor}`, truth, margin, ...(since === undefined ? {} : { since }) })

  return {
    name: 'deadman',
    version: 2,
    start: () => ({ wakeAt: Infinity, heardAt: NaN, machine: '', sensor: '', missing: false }),
    next(state, item, now, emit) {
      const { missing } = state
      state.machine = item.machine
      state.sensor = item.sensor
      state.missing = false
      state.heardAt = item.kind === 'reading' ? now : Math.max(now, item.since)
      state.wakeAt = state.heardAt + patience
      if (missing) emit(verdict(state, now, false, -patience, now))
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      state.missing = !state.missing
      state.wakeAt = state.missing ? due + forget : Infinity
      emit(state.missing ? verdict(state, due, true, 0, state.heardAt) : verdict(state, due, 'unknown', NaN))
      return false
    },
    idle: ({ missing, wakeAt }) => !missing && wakeAt === Infinity,
  }
}

/**
 * Says by a verdict that a machine, or a sensor of one, has gone silent: true at the very moment at which nothing was heard for `after`, false with its next reading.
 *
 * Every reading is heard, suspect ones too. Other items are not, but the first item of any kind but a command (a tick, say) begins the watch of those that are expected.
 * A reading that comes exactly at `after` is in time, and one that comes exactly when it would be forgotten finds it missing still.
 *
 * The condition's name is `missing`, with the sensor behind it where the key is the series. The margin is how long nothing was heard, less `after`,
 * in milliseconds: 0 when it turns true, `-after` when it comes back, NaN when it is forgotten.
 * `since` is when it was last heard, or since when it is expected; of what has come back, now.
 * A machine that was heard, or is expected, is kept until the data end, or until `forget` has passed. The end of the data says nothing.
 *
 * @example
 * deadman('4s', { key: 'machine' }, time)
 * // in:  a---a------a-|
 * // out: --------t--f-|
 */
export function deadman(after: Duration, options: DeadmanOptions, time?: SchedulerLike): OperatorFunction<Item, Verdict> {
  const { key, expect = [] } = options
  const expected = expect.map((each): Expected => {
    if (typeof each !== 'string' && 'since' in each) return { kind: 'expected by deadman', sensor: '', ...each }
    const [machine, sensor] = typeof each === 'string' ? [each, ''] : each
    return { kind: 'expected by deadman', machine, sensor, since: -Infinity }
  })

  const roll: Behaviour<Item, Item, { wakeAt: number; called: boolean }> = {
    name: 'deadman roll',
    version: 1,
    start: () => ({ wakeAt: Infinity, called: false }),
    next(state, item, now, emit) {
      if (!state.called && now > -Infinity && item.kind !== 'command') {
        state.called = true
        for (const each of expected) emit(each)
      }
      emit(item)
    },
  }
  const watch = deadmanBehaviour(after, options)
  const heard = only<Item | Reading | Expected, 'reading' | 'expected by deadman'>('reading', 'expected by deadman')
  return expected.length === 0
    ? pipe(heard, keyed(watch, { key }, time))
    : pipe(keyed(roll, { key: () => '' }, time), heard, keyed(watch, { key }, time))
}
