import type { Detector } from './detector.js'
import { shown, withUnit } from './detector.js'
import { deviationOf, newSpread, see } from './spread.js'
import type { Spread } from './spread.js'

type P = 'warmup' | 'lambda' | 'limit' | 'persistence' | 'floor'

interface State {
  /** The smoothed logarithm. */
  smooth: number
  readonly seen: Spread
  /** Distances in sigma of the last samples, as many as it takes. */
  readonly last: number[]
}

/**
 * Slow wear: an exponentially weighted mean of the logarithm, against a reference that is frozen after the warm-up, in units of what that mean was measured to vary by in it. Rising and falling both count. The score is the least of the last `persistence` distances, divided by `limit`.
 *
 * It never adapts, so what grows slowly enough to be within reach of every adaptive detector is seen; therefore it alarms at any lasting change, a new recipe too, until it is learned anew. Values at or below 0 count as not there.
 * Known after `warmup` samples and `persistence` more. A sample that is judged only (`learn` false) moves the smoothed mean and not the reference.
 *
 * `floor`: the least sigma, as a fraction of the value, so that a signal which happened to stand still in the warm-up is not judged by its noise.
 *
 * @example
 * import { wearChart, scoresOf } from 'motorwatch/detectors'
 * const well = Array.from({ length: 600 }, (_, i) => [20 + (i % 2)])
 * const worn = Array.from({ length: 50 }, () => [30])
 * scoresOf(wearChart, [...well, ...worn]).filter((_, i) => i === 599 || i === 649).map((score) => score > 1) // [false, true]
 */
export const wearChart: Detector<P, State> = {
  name: 'wearChart',
  sees: 'a level that has left its reference for good, however slowly',
  misses: 'what is over within a few samples; what was there before it began to learn',
  falseAlarms: 'not measured on signals of the books, whose values are not all above 0; on simulated motors see the scoreboard',
  source: 'detection.md of the project (gatedChart for wear); Roberts (1959) for the EWMA',
  parameters: {
    warmup: { default: 400, unit: 'samples', min: 20, max: 1_000_000, whole: true, about: 'that make the reference' },
    lambda: { default: 0.15, unit: '1', min: 0.001, max: 1, about: 'the weight of a sample' },
    limit: { default: 6, unit: 'sigma', min: 0.1, max: 1000, about: 'of the smoothed logarithm, as measured in the warm-up' },
    persistence: { default: 3, unit: 'samples', min: 1, max: 1000, whole: true, about: 'in a row that must be that far away' },
    floor: { default: 0.005, unit: 'of the value', min: 0, max: 1, about: 'the least sigma' },
  },
  inputs: [1, 1],
  start: () => ({ smooth: NaN, seen: newSpread(), last: [] }),
  next: (state, [x = NaN], _time, learn, { warmup, lambda, limit, persistence, floor }) => {
    if (!(x > 0)) return NaN
    const learning = state.seen.count < warmup
    if (learning && !learn) return NaN
    const log = Math.log(x)
    state.smooth = state.smooth !== state.smooth ? log : state.smooth + lambda * (log - state.smooth)
    if (learning) {
      see(state.seen, state.smooth)
      return NaN
    }
    if (state.last.push((state.smooth - state.seen.mean) / sigma(state.seen, floor)) > persistence) state.last.shift()
    if (state.last.length < persistence) return NaN
    const up = Math.min(...state.last)
    const down = -Math.max(...state.last)
    return Math.max(up, down, 0) / limit
  },
  why: ({ smooth, seen, last }, { warmup, floor }, unit) =>
    last.length === 0
      ? `learning: ${seen.count} of ${warmup} samples`
      : `smoothed ${withUnit(Math.exp(smooth), unit)}, ${withUnit(Math.exp(seen.mean), unit)} when learned: ${shown(Math.abs(smooth - seen.mean) / sigma(seen, floor))} sigma ${smooth > seen.mean ? 'above' : 'below'}`,
}

const sigma = (seen: Spread, floor: number): number => Math.max(deviationOf(seen), floor)
