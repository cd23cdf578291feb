/** A principal component model of several signals that were standardised first: plain data. */
export interface Pca {
  readonly mean: readonly number[]
  /** Of the population; 1 where a signal never moved. */
  readonly deviation: readonly number[]
  /** Unit vectors, that of the largest variance first. */
  readonly components: readonly (readonly number[])[]
  /** The variances along them. */
  readonly variances: readonly number[]
}

/** The model of these rows, with so many components. */
export function fitPca(rows: readonly (readonly number[])[], components: number): Pca {
  const size = rows[0]!.length
  const mean = Array.from({ length: size }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length)
  const deviation = mean.map((m, i) => Math.sqrt(rows.reduce((sum, row) => sum + (row[i]! - m) ** 2, 0) / rows.length) || 1)
  const standard = rows.map((row) => row.map((value, i) => (value - mean[i]!) / deviation[i]!))
  const covariance = mean.map((_, i) => mean.map((_unused, j) => standard.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / rows.length))
  const { values, vectors } = eigen(covariance)
  const order = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!).slice(0, components)
  return { mean, deviation, components: order.map((i) => vectors.map((row) => row[i]!)), variances: order.map((i) => values[i]!) }
}

/** Hotelling's T2 of a row (along the components, in their variances) and Q (the squared length of what they leave). */
export function t2q({ mean, deviation, components, variances }: Pca, row: readonly number[]): readonly [t2: number, q: number] {
  const z = row.map((value, i) => (value - mean[i]!) / deviation[i]!)
  const rest = [...z]
  let t2 = 0
  components.forEach((component, k) => {
    let along = 0
    for (let i = 0; i < z.length; i++) along += component[i]! * z[i]!
    if (variances[k]! > 1e-12) t2 += (along * along) / variances[k]!
    for (let i = 0; i < z.length; i++) rest[i]! -= along * component[i]!
  })
  return [t2, rest.reduce((sum, value) => sum + value * value, 0)]
}

/** Eigenvalues and eigenvectors (the columns of `vectors`) of a symmetric matrix, by Jacobi's rotations. */
function eigen(symmetric: readonly (readonly number[])[]): { readonly values: readonly number[]; readonly vectors: readonly (readonly number[])[] } {
  const a = symmetric.map((row) => [...row])
  const n = a.length
  const vectors = a.map((_, i) => a.map((_unused, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 100; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p]![q]! ** 2
    if (off < 1e-28) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q)
  }
  return { values: a.map((row, i) => row[i]!), vectors }
}

/** Makes the element (p, q) zero. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!)
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  const turn = (of: number[][], i: number, j: number, k: number, l: number): void => {
    const [x, y] = [of[i]![j]!, of[k]![l]!]
    of[i]![j] = c * x - s * y
    of[k]![l] = s * x + c * y
  }
  for (let k = 0; k < a.length; k++) turn(a, k, p, k, q)
  for (let k = 0; k < a.length; k++) turn(a, p, k, q, k)
  for (let k = 0; k < a.length; k++) turn(vectors, k, p, k, q)
}
