import { describe, expect, test } from 'vitest'
import { cusum, parametersOf, scoresOf } from '../../src/detectors/index.js'
import { autoregressive, gaussian } from './gaussian.js'

const given = { mean: 10, sigma: 2, k: 0.5, limit: 4 }

describe('cusum', () => {
  test('sums what is beyond k on either side, and never falls below 0', () => {
    // In deviations: 1, 2, -1, -4; above: 0.5, 2, 0.5, 0; below: 0, 0, 0.5, 4.
    expect(scoresOf(cusum, [[12], [14], [8], [2]], given)).toEqual([0.5 / 4, 2 / 4, 0.5 / 4, 4 / 4])
  })

  test('a sum ends at twice the limit', () => {
    const scores = scoresOf(cusum, [...new Array<number[]>(100).fill([100]), [10], [10]], given)
    expect(scores[99]).toBe(2)
    expect(scores.slice(-2)).toEqual([2 - 0.5 / 4, 2 - 1 / 4])
  })

  test('of autocorrelated data the limit is as many times higher as their sums vary more: for phi 0.7 somewhat less than 5.7 times, for batches are finite', () => {
    const limitOf = (phi: number): number => {
      const params = parametersOf(cusum, { warmup: 100_000 })
      const state = cusum.start(params, 1)
      const next = autoregressive(phi, 3)
      for (let i = 0; i < 100_000; i++) cusum.next(state, [next()], i, true, params)
      return Number(/limit ([\d.]+)$/.exec(cusum.why(state, params, ''))![1]) / params.limit
    }
    expect(limitOf(0)).toBeGreaterThan(0.999)
    expect(limitOf(0)).toBeLessThan(1.05)
    // Of means of 20 the exact ratio is (1 + phi) / (1 - phi) - 2 phi (1 - phi^20) / (20 (1 - phi)^2) = 4.89.
    expect(limitOf(0.7) / 4.89).toBeGreaterThan(0.95)
    expect(limitOf(0.7) / 4.89).toBeLessThan(1.05)
  })

  test('a step of one deviation is found', () => {
    const next = gaussian(2)
    const scores = scoresOf(cusum, Array.from({ length: 1300 }, (_, i) => [next() + (i < 1200 ? 0 : 1)]))
    expect(Math.max(...scores.slice(1000, 1200))).toBeLessThan(1)
    expect(scores.findIndex((score) => score > 1)).toBeLessThan(1250)
  })

  test('says on which side', () => {
    const params = parametersOf(cusum, given)
    const state = cusum.start(params, 1)
    cusum.next(state, [4], 0, true, params)
    expect(cusum.why(state, params, 'A')).toBe('2.5 sigma in all, each sample less 0.5, below 10 A, limit 4')
  })
})
