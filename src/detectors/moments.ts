/** Mean and variance, one value at a time (Welford, 1962): plain data. */
export interface Moments {
  count: number
  mean: number
  /** The sum of the squared deviations. */
  squares: number
}

export const newMoments = (): Moments => ({ count: 0, mean: 0, squares: 0 })

export function addTo(of: Moments, x: number): void {
  of.count += 1
  const before = x - of.mean
  of.mean += before / of.count
  of.squares += before * (x - of.mean)
}

/** Of the population; NaN: of none. */
export const varianceOf = ({ count, squares }: Moments): number => (count === 0 ? NaN : squares / count)
