import { deviationOf, inDeviations, newSpread, see } from './spread.js'
import type { Spread } from './spread.js'

/** An exponentially weighted moving average beside what it was in the warm-up. */
export interface Smoothed {
  readonly x: Spread
  /** Of the average itself, once it has settled: what is autocorrelated has more than independent samples would. */
  readonly average: Spread
  now: number
}

export interface Smoothing {
  readonly lambda: number
  readonly warmup: number
}

export const newSmoothed = (): Smoothed => ({ x: newSpread(), average: newSpread(), now: NaN })

/** The deviation that an average of independent samples has, as a part of theirs. */
export const independent = (lambda: number): number => Math.sqrt(lambda / (2 - lambda))

/** Goes on with `x`, learning it in the warm-up; then returns by how many of its own deviations the average differs from the mean. NaN in the warm-up, in which what may not be learned is passed over. */
export function smooth(state: Smoothed, x: number, learn: boolean, { lambda, warmup }: Smoothing): number {
  const warm = state.x.count >= warmup
  if (!warm && !learn) return NaN
  state.now = state.now === state.now ? state.now + lambda * (x - state.now) : x
  if (warm) return inDeviations(state.now - state.x.mean, smoothedDeviation(state, lambda))
  see(state.x, x)
  if (state.x.count > Math.min(3 / lambda, warmup / 2)) see(state.average, state.now)
  return NaN
}

/** As measured, and never less than independent samples would have. */
export const smoothedDeviation = ({ x, average }: Smoothed, lambda: number): number => Math.max(deviationOf(average), deviationOf(x) * independent(lambda))
