import { eigenOf } from './eigen.js'
import type { Moments } from './moments.js'

/** The principal components of standardised signals, frozen: plain data. */
export interface Pca {
  readonly mean: readonly number[]
  /** Sample standard deviations; 0: the signal did not move, and is left out of T2 and Q. */
  readonly deviation: readonly number[]
  /** A unit vector for each component, over the signals; the largest variance first. */
  readonly loadings: readonly (readonly number[])[]
  /** Of each component's scores. */
  readonly variances: readonly number[]
}

/** Components of less variance (of 1 for each signal) are rounding errors of signals that hang on each other. */
const LEAST_VARIANCE = 1e-10

/** The first `components` of the correlations between signals; fewer where the signals have no more. Needs two samples at least. */
export function fitPca({ count, mean, products }: Moments, components: number): Pca {
  if (count < 2) throw new RangeError(`principal components of ${count} samples, expected 2 or more`)
  const deviation = products.map((row, i) => Math.sqrt(row[i]! / (count - 1)))
  const correlations = products.map((row, i) => row.map((product, j) => (deviation[i] === 0 || deviation[j] === 0 ? 0 : i === j ? 1 : product / (count - 1) / deviation[i]! / deviation[j]!)))
  const kept = eigenOf(correlations).filter(({ value }) => value > LEAST_VARIANCE).slice(0, components)
  return { mean: [...mean], deviation, loadings: kept.map(({ vector }) => vector), variances: kept.map(({ value }) => value) }
}

/**
 * How unusual a sample is: `t2`, Hotelling's, within the components (the sum of squared scores, each over its variance), and `q`, the squared prediction error outside of them.
 * Of normal data T2 has the mean that there are components, Q the sum of the variances that were left out.
 */
export function t2q({ mean, deviation, loadings, variances }: Pca, sample: readonly number[]): readonly [t2: number, q: number] {
  const residual = mean.map((m, i) => (deviation[i] === 0 ? 0 : (sample[i]! - m) / deviation[i]!))
  const scores = loadings.map((loading) => loading.reduce((sum, weight, i) => sum + weight * residual[i]!, 0))
  let t2 = 0
  for (const [k, score] of scores.entries()) {
    t2 += (score * score) / variances[k]!
    for (const [i, weight] of loadings[k]!.entries()) residual[i]! -= score * weight
  }
  return [t2, residual.reduce((sum, rest) => sum + rest * rest, 0)]
}
