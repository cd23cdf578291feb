/** Mean and deviation of values that are not kept: plain data, updated as Welford does. */
export interface Spread {
  count: number
  mean: number
  /** The sum of squared deviations from the mean. */
  squares: number
}

export const newSpread = (): Spread => ({ count: 0, mean: 0, squares: 0 })

export function see(of: Spread, x: number): void {
  of.count += 1
  const delta = x - of.mean
  of.mean += delta / of.count
  of.squares += delta * (x - of.mean)
}

/** The sample standard deviation; 0 of fewer than two values. */
export const deviationOf = ({ count, squares }: Spread): number => (count < 2 ? 0 : Math.sqrt(squares / (count - 1)))

/** How many deviations that is; where nothing has ever moved, whatever moves is infinitely far. */
export const inDeviations = (difference: number, deviation: number): number => (difference === 0 ? 0 : difference / deviation)

/** Parameters of a chart whose reference is learned, unless it is given. */
export const referenceParameters = {
  warmup: { default: 1000, unit: 'samples', min: 20, max: 1e6, whole: true, about: 'learned before the first score, where sigma is 0' },
  mean: { default: 0, unit: 'signal', min: -Number.MAX_VALUE, max: Number.MAX_VALUE, about: 'the reference, where sigma is above 0' },
  sigma: { default: 0, unit: 'signal', min: 0, max: Number.MAX_VALUE, about: 'the standard deviation of independent samples; 0: mean and deviation are learned in the warm-up' },
} as const
