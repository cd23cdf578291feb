import { shown, withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { newSmoothed, smooth, smoothedDeviation } from './smoothed.js'
import type { Smoothed } from './smoothed.js'
import { inDeviations } from './spread.js'

interface State {
  readonly of: Smoothed
}

/**
 * Two sensors that should tell the same: a slow average of their difference, and how far it is from what it was in the warm-up, in deviations of the average, over `limit`. That they differ by a constant is learned.
 *
 * The deviation is that of the average itself, as measured in the warm-up, and at least what independent samples would give it. Which of the two drifts it cannot tell.
 *
 * @example
 * import { scoresOf, twinDrift } from 'motorwatch/detectors'
 * const twins = Array.from({ length: 3000 }, (_, i) => [Math.sin(i), Math.sin(i) + Math.sin(i * i) + (i < 2000 ? 0 : 1)])
 * scoresOf(twinDrift, twins).slice(-1).map((score) => score > 1) // [true]
 */
export const twinDrift: Detector<'lambda' | 'limit' | 'warmup', State> = {
  name: 'twinDrift',
  sees: 'a sensor that slowly goes wrong beside one that does not, whatever both measure',
  misses: 'what both do alike; which of the two it is',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples none on independent data and AR(1) with phi 0.7 and 0.9',
  source: 'detection.md of the project; the chart is that of Roberts 1959',
  parameters: {
    lambda: { default: 0.02, unit: '1', min: 0.001, max: 1, about: 'the weight of a sample; 1: no smoothing' },
    limit: { default: 6, unit: 'sigma', min: 0.1, max: 1000, about: 'of the average' },
    warmup: { default: 2000, unit: 'samples', min: 20, max: 1e6, whole: true, about: 'learned before the first score' },
  },
  inputs: [2, 2],
  start: () => ({ of: newSmoothed() }),
  next: ({ of }, [x = NaN, twin = NaN], _time, learn, params) => (x - twin === x - twin ? Math.abs(smooth(of, x - twin, learn, params)) / params.limit : NaN),
  why: ({ of }, { lambda, limit, warmup }, unit) => {
    if (of.x.count < warmup) return `learning: ${of.x.count} of ${warmup} samples`
    const off = Math.abs(inDeviations(of.now - of.x.mean, smoothedDeviation(of, lambda)))
    return `it is ${withUnit(of.now, unit)} more than its twin, and was ${withUnit(of.x.mean, unit)}: ${shown(off)} sigma, limit ${shown(limit)}`
  },
}
