import { ofValues, type ValueAggregate } from './of-values.js'

/** The number of good readings; 0 where there are none. */
export const count: ValueAggregate<{ count: number }, number> = ofValues({
  start: () => ({ count: 0 }),
  add: (state) => {
    state.count++
  },
  merge: (into, from) => {
    into.count += from.count
  },
  result: (state) => state.count,
})
