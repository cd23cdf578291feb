/** The last so many values: plain data. */
export interface Last {
  readonly values: number[]
  /** How many have come in all. */
  count: number
}

/** Room for `size` values, none of them known. */
export const last = (size: number): Last => ({ values: new Array<number>(size).fill(NaN), count: 0 })

/** Takes a value and returns the one that it takes the place of; NaN: none. */
export function take(of: Last, value: number): number {
  const at = of.count % of.values.length
  const before = of.values[at]!
  of.values[at] = value
  of.count += 1
  return before
}

/** The value `back` before the latest (0: the latest); NaN where there is none, or no longer. */
export function ago({ values, count }: Last, back: number): number {
  return back < count && back < values.length ? values[(count - 1 - back) % values.length]! : NaN
}
