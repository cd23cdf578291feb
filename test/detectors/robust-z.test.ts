import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { medianDeviation, medianOf, quantileOf, resort } from '../../src/detectors/median.js'
import { parametersOf, robustZ, scoresOf } from '../../src/detectors/index.js'

const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { minLength: 1, maxLength: 40 })
const sort = (of: readonly number[]): number[] => of.toSorted((a, b) => a - b)

describe('medians', () => {
  property.prop([values])('the median deviation is the median of the sorted distances', (of) => {
    const median = medianOf(sort(of))
    expect(medianDeviation(sort(of), median)).toBe(medianOf(sort(of.map((x) => Math.abs(x - median)))))
  })

  property.prop([values, fc.double({ min: -10, max: 10, noNaN: true })])('resorted, the values are sorted, one taken out and one put in', (of, come) => {
    const sorted = sort(of)
    resort(sorted, of[0]!, come)
    expect(sorted.map((x) => x + 0)).toEqual(sort([...of.slice(1), come]).map((x) => x + 0))
  })

  property.prop([values])('the quantile at a half is the median, those at the ends the ends', (of) => {
    expect(quantileOf(of, 0.5)).toBeCloseTo(medianOf(sort(of)), 6)
    expect([quantileOf(of, 0), quantileOf(of, 1)].map((x) => x + 0)).toEqual([sort(of)[0]! + 0, sort(of).at(-1)! + 0])
  })
})

describe('robustZ', () => {
  test('is the distance from the median of those before, in median distances', () => {
    // Of 1, 2, 3, 4, 100 the median is 3, the distances are 2, 1, 0, 1, 97: their median is 1.
    expect(scoresOf(robustZ, [[1], [2], [3], [100], [4], [8]], { window: 5, limit: 0.6745 }).at(-1)).toBe(5)
  })

  test('is unknown while most of the window is one value', () => {
    const scores = scoresOf(robustZ, [[1], [1], [1], [2], [3], [9], [4], [5]], { window: 5 })
    expect(scores.map((score) => score === score)).toEqual([false, false, false, false, false, false, true, true])
  })

  test('a level that is judged only leaves the window as it is', () => {
    const params = parametersOf(robustZ, { window: 5 })
    const state = robustZ.start(params, 1)
    for (const [i, x] of [1, 2, 3, 4, 5].entries()) robustZ.next(state, [x], i, true, params)
    const first = robustZ.next(state, [50], 5, false, params)
    for (let i = 6; i < 50; i++) expect(robustZ.next(state, [50], i, false, params)).toBe(first)
    expect(robustZ.why(state, params, 'A')).toBe('50 A is 31.7 robust sigma above the median 3 A of 5 samples, limit 6')
  })
})
