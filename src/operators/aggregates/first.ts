import { ofValues, type ValueAggregate } from './of-values.js'

const add = (state: { first: number }, value: number): void => {
  if (Number.isNaN(state.first)) state.first = value
}

/** The first good value; NaN where there is none. */
export const first: ValueAggregate<{ first: number }, number> = ofValues({
  start: () => ({ first: NaN }),
  add,
  merge: (into, from) => {
    add(into, from.first)
  },
  result: (state) => state.first,
})
