import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

export interface RateLimitOptions<In> {
  /** A whole number from 1 on. */
  readonly count: number
  readonly per: Duration
  readonly key: Key<In>
}

interface Rate {
  wakeAt: number
  /** When each item that was let through no longer counts, oldest first: at most `count` of them. */
  readonly until: number[]
}

/**
 * Lets at most `count` items of a key through in any window `[t, t + per)`, wherever it begins, and drops the others.
 * Dropped items do not count against the limit. A key is forgotten `per` after its last item that was let through.
 *
 * @example
 * rateLimit<Reading>({ count: 2, per: '5s', key: 'machine' }, time)
 * // in:  ab-c-d-e--|
 * // out: ab---d-e--|    d: a lies 5 s back
 */
export function rateLimit<In>(options: RateLimitOptions<In>, time?: SchedulerLike): OperatorFunction<In, In> {
  const { count, key } = options
  if (!(Number.isInteger(count) && count >= 1)) throw new RangeError(`count: got ${count}, expected a whole number from 1 on`)
  const per = duration(options.per)

  const behaviour: Behaviour<In, In, Rate> = {
    name: 'rateLimit',
    version: 1,
    start: () => ({ wakeAt: Infinity, until: [] }),
    next(state, item, now, emit) {
      const { until } = state
      while (until.length > 0 && until[0]! <= now) until.shift()
      if (until.length === count) return
      until.push(now + per)
      state.wakeAt = now + per
      emit(item)
    },
    wake(state) {
      state.wakeAt = Infinity
    },
    idle: ({ until }, now) => until.length === 0 || until.at(-1)! <= now,
  }
  return keyed(behaviour, { key }, time)
}
