import { medianDeviation, medianOf } from './median.js'

/** Hampel's identifier: the median of values around one, and their deviation, 1.4826 times the median distance from it. */
export function hampel(values: readonly number[]): { readonly median: number; readonly deviation: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const median = medianOf(sorted)
  return { median, deviation: 1.4826 * medianDeviation(sorted, median) }
}
