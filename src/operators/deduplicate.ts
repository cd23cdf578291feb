import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

export interface DeduplicateOptions<In> {
  readonly key: Key<In>
  /** Left out: all fields but `time` are the same by `Object.is`. What holds objects, a snapshot say, needs its own. */
  readonly same?: (last: In, item: In) => boolean
  /** An equal item is let through again this long after the last one that was. Left out: never. */
  readonly within?: Duration
}

interface Last<In> {
  wakeAt: number
  last: In | undefined
  until: number
}

const alike = (a: object, b: object): boolean => {
  const fields = Object.keys(a) as (keyof typeof a)[]
  return fields.length === Object.keys(b).length && fields.every((field) => (field as string) === 'time' || (Object.hasOwn(b, field) && Object.is(a[field], b[field])))
}

const sameFields = (last: unknown, item: unknown): boolean =>
  typeof last === 'object' && typeof item === 'object' && last !== null && item !== null ? alike(last, item) : Object.is(last, item)

/**
 * Drops an item that is equal to the last one of its key that was let through; with `within`, only for that long: in `[t, t + within)`.
 * The first item of a key is let through. With `within` a key is forgotten when that is over; without, never.
 *
 * @example
 * deduplicate<Reading>({ key: 'series', within: '10s' }, time)
 * // in:  1-1-2-1-1---------1-|    a frame is a second
 * // out: 1---2-1-----------1-|    the last 1 comes 12 s after the one before it that was let through
 */
export function deduplicate<In>(options: DeduplicateOptions<In>, time?: SchedulerLike): OperatorFunction<In, In> {
  const { key, same = sameFields } = options
  const within = options.within === undefined ? Infinity : duration(options.within)

  const behaviour: Behaviour<In, In, Last<In>> = {
    name: 'deduplicate',
    version: 1,
    start: () => ({ wakeAt: Infinity, last: undefined, until: -Infinity }),
    next(state, item, now, emit) {
      if (now < state.until && same(state.last as In, item)) return
      state.last = item
      state.wakeAt = state.until = now + within
      emit(item)
    },
    wake(state) {
      state.wakeAt = Infinity
    },
    idle: (state, now) => now >= state.until,
  }
  return keyed(behaviour, { key }, time)
}
