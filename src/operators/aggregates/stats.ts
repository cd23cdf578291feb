import type { Reading } from '../../model/index.js'
import type { Aggregate } from './aggregate.js'
import { deviation, mergeMoments, type Moments } from './moments.js'
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

/** Eight numbers in one flat array, since there is one of them for each series: in half the memory of an object. */
type StatsState = number[]

const COUNT = 0
const SUSPECT = 1
const MEAN = 2
const SQUARES = 3
const MIN = 4
const MAX = 5
const FIRST = 6
const LAST = 7

export function stats<In extends Measured = Reading>(): Aggregate<In, StatsState, Stats>
export function stats<In>(options: ValueOptions<In>): Aggregate<In, StatsState, Stats>
/** The usual numbers of a window in one pass, cheaper than `combine` of the single ones: what windows make where no aggregate is named. */
export function stats<In>(options?: ValueOptions<In>): Aggregate<In, StatsState, Stats> {
  const read = reader(options)
  return {
    start: () => [0, 0, NaN, 0, NaN, NaN, NaN, NaN],
    add(state, item) {
      const value = read(item)
      if (Number.isNaN(value)) {
        state[SUSPECT]!++
        return
      }
      const count = ++state[COUNT]!
      state[LAST] = value
      if (count === 1) {
        state[FIRST] = state[MIN] = state[MAX] = state[MEAN] = value
        return
      }
      if (value < state[MIN]!) state[MIN] = value
      else if (value > state[MAX]!) state[MAX] = value
      const difference = value - state[MEAN]!
      const mean = state[MEAN]! + difference / count
      state[MEAN] = mean
      state[SQUARES]! += difference * (value - mean)
    },
    merge(into, from) {
      into[SUSPECT]! += from[SUSPECT]!
      if (from[COUNT] === 0) return
      if (into[COUNT] === 0) into[FIRST] = from[FIRST]!
      if (into[COUNT] === 0 || from[MIN]! < into[MIN]!) into[MIN] = from[MIN]!
      if (into[COUNT] === 0 || from[MAX]! > into[MAX]!) into[MAX] = from[MAX]!
      into[LAST] = from[LAST]!
      const moments = momentsOf(into)
      mergeMoments(moments, momentsOf(from))
      into[COUNT] = moments.count
      into[MEAN] = moments.mean
      into[SQUARES] = moments.squares
    },
    result: (state) => ({
      count: state[COUNT]!,
      suspect: state[SUSPECT]!,
      min: state[MIN]!,
      max: state[MAX]!,
      mean: state[MEAN]!,
      sd: deviation(momentsOf(state)),
      first: state[FIRST]!,
      last: state[LAST]!,
    }),
  }
}

function momentsOf(state: StatsState): Moments {
  return { count: state[COUNT]!, mean: state[MEAN]!, squares: state[SQUARES]! }
}
