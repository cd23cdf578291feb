import { ofValues, type ValueAggregate } from './of-values.js'

/** The arithmetic mean of the good values, kept as a running mean, so that no sum grows; NaN where there is none. Of readings, not of time: each counts the same. */
export const mean: ValueAggregate<{ count: number; mean: number }, number> = ofValues({
  start: () => ({ count: 0, mean: NaN }),
  add: (state, value) => {
    state.mean = state.count === 0 ? value : state.mean + (value - state.mean) / (state.count + 1)
    state.count++
  },
  merge: (into, from) => {
    if (from.count === 0) return
    const total = into.count + from.count
    into.mean = into.count === 0 ? from.mean : into.mean + (from.mean - into.mean) * (from.count / total)
    into.count = total
  },
  result: (state) => state.mean,
})
