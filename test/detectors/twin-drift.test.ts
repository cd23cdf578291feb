import { describe, expect, test } from 'vitest'
import { parametersOf, scoresOf, twinDrift } from '../../src/detectors/index.js'
import { autoregressive, gaussian } from './gaussian.js'

/** Two sensors at one place, the first of which drifts by so much a sample from sample 3000 on. */
const twins = (rate: number): readonly (readonly number[])[] => {
  const [place, one, other] = [autoregressive(0.99, 1), gaussian(2), gaussian(3)]
  return Array.from({ length: 6000 }, (_, i) => {
    const both = 60 + 10 * place()
    return [both + one() + rate * Math.max(0, i - 3000), both + 4 + other()]
  })
}

describe('twinDrift', () => {
  test('what both do alike is nothing, that they differ by a constant neither', () => {
    expect(Math.max(...scoresOf(twinDrift, twins(0)).slice(2000))).toBeLessThan(1)
  })

  test('a drift is seen long before it is as large as what both do alike', () => {
    const first = scoresOf(twinDrift, twins(0.01)).findIndex((score) => score > 1)
    expect(first).toBeGreaterThan(3000)
    expect(0.01 * (first - 3000)).toBeLessThan(5)
  })

  test('says by how much they differ, and did', () => {
    const params = parametersOf(twinDrift)
    const state = twinDrift.start(params, 2)
    for (const [i, values] of twins(0.01).entries()) twinDrift.next(state, values, i, true, params)
    expect(twinDrift.why(state, params, 'K')).toMatch(/^it is 2\d(\.\d)? K more than its twin, and was -(4\.0\d|4|3\.9\d) K: [\d.]+ sigma, limit 6$/)
  })

  test('is refused what is not there: one value of the two is missing', () => {
    expect(scoresOf(twinDrift, [[1, NaN], [NaN, 1]], { warmup: 20 })).toEqual([NaN, NaN])
  })
})
