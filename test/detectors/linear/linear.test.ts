import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { eigenOf } from '../../../src/detectors/linear/eigen.js'
import { addSample, newMoments } from '../../../src/detectors/linear/moments.js'
import { fitPca, t2q } from '../../../src/detectors/linear/pca.js'
import { newRls, rlsPredict, rlsStep } from '../../../src/detectors/linear/rls.js'
import { random } from '../../random.js'

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)

const momentsOf = (rows: readonly (readonly number[])[]) => {
  const moments = newMoments(rows[0]!.length)
  for (const row of rows) addSample(moments, row)
  return moments
}

describe('eigenOf', () => {
  test('of a matrix whose values are known: 2 +- 1 along the diagonals of the plane', () => {
    const [first, second] = eigenOf([[2, 1], [1, 2]])
    expect(first!.value).toBeCloseTo(3, 14)
    expect(second!.value).toBeCloseTo(1, 14)
    expect(first!.vector[0]).toBeCloseTo(Math.SQRT1_2, 14)
    expect(first!.vector[1]).toBeCloseTo(Math.SQRT1_2, 14)
  })

  const matrix = fc.integer({ min: 1, max: 7 }).chain((n) => fc.array(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }))
  property.prop([matrix])('the vectors are orthonormal, each is only stretched, the values fall, their sum is the trace', (any) => {
    const symmetric = any.map((row, i) => row.map((x, j) => x + any[j]![i]!))
    const found = eigenOf(symmetric)
    const scale = 1 + Math.max(...symmetric.flat().map(Math.abs))
    for (const [i, { value, vector }] of found.entries()) {
      for (const [j, other] of found.entries()) expect(dot(vector, other.vector)).toBeCloseTo(i === j ? 1 : 0, 10)
      for (const [k, row] of symmetric.entries()) expect(Math.abs(dot(row, vector) - value * vector[k]!) / scale).toBeLessThan(1e-11)
      if (i > 0) expect(value).toBeLessThanOrEqual(found[i - 1]!.value)
    }
    expect(Math.abs(found.reduce((sum, { value }) => sum + value, 0) - symmetric.reduce((sum, row, i) => sum + row[i]!, 0)) / scale).toBeLessThan(1e-11)
  })
})

describe('PCA', () => {
  const next = random(1)
  const rows = Array.from({ length: 200 }, () => {
    const load = next()
    return [load + 0.1 * next(), 40 + 10 * load + next(), 5 * next(), 7]
  })

  test('with all components Q is 0, and T2 has the mean (n - 1) / n times their number, as the squares of whitened samples have', () => {
    const model = fitPca(momentsOf(rows), 4)
    expect(model.loadings).toHaveLength(3) // one of the four signals does not move
    const all = rows.map((row) => t2q(model, row))
    expect(Math.max(...all.map(([, q]) => q))).toBeLessThan(1e-25)
    expect(all.reduce((sum, [t2]) => sum + t2, 0) / rows.length).toBeCloseTo((3 * 199) / 200, 10)
  })

  test('Q has the variance left out', () => {
    const [, , rest] = fitPca(momentsOf(rows), 3).variances
    const model = fitPca(momentsOf(rows), 2)
    expect(rows.reduce((sum, row) => sum + t2q(model, row)[1], 0) / 199).toBeCloseTo(rest!, 10)
  })

  test('signals that hang on each other have fewer components than asked for', () => {
    expect(fitPca(momentsOf(rows.map(([a]) => [a!, 2 * a!, 3 - a!])), 3).loadings).toHaveLength(1)
  })

  test('shift and scale of a signal change nothing', () => {
    const one = fitPca(momentsOf(rows), 2)
    const other = fitPca(momentsOf(rows.map(([a, ...rest]) => [1000 - 3 * a!, ...rest])), 2)
    for (const row of rows) {
      const [a, ...rest] = row
      const [t2, q] = t2q(one, row)
      const [t2Of, qOf] = t2q(other, [1000 - 3 * a!, ...rest])
      expect(t2Of).toBeCloseTo(t2, 8)
      expect(qOf).toBeCloseTo(q, 8)
    }
  })

  test('needs two samples', () => {
    expect(() => fitPca(momentsOf([[1, 2]]), 1)).toThrow('principal components of 1 samples, expected 2 or more')
  })
})

describe('RLS', () => {
  test('finds the line that the samples are on, and its residual is what the prediction missed', () => {
    const state = newRls(2, 1e6)
    const next = random(2)
    for (let i = 0; i < 50; i++) {
      const x = [next(), 1]
      const y = 3 * x[0]! - 2
      const predicted = rlsPredict(state, x)
      expect(rlsStep(state, x, y)).toBe(y - predicted)
    }
    expect(state.weights[0]).toBeCloseTo(3, 4)
    expect(state.weights[1]).toBeCloseTo(-2, 4)
  })

  test('of one constant input it is the mean, shrunk by 1 / p0', () => {
    const state = newRls(1, 10)
    for (const y of [1, 2, 6]) rlsStep(state, [1], y)
    expect(state.weights[0]).toBeCloseTo(9 / (3 + 1 / 10), 12)
  })

  test('what is forgotten counts less: of one constant input it is the weighted mean', () => {
    const state = newRls(1, 1e12)
    for (const y of [1, 2, 6]) rlsStep(state, [1], y, 0.5)
    expect(state.weights[0]).toBeCloseTo((1 / 4 + 2 / 2 + 6) / (1 / 4 + 1 / 2 + 1), 9)
  })
})
