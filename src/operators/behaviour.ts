/**
 * A state machine for one key: what every stateful operator is. Run it with `keyed`.
 *
 * All of it is synchronous and deterministic: nothing but the state, the value and the time it is given.
 * A timer is a field of the state, `wakeAt`: assign it, and `wake` is called when that time has come.
 */
export interface Behaviour<In, Out, State extends { wakeAt: number }> {
  /** Names its state in a checkpoint. */
  readonly name: string
  /** Raise it when the shape of the state changes. */
  readonly version: number
  /** The state of a key that is met for the first time: plain data, whatever structuredClone copies. `wakeAt` Infinity: no timer. */
  start(key: string, now: number): State
  next(state: State, value: In, now: number, emit: (out: Out) => void): void
  /**
   * `wakeAt` has come; `due` is what it was. Called again until `wakeAt` lies in the future.
   * A `wakeAt` that is set to `now` or earlier in `next` comes at the end of the instant, when all its values are in.
   * A timer comes before the values of its instant. Where it must see them (a judge, a deadman), return `true`, with nothing changed, while it is not yet `closing`:
   * it is then called again at the end of the instant, if `wakeAt` still asks for it. While it is `closing`, `true` says nothing.
   */
  wake?(state: State, due: number, emit: (out: Out) => void, closing?: boolean): boolean | void
  /** The data have ended: not called where the process merely stops. */
  end?(state: State, now: number, emit: (out: Out) => void): void
  /** True where a fresh state would be left as it is by this value, and nothing emitted: no state is made for it. Speed only; it may look at the value alone. */
  indifferent?(value: In): boolean
  /** True only where a fresh start could not be told from this state: it is then forgotten. Asked after each `next` and `wake`. */
  idle?(state: State, now: number): boolean
  /** Where what it is made of, its rules say, can be exchanged while it runs. */
  readonly exchange?: Exchange<In, Out, State>
}

/** How a behaviour is exchanged for one that is made of something else, for all keys at once. */
export interface Exchange<In, Out, State extends { wakeAt: number }> {
  /** What it is made of: plain data. Once it has been exchanged, it is saved beside the states. */
  readonly made: unknown
  /** The behaviour that is made of what was saved. */
  make(made: unknown): Behaviour<In, Out, State>
  /** Asked of a value whose key is not known yet, as is that of what has none. Undefined: it exchanges nothing, and is a value as any other; otherwise it is not given to `next`. */
  next(value: In, now: number, emit: (out: Out) => void): Exchanged<In, Out, State> | undefined
}

export interface Exchanged<In, Out, State extends { wakeAt: number }> {
  /** Takes the place of the one that was asked; absent: all stays as it is. */
  readonly behaviour?: Behaviour<In, Out, State>
  /** Makes the state of each key fit, in the order of their text, and may emit. Absent: they fit as they are. */
  carry?(state: State, now: number, emit: (out: Out) => void): State
}
