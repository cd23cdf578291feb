/** What is known of samples of n signals without keeping them: plain data, updated as Welford does. */
export interface Moments {
  count: number
  readonly mean: number[]
  /** The sums of products of deviations, n rows of n. */
  readonly products: number[][]
}

export const newMoments = (n: number): Moments => ({ count: 0, mean: new Array<number>(n).fill(0), products: Array.from({ length: n }, () => new Array<number>(n).fill(0)) })

/** Takes a sample of n values in. */
export function addSample(to: Moments, sample: readonly number[]): void {
  const { mean, products } = to
  const part = to.count / (to.count + 1)
  to.count += 1
  const delta = mean.map((m, i) => sample[i]! - m)
  for (const [i, d] of delta.entries()) {
    mean[i]! += d / to.count
    const row = products[i]!
    for (const [j, other] of delta.entries()) row[j]! += part * d * other
  }
}
