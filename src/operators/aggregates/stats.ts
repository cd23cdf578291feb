import type { Reading } from '../../model/index.js'
import type { Aggregate } from './aggregate.js'
import { addMoment, deviation, mergeMoments, type Moments } from './moments.js'
import { type Measured, reader, type ValueOptions } from './of-values.js'

/** What is known of the readings of a window. Without a good reading all but the counts are NaN. */
export type Stats = {
  /** The number of good readings, of which the rest is made. */
  readonly count: number
  /** The number of those left out: suspect, or without a number. */
  readonly suspect: number
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Sample standard deviation; NaN for fewer than two. */
  readonly sd: number
  readonly first: number
  readonly last: number
}

interface StatsState extends Moments {
  suspect: number
  min: number
  max: number
  first: number
  last: number
}

export function stats<In extends Measured = Reading>(): Aggregate<In, StatsState, Stats>
export function stats<In>(options: ValueOptions<In>): Aggregate<In, StatsState, Stats>
/** The usual numbers of a window in one pass, cheaper than `combine` of the single ones: what windows make where no aggregate is named. */
export function stats<In>(options?: ValueOptions<In>): Aggregate<In, StatsState, Stats> {
  const read = reader(options)
  return {
    start: () => ({ count: 0, suspect: 0, mean: NaN, squares: 0, min: NaN, max: NaN, first: NaN, last: NaN }),
    add(state, item) {
      const value = read(item)
      if (Number.isNaN(value)) {
        state.suspect++
        return
      }
      if (state.count === 0) state.first = state.min = state.max = value
      else if (value < state.min) state.min = value
      else if (value > state.max) state.max = value
      state.last = value
      addMoment(state, value)
    },
    merge(into, from) {
      into.suspect += from.suspect
      if (from.count === 0) return
      if (into.count === 0) into.first = from.first
      if (into.count === 0 || from.min < into.min) into.min = from.min
      if (into.count === 0 || from.max > into.max) into.max = from.max
      into.last = from.last
      mergeMoments(into, from)
    },
    result: (state) => {
      const { count, suspect, min, max, mean, first, last } = state
      return { count, suspect, min, max, mean, sd: deviation(state), first, last }
    },
  }
}
