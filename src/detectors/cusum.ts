import { shown, withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { deviationOf, inDeviations, newSpread, referenceParameters, see } from './spread.js'
import type { Spread } from './spread.js'

interface State {
  readonly x: Spread
  /** A batch of the warm-up, and the means of those before. */
  batch: number
  batched: number
  readonly batches: Spread
  up: number
  down: number
}

/** Samples; longer than what is correlated with what. */
const BATCH = 20

/** How much faster than that of independent samples the variance of a sum grows: by means of batches. */
function inflation({ x, batches }: State): number {
  if (batches.count < 2 || x.squares === 0) return 1
  return Math.max(1, (BATCH * deviationOf(batches) ** 2) / deviationOf(x) ** 2)
}

/**
 * Page's tabular CUSUM, two-sided: the sums of what lies more than `k` deviations above and below the mean of the reference, never below 0; the larger one over `limit`.
 *
 * The reference is learned in the warm-up and then stays. There it is measured, by means of 20 samples, how much faster than of independent samples the variance of a sum grows (5.7 times for AR(1), phi 0.7); the limit is multiplied by that, as for a random walk with a drift it must be.
 * With `sigma` above 0 it is the chart of the books: mean and deviation are given, samples are taken for independent, and there is no warm-up; limit 9.89 then buys one false alarm in 60,480 samples, 44 with AR(1), phi 0.7.
 * A sum ends at twice its limit, so that it comes down again after what was large and long.
 *
 * @example
 * import { cusum, scoresOf } from 'motorwatch/detectors'
 * scoresOf(cusum, [[0], [3], [3]], { mean: 0, sigma: 1, k: 0.5, limit: 4 }) // [0, 0.625, 1.25]
 */
export const cusum: Detector<'k' | 'limit' | 'warmup' | 'mean' | 'sigma', State> = {
  name: 'cusum',
  sees: 'a lasting change of the mean by more than k, the sooner the larger',
  misses: 'a change of less than k, single values, a change of the deviation alone; a benign change of recipe or season is one of the mean',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples none on independent data, on AR(1) 34 with phi 0.7, of 5 machines, and 318 with phi 0.9, of 27: those whose mean the warm-up of 1000 samples has missed',
  source: 'Page 1954; Siegmund 1985 on how the limit goes with the variance; detection.md of the project',
  parameters: {
    k: { default: 0.5, unit: 'sigma', min: 0, max: 10, about: 'half of the change that is to be seen' },
    limit: { default: 16, unit: 'sigma', min: 0.1, max: 10_000, about: 'of the sums, as for independent samples' },
    ...referenceParameters,
  },
  inputs: [1, 1],
  start: ({ mean, sigma, warmup }) => ({
    x: sigma > 0 ? { count: warmup, mean, squares: sigma * sigma * (warmup - 1) } : newSpread(),
    batch: 0, batched: 0, batches: newSpread(), up: 0, down: 0,
  }),
  next: (state, [x = NaN], _time, learn, { k, limit, warmup }) => {
    if (x !== x) return NaN
    if (state.x.count < warmup) {
      if (learn) learnFrom(state, x)
      return NaN
    }
    const z = inDeviations(x - state.x.mean, deviationOf(state.x))
    const most = limit * inflation(state)
    state.up = Math.min(2 * most, Math.max(0, state.up + z - k))
    state.down = Math.min(2 * most, Math.max(0, state.down - z - k))
    return Math.max(state.up, state.down) / most
  },
  why: (state, { k, limit, warmup }, unit) => {
    const { x, up, down } = state
    if (x.count < warmup) return `learning: ${x.count} of ${warmup} samples`
    return `${shown(Math.max(up, down))} sigma in all, each sample less ${shown(k)}, ${down > up ? 'below' : 'above'} ${withUnit(x.mean, unit)}, limit ${shown(limit * inflation(state))}`
  },
}

function learnFrom(state: State, x: number): void {
  see(state.x, x)
  state.batch += x
  state.batched += 1
  if (state.batched < BATCH) return
  see(state.batches, state.batch / BATCH)
  state.batch = state.batched = 0
}
