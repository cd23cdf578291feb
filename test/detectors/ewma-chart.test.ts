import { describe, expect, test } from 'vitest'
import { ewmaChart, parametersOf, scoresOf } from '../../src/detectors/index.js'
import { autoregressive, gaussian } from './gaussian.js'

const given = { mean: 10, sigma: 2, lambda: 0.5, limit: 3 }

describe('ewmaChart', () => {
  test('is the average from the given mean on, in deviations of an average of independent samples: sigma sqrt(lambda / (2 - lambda))', () => {
    const deviation = 2 * Math.sqrt(0.5 / 1.5)
    // Averages of 10 by hand: 12, 13, 11.5.
    const [first, second, third] = scoresOf(ewmaChart, [[14], [14], [10]], given)
    expect(first).toBeCloseTo(2 / deviation / 3, 12)
    expect(second).toBeCloseTo(3 / deviation / 3, 12)
    expect(third).toBeCloseTo(1.5 / deviation / 3, 12)
  })

  test('both sides count', () => {
    expect(scoresOf(ewmaChart, [[6]], given)).toEqual(scoresOf(ewmaChart, [[14]], given))
  })

  test('learned, a score comes with the sample after the warm-up', () => {
    const next = gaussian(1)
    const scores = scoresOf(ewmaChart, Array.from({ length: 30 }, () => [next()]), { warmup: 25 })
    expect(scores.map((score) => score === score).indexOf(true)).toBe(25)
  })

  test('its deviation is measured: autocorrelated data score no more than independent ones', () => {
    const largest = (phi: number): number => {
      const next = autoregressive(phi, 4)
      return Math.max(...scoresOf(ewmaChart, Array.from({ length: 20_000 }, () => [next()])).slice(1000))
    }
    for (const phi of [0, 0.5, 0.7, 0.9]) expect(largest(phi)).toBeLessThan(1)
    const next = autoregressive(0.9, 4)
    // The same data, taken for independent.
    expect(Math.max(...scoresOf(ewmaChart, Array.from({ length: 20_000 }, () => [next()]), { mean: 0, sigma: 1 }))).toBeGreaterThan(1)
  })

  test('a step of one deviation is found', () => {
    const next = gaussian(2)
    const scores = scoresOf(ewmaChart, Array.from({ length: 1300 }, (_, i) => [next() + (i < 1200 ? 0 : 2)]))
    expect(Math.max(...scores.slice(1000, 1200))).toBeLessThan(1)
    expect(scores.findIndex((score) => score > 1)).toBeLessThan(1220)
    expect(scores.at(-1)).toBeGreaterThan(1)
  })

  test('what has never moved is infinitely far as soon as it does', () => {
    expect(scoresOf(ewmaChart, [...new Array<number[]>(22).fill([5]), [5.1]], { warmup: 20 }).slice(-3)).toEqual([0, 0, Infinity])
  })

  test('says where the average is', () => {
    const params = parametersOf(ewmaChart, given)
    const state = ewmaChart.start(params, 1)
    ewmaChart.next(state, [4], 0, true, params)
    expect(ewmaChart.why(state, params, 'A')).toBe('the average 7 A is 2.6 sigma below 10 A, limit 3')
    const learning = parametersOf(ewmaChart)
    expect(ewmaChart.why(ewmaChart.start(learning, 1), learning, 'A')).toBe('learning: 0 of 1000 samples')
  })
})
