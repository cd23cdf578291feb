import { ofValues, type ValueAggregate } from './of-values.js'

const add = (state: { min: number }, value: number): void => {
  if (value < state.min || Number.isNaN(state.min)) state.min = value
}

/** The smallest good value; NaN where there is none. */
export const min: ValueAggregate<{ min: number }, number> = ofValues({
  start: () => ({ min: NaN }),
  add,
  merge: (into, from) => {
    add(into, from.min)
  },
  result: (state) => state.min,
})
