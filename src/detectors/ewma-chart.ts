import { shown, withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { newSmoothed, smooth, smoothedDeviation } from './smoothed.js'
import type { Smoothed } from './smoothed.js'
import { inDeviations, referenceParameters } from './spread.js'

interface State {
  readonly of: Smoothed
}

/**
 * Roberts' chart: an exponentially weighted moving average, and how far it is from the mean of the reference, in deviations of the average, over `limit`.
 *
 * The reference is learned in the warm-up and then stays. The deviation is that of the average itself, as measured there, and at least what independent samples would give it: so the limit holds for autocorrelated data too.
 * With `sigma` above 0 it is the chart of the books: mean and deviation are given, samples are taken for independent, and there is no warm-up; limit 4.2 then buys one false alarm in 60,480 samples, 8.5 with AR(1), phi 0.7.
 *
 * @example
 * import { ewmaChart, scoresOf } from 'motorwatch/detectors'
 * scoresOf(ewmaChart, [[0], [3], [3]], { mean: 0, sigma: 1, lambda: 0.4, limit: 2 }) // [0, 1.2, 1.92]
 */
export const ewmaChart: Detector<'lambda' | 'limit' | 'warmup' | 'mean' | 'sigma', State> = {
  name: 'ewmaChart',
  sees: 'a lasting change of the mean, also a small one',
  misses: 'single values, a change of the deviation alone; a benign change of recipe or season is one of the mean',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples none on independent data and AR(1) with phi 0.7, 1 with phi 0.9',
  source: 'Roberts 1959; Lucas and Saccucci 1990; detection.md of the project: measure the deviation of the smoothed statistic',
  parameters: {
    lambda: { default: 0.1, unit: '1', min: 0.001, max: 1, about: 'the weight of a sample; 1: no smoothing' },
    limit: { default: 6, unit: 'sigma', min: 0.1, max: 1000, about: 'of the average' },
    ...referenceParameters,
  },
  inputs: [1, 1],
  start: ({ mean, sigma, warmup }) => {
    const of = newSmoothed()
    if (sigma > 0) Object.assign(of, { x: { count: warmup, mean, squares: sigma * sigma * (warmup - 1) }, now: mean })
    return { of }
  },
  next: ({ of }, [x = NaN], _time, learn, params) => (x === x ? Math.abs(smooth(of, x, learn, params)) / params.limit : NaN),
  why: ({ of }, { lambda, limit, warmup }, unit) => {
    if (of.x.count < warmup) return `learning: ${of.x.count} of ${warmup} samples`
    const off = inDeviations(of.now - of.x.mean, smoothedDeviation(of, lambda))
    return `the average ${withUnit(of.now, unit)} is ${shown(Math.abs(off))} sigma ${off < 0 ? 'below' : 'above'} ${withUnit(of.x.mean, unit)}, limit ${shown(limit)}`
  },
}
