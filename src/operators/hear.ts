import type { Reading } from '../model/index.js'
import type { Frame, Judge } from '../rules/index.js'
import type { Behaviour } from './behaviour.js'

interface Hearing extends Frame {
  wakeAt: number
  staleAt: number
}

/** Puts a reading into the frame of its machine and asks to be judged at the end of the instant; one of a sensor that nobody reads (`index` undefined) only asks. */
export function hear(state: Hearing, index: number | undefined, reading: Reading, now: number, stale: number): void {
  state.wakeAt = now
  state.readings++
  if (index === undefined) return
  state.values[index] = reading.quality === 'good' ? reading.value : NaN
  state.times[index] = now
  if (now + stale < state.staleAt) state.staleAt = now + stale
}

/** The behaviour, with readings of sensors that rules of several births read put where each of them looks. */
export function hearTwins<In extends { readonly kind: string }, Out, State extends Hearing>(behaviour: Behaviour<In, Out, State>, { twins }: Pick<Judge, 'twins'>, stale: number): Behaviour<In, Out, State> {
  return {
    ...behaviour,
    next(state, item, now, emit) {
      behaviour.next(state, item, now, emit)
      if (item.kind !== 'reading') return
      const { wakeAt } = state
      const reading = item as unknown as Reading
      for (const index of twins.get(reading.sensor) ?? []) hear(state, index, reading, now, stale)
      state.wakeAt = wakeAt
    },
  }
}

/** When the next of the values that are known goes stale. */
export function staleness(state: Hearing, now: number, stale: number): number {
  if (state.staleAt > now) return state.staleAt
  let next = Infinity
  for (const time of state.times) if (time + stale > now && time + stale < next) next = time + stale
  return next
}
