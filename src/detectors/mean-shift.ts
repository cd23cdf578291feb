import type { Detector } from './detector.js'
import { shown, withUnit } from './detector.js'
import { meanOf, move, moving, renew } from './moving.js'
import type { Moving } from './moving.js'
import { inDeviations } from './spread.js'

type P = 'warmup' | 'window' | 'limit'

interface State {
  readonly values: Moving
  /** The sum of the squared differences in the warm-up, and their count. */
  squares: number
  count: number
  /** So many of the latest samples might all be learned. */
  clean: number
  before: number
  now: number
}

/**
 * A step: the mean of the last samples less the mean of as many before them, in units of what that difference was in the warm-up (root mean square). The score is its magnitude divided by `limit`. Rules that use it clear at 0.6 (1.8 of 3) and hold for 20 samples.
 *
 * It needs no reference level, so it is calm again once the step has gone through both windows. Known after `warmup` differences. Nothing is learned of means in which a sample was judged only.
 *
 * @example
 * import { meanShift, scoresOf } from 'motorwatch/detectors'
 * const well = Array.from({ length: 600 }, (_, i) => [20 + (i % 2)])
 * scoresOf(meanShift, [...well, [20], [30]]).slice(-2).map((score) => score > 1) // [false, true]
 */
export const meanShift: Detector<P, State> = {
  name: 'meanShift',
  sees: 'a step of the level, whatever the level is',
  misses: 'what changes over many windows; it forgets a step as soon as it is over',
  falseAlarms: 'in 20 machine-weeks of 60,480 samples 118 a week on independent data, 64 on AR(1) with phi 0.7, 52 with phi 0.9: use it with a delay or beside another condition',
  source: 'detection.md of the project: trials on public benchmarks',
  parameters: {
    warmup: { default: 400, unit: 'samples', min: 20, max: 1_000_000, whole: true, about: 'in which differences are learned' },
    window: { default: 15, unit: 'samples', min: 2, max: 1000, whole: true, about: 'of each of the two means' },
    limit: { default: 3, unit: 'sigma', min: 0.1, max: 1000, about: 'of the difference, as measured in the warm-up' },
  },
  inputs: [1, 1],
  start: ({ window }) => ({ values: moving([window, 2 * window], 2 * window), squares: 0, count: 0, clean: 0, before: NaN, now: NaN }),
  next: (state, [x = NaN], _time, learn, { warmup, window, limit }) => {
    if (x !== x) return NaN
    const windows = [window, 2 * window]
    move(state.values, windows, x)
    state.clean = learn ? state.clean + 1 : 0
    if (state.clean === 2 * window) renew(state.values, windows, x)
    if (state.values.values.count < 2 * window) return NaN
    state.now = meanOf(state.values, windows, 0)
    state.before = 2 * meanOf(state.values, windows, 1) - state.now
    const step = state.now - state.before
    if (state.count < warmup) {
      if (state.clean < 2 * window) return NaN
      state.squares += step * step
      state.count += 1
      return NaN
    }
    return Math.abs(inDeviations(step, Math.sqrt(state.squares / state.count))) / limit
  },
  why: ({ now, before, squares, count }, { warmup, window }, unit) =>
    count < warmup ? `learning: ${count} of ${warmup} samples` : `mean over ${window} samples ${withUnit(now, unit)}, over the ${window} before ${withUnit(before, unit)}: a step of ${shown(Math.abs(inDeviations(now - before, Math.sqrt(squares / count))))} sigma`,
}
