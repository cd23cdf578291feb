/**
 * Folds the items of a window into a result without keeping them.
 *
 * The state is plain mutable data, whatever structuredClone copies, of a size that does not grow with the number of items beyond a stated bound.
 * Its shape is part of a checkpoint: an operator whose aggregate is changed needs another name, or starts without its save.
 */
export interface Aggregate<In, State, Result> {
  start(): State
  /** Items come in the order of their time, in epoch milliseconds. Called for every item: it should allocate nothing. */
  add(state: State, item: In, time: number): void
  /** Adds to `into` what `from` has gathered, which came after it. `from` is left as it is, and nothing of it is shared. */
  merge(into: State, from: State): void
  /** May be asked for at any time, and does not change the state. */
  result(state: State): Result
}
