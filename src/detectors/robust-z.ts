import { shown, withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { last, take } from './ring.js'
import type { Last } from './ring.js'
import { medianOf, medianDeviation, resort } from './median.js'

interface State {
  readonly of: Last
  /** The same values, the least first. */
  readonly sorted: number[]
  x: number
  median: number
  /** Half of the window lies within it of the median. */
  mad: number
}

/**
 * Iglewicz's and Hoaglin's modified z-score: |0.6745 (x - median) / MAD| over `limit`, with the median and the median absolute deviation of the `window` samples before it.
 *
 * A sample that is judged only is not in the window. Known once the window is full; unknown while more than half of the window is one value, for then there is no measure of how much is much.
 * The time of a sample grows with the window.
 *
 * @example
 * import { robustZ, scoresOf } from 'motorwatch/detectors'
 * scoresOf(robustZ, [[1], [2], [3], [4], [5], [8]], { window: 5, limit: 0.6745 }) // [NaN, NaN, NaN, NaN, NaN, 5]
 */
export const robustZ: Detector<'window' | 'limit', State> = {
  name: 'robustZ',
  sees: 'a value far from those just before it, however wild a minority of them was',
  misses: 'slow changes: the window goes with them; signals that mostly stand still',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples 3 on independent data, on AR(1) 7 with phi 0.7 and 83 with phi 0.9, for which the window is short',
  source: 'Iglewicz and Hoaglin 1993, whose limit is 3.5; standards.md of the project',
  parameters: {
    window: { default: 120, unit: 'samples', min: 5, max: 2000, whole: true, about: 'before the sample' },
    limit: { default: 6, unit: 'sigma', min: 0.1, max: 1000, about: 'of a normal distribution with that MAD; the books have 3.5' },
  },
  inputs: [1, 1],
  start: ({ window }) => ({ of: last(window), sorted: [], x: NaN, median: NaN, mad: NaN }),
  next: (state, [x = NaN], _time, learn, { window, limit }) => {
    if (x !== x) return NaN
    let score = NaN
    if (state.sorted.length === window) {
      state.x = x
      state.median = medianOf(state.sorted)
      state.mad = medianDeviation(state.sorted, state.median)
      if (state.mad > 0) score = (0.6745 * Math.abs(x - state.median)) / state.mad / limit
    }
    if (learn) resort(state.sorted, take(state.of, x), x)
    return score
  },
  why: ({ of, sorted, x, median, mad }, { window, limit }, unit) => {
    if (mad !== mad) return `learning: ${sorted.length} of ${window} samples`
    if (mad === 0) return `unknown: most of the last ${Math.min(of.count, window)} samples are ${withUnit(median, unit)}`
    return `${withUnit(x, unit)} is ${shown((0.6745 * Math.abs(x - median)) / mad)} robust sigma ${x < median ? 'below' : 'above'} the median ${withUnit(median, unit)} of ${window} samples, limit ${shown(limit)}`
  },
}
