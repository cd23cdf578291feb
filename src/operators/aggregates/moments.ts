/** Count, mean and the sum of squared differences from the mean. */
export interface Moments {
  count: number
  /** NaN where there is no value. */
  mean: number
  squares: number
}

/** Welford's update: B. P. Welford, Note on a method for calculating corrected sums of squares and products, Technometrics 4 (1962). */
export function addMoment(state: Moments, value: number): void {
  const count = ++state.count
  if (count === 1) {
    state.mean = value
    return
  }
  const difference = value - state.mean
  const mean = state.mean + difference / count
  state.mean = mean
  state.squares += difference * (value - mean)
}

/** The pairwise update of T. F. Chan, G. H. Golub and R. J. LeVeque, Updating formulae and a pairwise algorithm for computing sample variances (1979). */
export function mergeMoments(into: Moments, from: Moments): void {
  if (from.count === 0) return
  if (into.count === 0) {
    into.count = from.count
    into.mean = from.mean
    into.squares = from.squares
    return
  }
  const total = into.count + from.count
  const difference = from.mean - into.mean
  into.squares += from.squares + difference * difference * into.count * (from.count / total)
  into.mean += difference * (from.count / total)
  into.count = total
}

/** Sample standard deviation, divisor n - 1; NaN for fewer than two values. */
export function deviation(state: Moments): number {
  return state.count < 2 ? NaN : Math.sqrt(state.squares / (state.count - 1))
}
