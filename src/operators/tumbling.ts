import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Summary } from '../model/index.js'
import type { Duration } from '../time/index.js'
import type { Stats } from './aggregates/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { type EarlyOptions, type SingleWindow, singleWindow } from './single-window.js'
import { type AlignmentOptions, windowAlignment, windowSize } from './window-alignment.js'
import type { OfMachine, WindowOptions } from './window-options.js'

export interface TumblingOptions<In extends OfMachine, Result> extends WindowOptions<In, Result>, AlignmentOptions, EarlyOptions {}

/** What `tumbling` runs for each key. */
export function tumblingBehaviour<In extends OfMachine = Reading, Result = Stats>(
  size: Duration,
  options: TumblingOptions<In, Result>,
): Behaviour<In, Summary<Result>, SingleWindow> {
  return singleWindow('tumbling', windowAlignment(windowSize(size), options), options, false)
}

/**
 * One summary for each key and each window `[start, end)` of `size`. Windows follow each other from the epoch, from an `offset` of it,
 * or by the wall clock of a `zone` (sizes of whole days are then calendar days, of 23 or 25 hours at a change of the clock).
 *
 * The summary goes out at the end of its window, before the items of that time, and is stamped with it. A window without items has none.
 * One with suspect readings only has one, whose `count` is 0. When the data end, the open windows go out as `partial`.
 * Summaries of windows may themselves be gathered in windows; by their time they belong to the window that their own end opens.
 * A key takes a few hundred bytes while its window is open, and nothing after.
 *
 * Throws a `RangeError` for a size below 1 ms, and for a zone that is not known.
 *
 * @example
 * // one character a second; the last window is partial
 * tumbling('5s', { key: 'series', aggregate: max() }, time)
 * // readings  -1-3----2--4-|
 * // summaries -----3----2--(4|)
 * @example
 * // shifts at 06:00, 14:00 and 22:00 local time, with a look at the open one each hour
 * tumbling('8h', { key: 'series', offset: '6h', zone: 'Europe/Berlin', early: '1h' }, time)
 */
export function tumbling<In extends OfMachine = Reading, Result = Stats>(
  size: Duration,
  options: TumblingOptions<In, Result>,
  time?: SchedulerLike,
): OperatorFunction<In, Summary<Result>> {
  return keyed(tumblingBehaviour(size, options), options, time)
}
