export interface Eigen {
  readonly value: number
  /** Of length 1; its largest entry is positive. */
  readonly vector: readonly number[]
}

/** Eigenvalues and vectors of a symmetric matrix, the largest value first, by Jacobi's cyclic rotations. Exact to rounding; for the few rows that the sensors of a machine are. */
export function eigenOf(symmetric: readonly (readonly number[])[]): readonly Eigen[] {
  const n = symmetric.length
  const a = symmetric.map((row) => [...row])
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  const scale = Math.hypot(...a.flat())
  const off = (): number => Math.hypot(...a.flatMap((row, i) => row.filter((_, j) => j !== i)))
  for (let sweep = 0; sweep < 50 && off() > 1e-16 * scale; sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q)
  const found = a.map((row, i) => ({ value: row[i]!, vector: upright(v.map((line) => line[i]!)) }))
  return found.sort((one, other) => other.value - one.value)
}

/** Turns the plane of p and q so that a[p][q] is 0. */
function rotate(a: readonly number[][], v: readonly number[][], p: number, q: number): void {
  const apq = a[p]![q]!
  if (apq === 0) return
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const c = 1 / Math.hypot(t, 1)
  const s = t * c
  for (const row of a) turn(row, p, q, c, s)
  const [rowP, rowQ] = [a[p]!, a[q]!]
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [rowP[k]!, rowQ[k]!]
    rowP[k] = c * x - s * y
    rowQ[k] = s * x + c * y
  }
  rowP[q] = rowQ[p] = 0
  for (const row of v) turn(row, p, q, c, s)
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p]!, row[q]!]
  row[p] = c * x - s * y
  row[q] = s * x + c * y
}

function upright(vector: readonly number[]): readonly number[] {
  const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) + 1e-12 ? x : best), 0)
  return largest < 0 ? vector.map((x) => -x) : vector
}
