/** A linear model that is fitted as samples come, by recursive least squares: plain data. */
export interface Rls {
  readonly weights: number[]
  /** The inverse of the weighted sum of products of inputs, symmetric: n rows of n. */
  readonly p: number[][]
}

/**
 * Of n inputs, with all weights 0. `p0` says how little that is believed: fitting is ridge regression with the penalty 1 / p0, whose weight fades by `forget` a sample.
 * Large against 1 / (squares of the inputs), and no larger than need be: it costs digits.
 */
export const newRls = (n: number, p0: number): Rls => ({ weights: new Array<number>(n).fill(0), p: Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? p0 : 0))) })

export function rlsPredict({ weights }: Rls, x: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * x[i]!
  return sum
}

/**
 * Learns that `x` gives `y`, and returns by how much `y` differs from what was predicted before.
 * Everything learned counts `forget` times as much with each sample, 1 forgets nothing; below 1, a direction in which `x` does not move for long is forgotten wholly, and `p` grows there without bound.
 */
export function rlsStep(state: Rls, x: readonly number[], y: number, forget = 1): number {
  const { weights, p } = state
  const n = weights.length
  const residual = y - rlsPredict(state, x)
  const px = p.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0))
  const denominator = px.reduce((sum, value, i) => sum + value * x[i]!, forget)
  for (let i = 0; i < n; i++) weights[i]! += (px[i]! / denominator) * residual
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) p[i]![j] = p[j]![i] = (p[i]![j]! - (px[i]! * px[j]!) / denominator) / forget
  return residual
}
