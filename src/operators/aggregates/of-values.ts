import type { Quality, Reading } from '../../model/index.js'
import type { Aggregate } from './aggregate.js'

/** What has a value of its own: a reading. */
export interface Measured {
  readonly value: number
  /** `suspect`: left out. */
  readonly quality?: Quality
}

export interface ValueOptions<In> {
  /** The number of an item; undefined, NaN or an infinity: the item is left out. Where it is not given: `item.value`, unless its quality is `suspect`. */
  readonly value: (item: In) => number | undefined
}

/** An aggregate of numbers: called without options for readings, with `value` for anything. */
export interface ValueAggregate<State, Result> {
  <In extends Measured = Reading>(): Aggregate<In, State, Result>
  <In>(options: ValueOptions<In>): Aggregate<In, State, Result>
}

/** What is done with the numbers, which are finite. */
interface Fold<State, Result> {
  start(): State
  add(state: State, value: number, time: number): void
  merge(into: State, from: State): void
  result(state: State): Result
}

/** The finite number of an item, or NaN. */
export function reader<In>(options: ValueOptions<In> | undefined): (item: In) => number {
  const value = options?.value
  return value === undefined
    ? (item) => ((item as Measured).quality === 'suspect' ? NaN : (item as Measured).value)
    : (item) => {
        const number = value(item)
        return Number.isFinite(number) ? number! : NaN
      }
}

export function ofValues<State, Result>({ start, add, merge, result }: Fold<State, Result>): ValueAggregate<State, Result> {
  return <In>(options?: ValueOptions<In>): Aggregate<In, State, Result> => {
    const read = reader(options)
    return {
      start,
      add(state, item, time) {
        const value = read(item)
        if (!Number.isNaN(value)) add(state, value, time)
      },
      merge,
      result,
    }
  }
}
