import { ofValues, type ValueAggregate } from './of-values.js'

/** The last good value; NaN where there is none. */
export const last: ValueAggregate<{ last: number }, number> = ofValues({
  start: () => ({ last: NaN }),
  add: (state, value) => {
    state.last = value
  },
  merge: (into, from) => {
    if (!Number.isNaN(from.last)) into.last = from.last
  },
  result: (state) => state.last,
})
