import { addMoment, deviation, mergeMoments, type Moments } from './moments.js'
import { ofValues, type ValueAggregate } from './of-values.js'

/** The sample standard deviation of the good values (divisor n - 1), in their unit; NaN for fewer than two. Stable: no difference of large sums. */
export const standardDeviation: ValueAggregate<Moments, number> = ofValues({
  start: (): Moments => ({ count: 0, mean: NaN, squares: 0 }),
  add: addMoment,
  merge: mergeMoments,
  result: deviation,
})
