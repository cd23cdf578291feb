import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { instrumentRange } from '../model/index.js'
import type { Reading, Verdict } from '../model/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface SpikesOptions {
  /** Spikes that make the verdict true; left out: 3. */
  readonly count?: number
  /** Found within so many readings; left out: 720. */
  readonly of?: number
}

interface SpikesState {
  wakeAt: number
  readonly last: number[]
  /** The number of readings so far, and those numbers at which the last spikes were found, two readings behind each. */
  n: number
  readonly at: number[]
  spiky: boolean
}

const PART = 0.1

/** See `spikes`. */
export function spikesBehaviour(options: SpikesOptions = {}): Behaviour<Reading, Verdict, SpikesState> {
  const count = options.count ?? 3
  const span = options.of ?? 720
  return {
    name: 'spikes',
    version: 1,
    start: () => ({ wakeAt: Infinity, last: [], n: 0, at: [], spiky: false }),
    next(state, { machine, sensor, value }, now, emit) {
      const { last, at } = state
      state.n++
      last.push(value)
      if (last.length > 5) last.shift()
      const middle = last[2]
      if (middle === undefined || last.length < 5) return
      const [low, high] = instrumentRange(sensor)
      if (isSpike(last, PART * (high - low))) at.push(state.n)
      while (at.length > 0 && at[0]! <= state.n - span) at.shift()
      if (at.length >= count === state.spiky) return
      state.spiky = !state.spiky
      emit({ kind: 'verdict', time: now, machine, condition: `spikes ${sensor}`, truth: state.spiky, margin: at.length - count })
    },
  }
}

/**
 * Says by a verdict that a sensor gives spikes: `count` found within the last so many readings, suspect ones too. A spike is a value that differs from the median of the five around it
 * by more than a tenth of its instrument's span, while its two neighbours do not (a Hampel filter of width 5 with a fixed threshold). So a start of the motor,
 * which is followed by its running current, counts as one at most. The verdict comes two readings after the spike that decides; a sensor without
 * a known range has none. The condition is named `spikes` and the sensor; the margin is by how many the spikes are more than `count`.
 *
 * @example
 * spikes({ count: 2, of: 6 }, time)
 * // in:  a-a-a-b-a-a-b-a-a-a-a-a-|   temperature_coil, a: 60, b: 90
 * // out: ----------------t-----f-|   t: true, f: false
 */
export function spikes(options: SpikesOptions = {}, time?: SchedulerLike): OperatorFunction<Reading, Verdict> {
  return keyed(spikesBehaviour(options), { key: 'series' }, time)
}

function isSpike(five: readonly number[], threshold: number): boolean {
  if (!five.some((value) => Math.abs(value - five[2]!) > threshold)) return false
  const median = five.toSorted((a, b) => a - b)[2]!
  const far = (i: number): boolean => Math.abs(five[i]! - median) > threshold
  return far(2) && !far(1) && !far(3)
}
