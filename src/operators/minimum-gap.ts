import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

export interface MinimumGapOptions<In> {
  readonly key: Key<In>
}

interface Gap {
  wakeAt: number
  until: number
}

/**
 * Lets an item through where the last one of its key that it let through lies at least `gap` back; the first one of a key always.
 * Items in between are dropped, without a count: to hear of what was dropped, put it into `adding` and compare.
 * A key is forgotten when its gap is over.
 *
 * @example
 * minimumGap<Reading>('4s', { key: 'series' }, time)
 * // in:  a-b-c-d--e|
 * // out: a---c----e|    c lies 4 s behind a
 */
export function minimumGap<In>(gap: Duration, options: MinimumGapOptions<In>, time?: SchedulerLike): OperatorFunction<In, In> {
  const length = duration(gap)

  const behaviour: Behaviour<In, In, Gap> = {
    name: 'minimumGap',
    version: 1,
    start: () => ({ wakeAt: Infinity, until: -Infinity }),
    next(state, item, now, emit) {
      if (now < state.until) return
      state.wakeAt = state.until = now + length
      emit(item)
    },
    wake(state) {
      state.wakeAt = Infinity
    },
    idle: (state, now) => now >= state.until,
  }
  return keyed(behaviour, options, time)
}
