import { mean } from './mean.js'
import { ofValues, type ValueAggregate } from './of-values.js'

const square = mean<number>({ value: (value) => value })

/** The root of the mean of the squares of the good values; NaN where there is none. Squares must not overflow: values up to 1e154. */
export const rms: ValueAggregate<{ count: number; mean: number }, number> = ofValues({
  start: square.start,
  add: (state, value, time) => {
    square.add(state, value * value, time)
  },
  merge: square.merge,
  result: (state) => Math.sqrt(state.mean),
})
