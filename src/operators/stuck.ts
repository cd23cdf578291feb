import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface StuckOptions {
  /** At least so many identical readings; left out: 30. */
  readonly count?: number
}

interface StuckState {
  wakeAt: number
  value: number
  since: number
  count: number
  stuck: boolean
}

/** See `stuck`. */
export function stuckBehaviour(after: Duration, options: StuckOptions = {}): Behaviour<Reading, Verdict, StuckState> {
  const least = options.count ?? 30
  const span = duration(after)
  return {
    name: 'stuck',
    version: 1,
    start: () => ({ wakeAt: Infinity, value: NaN, since: -Infinity, count: 0, stuck: false }),
    next(state, reading, now, emit) {
      const { value } = reading
      if (value !== state.value || value === 0) {
        if (state.stuck) emit(verdict(reading, now, false, 0 - span))
        state.value = value
        state.since = now
        state.count = 1
        state.stuck = false
        return
      }
      state.count++
      if (!state.stuck && state.count >= least && now - state.since >= span) {
        state.stuck = true
        emit(verdict(reading, now, true, now - state.since - span))
      }
    },
  }
}

/**
 * Says by a verdict that a sensor is stuck: it has shown the very same value for `after`, in at least `count` readings. False with the first other value.
 * A value of exactly 0 is never stuck: a machine that stands still shows it. Suspect readings count too, and gaps between readings do.
 * The condition is named `stuck` and the sensor; the margin is how long the value has been the same, less `after`, in milliseconds.
 *
 * @example
 * stuck(4, { count: 3 }, time)
 * // in:  a-b-b-b-b-c-|
 * // out: ------t---f-|   t: true, f: false
 */
export function stuck(after: Duration, options: StuckOptions = {}, time?: SchedulerLike): OperatorFunction<Reading, Verdict> {
  return keyed(stuckBehaviour(after, options), { key: 'series' }, time)
}

function verdict({ machine, sensor }: Reading, time: number, truth: boolean, margin: number): Verdict {
  return { kind: 'verdict', time, machine, condition: `stuck ${sensor}`, truth, margin }
}
