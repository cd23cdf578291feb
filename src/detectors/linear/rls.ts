/** Recursive least squares: the coefficients so far, and how unsure they are. Plain data. */
export interface Rls {
  readonly coefficients: number[]
  /** Symmetric, row by row. */
  readonly covariance: number[][]
}

/** @param variance of the coefficients before anything is known: large for 'nothing at all' */
export const newRls = (size: number, variance: number): Rls => ({
  coefficients: new Array<number>(size).fill(0),
  covariance: Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_unused, j) => (i === j ? variance : 0))),
})

/** Takes y = coefficients · x + noise, and returns what the coefficients before it were off by. */
export function rlsStep({ coefficients, covariance }: Rls, x: readonly number[], y: number): number {
  const gain = covariance.map((row) => dot(row, x))
  const scale = 1 + dot(gain, x)
  const error = y - dot(coefficients, x)
  for (let i = 0; i < x.length; i++) coefficients[i]! += (gain[i]! / scale) * error
  for (let i = 0; i < x.length; i++) for (let j = i; j < x.length; j++) covariance[i]![j] = covariance[j]![i] = covariance[i]![j]! - (gain[i]! * gain[j]!) / scale
  return error
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
