import type { Reading } from '../../model/index.js'
import type { Aggregate } from './aggregate.js'
import { type Measured, ofValues, type ValueOptions } from './of-values.js'

export interface QuantileOptions {
  /** The greatest relative error; left out: 0.01. */
  readonly accuracy?: number
}

/** How often values of one sign fell into each bucket; `counts[0]` is that of the bucket `lowest`. */
interface Buckets {
  lowest: number
  counts: number[]
}

interface SketchState {
  count: number
  zeros: number
  min: number
  max: number
  positive: Buckets
  negative: Buckets
}

const RANGE = 1e9

export function quantile<In extends Measured = Reading>(q: number, options?: QuantileOptions): Aggregate<In, SketchState, number>
export function quantile<In>(q: number, options: QuantileOptions & ValueOptions<In>): Aggregate<In, SketchState, number>
/**
 * The `q`-quantile of the good values (0.5: the median), from a bounded sketch; NaN where there is none.
 *
 * With n values in ascending order it estimates the one of rank `floor(q (n - 1))`, counted from 0, within `accuracy` of its size
 * (0.01: 79.2 to 80.8 for 80), zero and negative values too. Smallest and largest are exact.
 * The sketch is DDSketch (C. Masson, J. E. Rim, H. K. Lee, VLDB 2019): buckets whose bounds grow by `(1 + accuracy) / (1 - accuracy)`.
 * The buckets of each sign reach from the value of greatest size down to a thousand-millionth of it. What is nearer to zero is counted in the lowest of them:
 * for it the bound is that lowest bucket. So a state has at most `21 / accuracy` numbers (0.01: 17 kB), and for a usual sensor some dozens.
 * A merge gives exactly what adding all would have given.
 *
 * Throws a `RangeError` where `q` is not within 0 to 1, or `accuracy` not within 0.001 to 0.5.
 */
export function quantile<In>(q: number, options: QuantileOptions & Partial<ValueOptions<In>> = {}): Aggregate<In, SketchState, number> {
  const { accuracy = 0.01, value } = options
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile: got ${q}, expected a number from 0 to 1, such as 0.95`)
  if (!(accuracy >= 0.001 && accuracy <= 0.5)) throw new RangeError(`accuracy of a quantile: got ${accuracy}, expected a number from 0.001 to 0.5, such as 0.01`)
  const growth = Math.log1p((2 * accuracy) / (1 - accuracy))
  const limit = Math.ceil(Math.log(RANGE) / growth) + 1
  const bucketOf = (size: number): number => Math.ceil(Math.log(size) / growth)
  const middle = (bucket: number): number => Math.exp(bucket * growth) * (1 - accuracy)

  const sketch = ofValues<SketchState, number>({
    start: () => ({ count: 0, zeros: 0, min: NaN, max: NaN, positive: { lowest: 0, counts: [] }, negative: { lowest: 0, counts: [] } }),
    add: (state, number) => {
      state.count++
      if (!(number >= state.min)) state.min = number
      if (!(number <= state.max)) state.max = number
      if (number === 0) state.zeros++
      else if (number > 0) put(state.positive, bucketOf(number), 1, limit)
      else put(state.negative, bucketOf(-number), 1, limit)
    },
    merge: (into, from) => {
      if (from.count === 0) return
      into.count += from.count
      into.zeros += from.zeros
      if (!(from.min >= into.min)) into.min = from.min
      if (!(from.max <= into.max)) into.max = from.max
      for (const sign of ['positive', 'negative'] as const)
        from[sign].counts.forEach((times, i) => {
          if (times > 0) put(into[sign], from[sign].lowest + i, times, limit)
        })
    },
    result: ({ count, zeros, min, max, positive, negative }) => {
      const rank = Math.floor(q * (count - 1))
      if (count === 0 || rank <= 0) return min
      if (rank === count - 1) return max
      const inside = (estimate: number): number => Math.min(max, Math.max(min, estimate))
      let before = 0
      for (let i = negative.counts.length - 1; i >= 0; i--) if ((before += negative.counts[i]!) > rank) return inside(-middle(negative.lowest + i))
      if ((before += zeros) > rank) return 0
      for (let i = 0; i < positive.counts.length; i++) if ((before += positive.counts[i]!) > rank) return inside(middle(positive.lowest + i))
      return max
    },
  })
  return value === undefined ? (sketch() as Aggregate<unknown, SketchState, number>) : sketch({ value })
}

/** What is kept depends on what was put in, not on its order: the highest bucket and those within `limit` of it. */
function put(buckets: Buckets, bucket: number, times: number, limit: number): void {
  const { counts } = buckets
  if (counts.length === 0) buckets.lowest = bucket
  const at = Math.max(bucket - buckets.lowest, counts.length - limit)
  if (at < 0) {
    counts.unshift(...new Array<number>(-at).fill(0))
    buckets.lowest += at
    counts[0]! += times
  } else if (at < limit) {
    while (counts.length <= at) counts.push(0)
    counts[at]! += times
  } else {
    const surplus = at - limit + 1
    const dropped = counts.splice(0, surplus).reduce((sum, each) => sum + each, 0)
    while (counts.length < limit) counts.push(0)
    buckets.lowest += surplus
    counts[0]! += dropped
    counts[limit - 1]! += times
  }
}
