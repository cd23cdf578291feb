import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Summary } from '../model/index.js'
import type { Duration } from '../time/index.js'
import type { Stats } from './aggregates/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { type EarlyOptions, type SingleWindow, singleWindow } from './single-window.js'
import { windowSize } from './window-alignment.js'
import type { OfMachine, WindowOptions } from './window-options.js'

export interface SessionOptions<In extends OfMachine, Result> extends WindowOptions<In, Result>, EarlyOptions {}

/** What `session` runs for each key. */
export function sessionBehaviour<In extends OfMachine = Reading, Result = Stats>(
  gap: Duration,
  options: SessionOptions<In, Result>,
): Behaviour<In, Summary<Result>, SingleWindow> {
  const pause = windowSize(gap, 'gap')
  return singleWindow('session', { start: (now) => now, end: (now) => now + pause }, options, true)
}

/**
 * One summary for each key and each run of items that come less than `gap` after one another: a run of a motor, say.
 *
 * A session is `[first, last + gap)`, and goes out at its end, before the items of that time: an item exactly `gap` after another begins a new one.
 * The `end` of an `early` or `partial` summary is the one that it has so far. Suspect readings keep a session open too.
 * When the data end, the open sessions go out as `partial`. A key takes a few hundred bytes while its session is open, and nothing after.
 *
 * Throws a `RangeError` for a gap below 1 ms.
 *
 * @example
 * // one character a second; the second session is partial
 * session('3s', { key: 'series', aggregate: count() }, time)
 * // readings  -11---1-|
 * // summaries -----2--(1|)
 */
export function session<In extends OfMachine = Reading, Result = Stats>(
  gap: Duration,
  options: SessionOptions<In, Result>,
  time?: SchedulerLike,
): OperatorFunction<In, Summary<Result>> {
  return keyed(sessionBehaviour(gap, options), options, time)
}
