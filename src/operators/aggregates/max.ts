import { ofValues, type ValueAggregate } from './of-values.js'

const add = (state: { max: number }, value: number): void => {
  if (value > state.max || Number.isNaN(state.max)) state.max = value
}

/** The largest good value; NaN where there is none. */
export const max: ValueAggregate<{ max: number }, number> = ofValues({
  start: () => ({ max: NaN }),
  add,
  merge: (into, from) => {
    add(into, from.max)
  },
  result: (state) => state.max,
})
