import type { Detector } from './detector.js'
import { shown, withUnit } from './detector.js'
import { deviationOf, inDeviations, newSpread, see } from './spread.js'
import type { Spread } from './spread.js'
import { meanOf, move, moving, renew } from './moving.js'
import type { Moving } from './moving.js'

type P = 'warmup' | 'window' | 'limit' | 'off' | 'adapt'

interface State {
  readonly values: Moving
  /** Of the samples and of their moving mean, while it learns. */
  readonly single: Spread
  readonly smooth: Spread
  reference: number
  scale: number
  mean: number
  on: boolean
  /** So many samples in a row were calm. */
  calm: number
  /** So many of the latest samples might all be learned. */
  clean: number
}

/** After so many calm samples it follows the signal again. */
const CALM = 3

/**
 * A level that has moved: the mean of the last samples against a reference, in units of what that mean was measured to vary by in the warm-up (not what independent samples would give, so that it holds for signals with memory).
 * The score is that distance divided by `limit`. While it is calm the reference follows slowly (`adapt` a sample), so that seasons and age are no alarm; from the limit on until three samples in a row are below `off` it stands still, so that a fault is not learned.
 *
 * Known after `warmup` samples. Nothing is learned of a mean in which a sample was judged only.
 *
 * @example
 * import { gatedChart, scoresOf } from 'motorwatch/detectors'
 * const well = Array.from({ length: 600 }, (_, i) => [20 + (i % 2)])
 * scoresOf(gatedChart, [...well, [20], [30]]).slice(-2).map((score) => score > 1) // [false, true]
 */
export const gatedChart: Detector<P, State> = {
  name: 'gatedChart',
  sees: 'a level that has moved, within a few samples',
  misses: 'what moves more slowly than it follows; bursts shorter than its window',
  falseAlarms: 'in 20 machine-weeks of 60,480 samples none on independent data, 4 on AR(1) with phi 0.7, 8 with phi 0.9, if the warm-up has seen what is usual',
  source: 'detection.md of the project: trials on public benchmarks',
  parameters: {
    warmup: { default: 400, unit: 'samples', min: 20, max: 1_000_000, whole: true, about: 'that make the reference' },
    window: { default: 10, unit: 'samples', min: 1, max: 1000, whole: true, about: 'over which the level is taken' },
    limit: { default: 5, unit: 'sigma', min: 0.1, max: 1000, about: 'of the level, as measured in the warm-up' },
    off: { default: 3, unit: 'sigma', min: 0, max: 1000, about: 'below which it is calm again' },
    adapt: { default: 0.002, unit: '1', min: 0, max: 1, about: 'part of the way that the reference follows a sample; 0: it is frozen' },
  },
  inputs: [1, 1],
  start: ({ window }) => ({ values: moving([window], window), single: newSpread(), smooth: newSpread(), reference: NaN, scale: NaN, mean: NaN, on: false, calm: 0, clean: 0 }),
  next: (state, [x = NaN], _time, learn, { warmup, window, limit, off, adapt }) => {
    if (x !== x) return NaN
    const windows = [window]
    state.clean = learn ? state.clean + 1 : 0
    if (state.scale !== state.scale) {
      if (!learn) return NaN
      move(state.values, windows, x)
      see(state.single, x)
      if (state.values.values.count >= window) see(state.smooth, meanOf(state.values, windows, 0))
      if (state.single.count < warmup) return NaN
      state.reference = state.single.mean
      state.scale = Math.max(deviationOf(state.smooth), deviationOf(state.single) / Math.sqrt(window))
      return NaN
    }
    move(state.values, windows, x)
    if (state.clean === window) renew(state.values, windows, x)
    state.mean = meanOf(state.values, windows, 0)
    const z = Math.abs(inDeviations(state.mean - state.reference, state.scale))
    if (state.clean < window) return z / limit
    state.calm = z < off ? state.calm + 1 : 0
    state.on = z > limit || (state.on && state.calm < CALM)
    if (!state.on) state.reference += adapt * (state.mean - state.reference)
    return z / limit
  },
  why: ({ single, scale, mean, reference }, { warmup, window }, unit) =>
    scale !== scale || mean !== mean ? `learning: ${single.count} of ${warmup} samples` : `mean over ${window} samples ${withUnit(mean, unit)}, reference ${withUnit(reference, unit)}: ${shown(Math.abs(inDeviations(mean - reference, scale)))} sigma away`,
}
