import type { Reading } from '../model/index.js'
import type { Frame } from '../rules/index.js'

interface Hearing extends Frame {
  wakeAt: number
  staleAt: number
}

/** Puts a reading into the frame of its machine and asks to be judged at the end of the instant; one of a sensor that nobody reads (`index` undefined) only asks. */
export function hear(state: Hearing, index: number | undefined, reading: Reading, now: number, stale: number): void {
  state.wakeAt = now
  if (index === undefined) return
  state.values[index] = reading.quality === 'good' ? reading.value : NaN
  state.times[index] = now
  if (now + stale < state.staleAt) state.staleAt = now + stale
}

/** When the next of the values that are known goes stale. */
export function staleness(state: Hearing, now: number, stale: number): number {
  if (state.staleAt > now) return state.staleAt
  let next = Infinity
  for (const time of state.times) if (time + stale > now && time + stale < next) next = time + stale
  return next
}
