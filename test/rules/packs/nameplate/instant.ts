import type { Reading } from '../../../../src/model/index.js'
import type { Behaviour } from '../../../../src/operators/index.js'

/** One instant of a behaviour as `keyed` runs it, without RxJS: timers that lie before it, its readings, and, at its end, what is due. */
export function instant<Out, State extends { wakeAt: number }>(behaviour: Behaviour<Reading, Out, State>, state: State, readings: readonly Reading[], now: number, emit: (out: Out) => void): void {
  while (state.wakeAt < now) behaviour.wake!(state, state.wakeAt, emit, true)
  for (const reading of readings) behaviour.next(state, reading, now, emit)
  while (state.wakeAt <= now) behaviour.wake!(state, now, emit, true)
}
