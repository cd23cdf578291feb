import { ofValues, type ValueAggregate } from './of-values.js'

/** Sums about the means, over seconds since the first value: at the size of epoch milliseconds their squares would lose all digits. */
interface SlopeState {
  count: number
  /** Epoch milliseconds of the first value. */
  origin: number
  meanTime: number
  meanValue: number
  timeSquares: number
  products: number
}

/**
 * The least-squares slope of the good values over time, per second; NaN where they are of fewer than two times.
 * Updates and merges of the co-moments after P. Pébay, Formulas for robust, one-pass parallel computation of covariances (Sandia 2008).
 */
export const slope: ValueAggregate<SlopeState, number> = ofValues({
  start: (): SlopeState => ({ count: 0, origin: NaN, meanTime: 0, meanValue: 0, timeSquares: 0, products: 0 }),
  add: (state, value, time) => {
    if (state.count === 0) state.origin = time
    const seconds = (time - state.origin) / 1000
    const count = ++state.count
    const later = seconds - state.meanTime
    const higher = value - state.meanValue
    state.meanTime += later / count
    state.meanValue += higher / count
    state.timeSquares += later * (seconds - state.meanTime)
    state.products += later * (value - state.meanValue)
  },
  merge: (into, from) => {
    if (from.count === 0) return
    if (into.count === 0) {
      Object.assign(into, from)
      return
    }
    const total = into.count + from.count
    const share = from.count / total
    const later = from.meanTime + (from.origin - into.origin) / 1000 - into.meanTime
    const higher = from.meanValue - into.meanValue
    into.timeSquares += from.timeSquares + later * later * into.count * share
    into.products += from.products + later * higher * into.count * share
    into.meanTime += later * share
    into.meanValue += higher * share
    into.count = total
  },
  result: (state) => state.products / state.timeSquares,
})
