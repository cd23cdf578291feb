import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Summary } from '../model/index.js'
import { formatDuration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Stats } from './aggregates/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { type Alignment, type AlignmentOptions, windowAlignment, windowSize } from './window-alignment.js'
import { aggregateOf, keyText, type OfMachine, own, type Owner, summary, type WindowOptions } from './window-options.js'

export interface HoppingOptions<In extends OfMachine, Result> extends WindowOptions<In, Result>, AlignmentOptions {}

interface Pane {
  readonly start: number
  readonly part: unknown
}

/** The panes of the open windows that have items, in the order of time. */
interface Panes extends Owner {
  wakeAt: number
  /** The end of the last pane; -Infinity: there is none. */
  end: number
  panes: Pane[]
}

/** What `hopping` runs for each key. */
export function hoppingBehaviour<In extends OfMachine = Reading, Result = Stats>(
  size: Duration,
  hop: Duration,
  options: HoppingOptions<In, Result>,
): Behaviour<In, Summary<Result>, Panes> {
  const length = windowSize(hop, 'hop')
  const count = windowSize(size) / length
  if (!Number.isInteger(count)) {
    throw new RangeError(`hopping: a size of ${formatDuration(count * length)} is not a multiple of the hop of ${formatDuration(length)}, expected one such as ${formatDuration(Math.ceil(count) * length)}`)
  }
  const aggregate = aggregateOf(options)
  const paneOf = windowAlignment(length, options)
  const startOf = windowStart(paneOf, count)

  /** Makes the summary of the window that ends at `end`, and drops the pane that no later window has. */
  const close = (state: Panes, end: number, time: number, status?: 'partial'): Summary<Result> => {
    const start = startOf(end)
    const whole = aggregate.start()
    for (const { part } of state.panes) aggregate.merge(whole, part)
    if (state.panes[0]!.start <= start) state.panes.shift()
    state.wakeAt = state.panes.length === 0 ? Infinity : paneOf.end(end)
    return summary(state, time, start, end, aggregate.result(whole), status)
  }

  return {
    name: options.name ?? 'hopping',
    version: 1,
    start: (key) => ({ wakeAt: Infinity, end: -Infinity, machine: '', sensor: '', key: keyText(options, key), panes: [] }),
    next(state, item, now) {
      if (now >= state.end) {
        if (state.panes.length === 0) own(state, item, options)
        state.panes.push({ start: paneOf.start(now), part: aggregate.start() })
        state.wakeAt = state.end = paneOf.end(now)
      }
      aggregate.add(state.panes[state.panes.length - 1]!.part, item, now)
    },
    wake(state, due, emit) {
      emit(close(state, due, due))
    },
    end(state, now, emit) {
      while (state.wakeAt < Infinity) emit(close(state, state.wakeAt, now, 'partial'))
    },
    idle: (state) => state.panes.length === 0,
  }
}

/** The start of the window of `count` panes that ends where a pane ends. All keys ask for one end after the other: it goes on from the last. */
function windowStart(pane: Alignment, count: number): (end: number) => number {
  let last: { readonly end: number; readonly start: number } | undefined
  return (end) => {
    if (last?.end === end) return last.start
    let start = end
    if (last !== undefined && pane.end(last.end) === end) start = pane.end(last.start)
    else for (let i = 0; i < count; i++) start = pane.start(start - 1)
    last = { end, start }
    return start
  }
}

/**
 * Like `tumbling`, but windows of `size` overlap: one ends every `hop`. Made from panes of one `hop` each, which are merged where a window ends.
 *
 * A summary goes out for each window that has items, so an item is in `size / hop` of them. With a `zone` the panes follow its wall clock
 * as the windows of `tumbling` do, and a window is the last `size / hop` panes: 7 days by 1 day are calendar days, 24 hours by 1 hour are 24 hours of elapsed time.
 * When the data end, every window that has items and is still open goes out as `partial`.
 * A key takes one state of the aggregate for each pane that has items, `size / hop` at most, and nothing after its last window.
 * There is no `early`: a shorter hop gives that.
 *
 * Throws a `RangeError` where `size` is not a multiple of `hop`, for a hop below 1 ms, and for a zone that is not known.
 *
 * @example
 * // one character a second
 * hopping('6s', '3s', { key: 'series', aggregate: max() }, time)
 * // readings  -5-1------|
 * // summaries ---5--5--1|
 */
export function hopping<In extends OfMachine = Reading, Result = Stats>(
  size: Duration,
  hop: Duration,
  options: HoppingOptions<In, Result>,
  time?: SchedulerLike,
): OperatorFunction<In, Summary<Result>> {
  return keyed(hoppingBehaviour(size, hop, options), options, time)
}
