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
}
