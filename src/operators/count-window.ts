import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Summary } from '../model/index.js'
import type { Stats } from './aggregates/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { aggregateOf, keyText, type OfMachine, own, type Owner, summary, type WindowOptions } from './window-options.js'

export interface CountWindowOptions<In extends OfMachine, Result> extends WindowOptions<In, Result> {
  /** A window ends each time that this many items have come, so windows overlap; left out: as many as a window has. `n` is a multiple of it. */
  readonly every?: number
}

interface Pane {
  readonly start: number
  readonly part: unknown
}

interface Counted extends Owner {
  wakeAt: number
  /** Items since the last summary. */
  since: number
  /** The time of the last item. */
  last: number
  /** Of `every` items each; the last one may have fewer. */
  panes: Pane[]
}

/** What `countWindow` runs for each key. */
export function countWindowBehaviour<In extends OfMachine = Reading, Result = Stats>(
  n: number,
  options: CountWindowOptions<In, Result>,
): Behaviour<In, Summary<Result>, Counted> {
  const every = options.every ?? n
  if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`countWindow: got a window of ${n} items, expected a whole number from 1`)
  if (!(Number.isInteger(every) && every >= 1 && n % every === 0)) {
    throw new RangeError(`countWindow: got every ${every} items, expected a whole number from 1 of which ${n}, the items of a window, is a multiple`)
  }
  const aggregate = aggregateOf(options)
  const made = (state: Counted, time: number, status?: 'partial'): Summary<Result> => {
    const whole = aggregate.start()
    for (const { part } of state.panes) aggregate.merge(whole, part)
    return summary(state, time, state.panes[0]!.start, state.last, aggregate.result(whole), status)
  }

  return {
    name: options.name ?? 'countWindow',
    version: 1,
    start: (key) => ({ wakeAt: Infinity, since: 0, last: NaN, machine: '', sensor: '', key: keyText(options, key), panes: [] }),
    next(state, item, now, emit) {
      if (state.since % every === 0) {
        if (state.panes.length === 0) own(state, item, options)
        state.panes.push({ start: now, part: aggregate.start() })
      }
      state.since++
      state.last = now
      aggregate.add(state.panes[state.panes.length - 1]!.part, item, now)
      if (state.since % every > 0 || state.panes.length * every < n) return
      emit(made(state, now))
      state.since = 0
      state.panes.shift()
    },
    end(state, now, emit) {
      if (state.since > 0) emit(made(state, now, 'partial'))
    },
    idle: (state) => state.panes.length === 0,
  }
}

/**
 * A summary of every `n` items of a key, as soon as the last of them has come; with `every`, of the last `n`, each time that so many more have come.
 *
 * Its `start` and `end` are the times of its first and its last item, both included: a window that is counted knows no other.
 * Suspect readings are counted too. When the data end, what has come since the last summary goes out as `partial`, with `every` together with what a full window would still have had.
 * A key takes at most `n / every` states of the aggregate. It keeps them for as long as it is not heard again: a count does not go by.
 *
 * Throws a `RangeError` where `n` or `every` is not a whole number from 1, and where `n` is not a multiple of `every`.
 *
 * @example
 * // the last window is partial
 * countWindow(2, { key: 'series', aggregate: max() }, time)
 * // readings  -1-3-2-|
 * // summaries ---3---(2|)
 */
export function countWindow<In extends OfMachine = Reading, Result = Stats>(
  n: number,
  options: CountWindowOptions<In, Result>,
  time?: SchedulerLike,
): OperatorFunction<In, Summary<Result>> {
  return keyed(countWindowBehaviour(n, options), options, time)
}
