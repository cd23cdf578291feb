import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Summary } from '../model/index.js'
import type { Duration } from '../time/index.js'
import type { Aggregate, Stats } from './aggregates/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { windowSize } from './window-alignment.js'
import { aggregateOf, keyText, type OfMachine, own, type Owner, summary, type WindowOptions } from './window-options.js'

interface Entry {
  readonly time: number
  readonly part: unknown
}

/** A queue as two stacks: taking out the oldest needs no inverse of `merge`. */
interface Stacks extends Owner {
  wakeAt: number
  /** The newest instant; -Infinity: nothing is in the window. */
  at: number
  /** Of the newest instant. */
  part: unknown
  /** Older instants, newest last, and all of them merged. */
  newer: Entry[]
  sum: unknown
  /** Instants older still, oldest last; each part is merged with all that follow it in this stack. */
  older: Entry[]
}

/** Drops what is not after `limit`. When the older stack is empty, the newer one is turned over, so each entry is moved once. */
function expire<In, State>(state: Stacks, limit: number, aggregate: Aggregate<In, State, unknown>): void {
  for (;;) {
    if (state.older.length === 0) {
      if (state.newer.length === 0 || state.newer[0]!.time > limit) return
      state.older = state.newer.reverse()
      state.newer = []
      state.sum = aggregate.start()
      for (let i = 1; i < state.older.length; i++) aggregate.merge(state.older[i]!.part as State, state.older[i - 1]!.part as State)
    }
    if (state.older[state.older.length - 1]!.time > limit) return
    state.older.pop()
  }
}

/** What `sliding` runs for each key. */
export function slidingBehaviour<In extends OfMachine = Reading, Result = Stats>(
  size: Duration,
  options: WindowOptions<In, Result>,
): Behaviour<In, Summary<Result>, Stacks> {
  const length = windowSize(size)
  const aggregate = aggregateOf(options)
  const empty = (key: string): Stacks => ({
    wakeAt: Infinity, at: -Infinity, machine: '', sensor: '', key, part: aggregate.start(), newer: [], sum: aggregate.start(), older: [],
  })

  return {
    name: options.name ?? 'sliding',
    version: 1,
    start: (key) => empty(keyText(options, key)),
    next(state, item, now) {
      if (now !== state.at) {
        if (state.at === -Infinity) own(state, item, options)
        else {
          state.newer.push({ time: state.at, part: state.part })
          aggregate.merge(state.sum, state.part)
          state.part = aggregate.start()
        }
        state.at = now
      }
      state.wakeAt = now
      aggregate.add(state.part, item, now)
    },
    wake(state, due, emit) {
      if (due !== state.at) {
        Object.assign(state, empty(state.key))
        return
      }
      expire(state, due - length, aggregate)
      const whole = aggregate.start()
      if (state.older.length > 0) aggregate.merge(whole, state.older[state.older.length - 1]!.part)
      aggregate.merge(whole, state.sum)
      aggregate.merge(whole, state.part)
      emit(summary(state, due, due - length, due, aggregate.result(whole)))
      state.wakeAt = due + length
    },
    idle: (state) => state.at === -Infinity,
  }
}

/**
 * At each instant at which a key has items: a summary of its last `size`, that instant included. Alone among the windows it is `(start, end]`: it looks back,
 * and what is exactly `size` old is out of it. The summary goes out once an instant, at its end, when all its items have come.
 *
 * Exact, at the cost of about three merges a summary, by two stacks: nothing is ever taken out of an aggregate, so no error adds up.
 * A key takes one state of the aggregate for each instant in its window at which it had items, and nothing once all are out of it:
 * for long windows of quick readings prefer `hopping`. Nothing is open when the data end.
 *
 * Throws a `RangeError` for a size below 1 ms.
 *
 * @example
 * // one character a second
 * sliding('3s', { key: 'series', aggregate: max() }, time)
 * // readings  -5-1-2-|
 * // summaries -5-5-2-|
 */
export function sliding<In extends OfMachine = Reading, Result = Stats>(
  size: Duration,
  options: WindowOptions<In, Result>,
  time?: SchedulerLike,
): OperatorFunction<In, Summary<Result>> {
  return keyed(slidingBehaviour(size, options), options, time)
}
