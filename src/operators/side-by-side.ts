import type { Behaviour, Exchange } from './behaviour.js'
import { signature } from './signature.js'

interface SideBySideState {
  wakeAt: number
  readonly parts: readonly { wakeAt: number }[]
}

/** A behaviour whatever its state. */
type AnyBehaviour<In, Out> = Omit<Behaviour<In, Out, never>, 'start' | 'exchange'> & { start(key: string, now: number): { wakeAt: number }; readonly exchange?: object }

/**
 * Several behaviours of one key as one, to be run by one `keyed`: the key is looked up once for all of them. Each is given every value, and they emit in the order
 * in which they stand here. Of timers that are due at one time, the later ones here run first, as those of operators further downstream do.
 * In each instant, each key has the same outputs as where they run apart, though key by key and not behaviour by behaviour.
 *
 * Its name and its version are made of theirs, so a save of others, or in another order, is refused. Those that can be exchanged while they run are, and the others go on as they are.
 *
 * @example
 * const both = sideBySide<Reading, Verdict>(thresholdBehaviour(above('x', 2)), vitalsBehaviour({ silent: 5 }))
 * marbles((time) => pipe(keyed(both, { key: 'machine' }, time), map(({ condition, truth }) => `${condition} ${truth}`)))
 *   .of('a-b------------|', { a: reading('m', 'x', 1), b: reading('m', 'x', 3) })
 *   .gives('f-t----(xm)----|', { f: 'x above 2 false', t: 'x above 2 true', x: 'missing x true', m: 'missing true' })
 */
export function sideBySide<In, Out>(...behaviours: readonly AnyBehaviour<In, Out>[]): Behaviour<In, Out, SideBySideState> {
  const parts = (behaviours as unknown as readonly Behaviour<In, Out, { wakeAt: number }>[]).map((part) => (part.wake === undefined ? { ...part, wake: silence } : part))
  const length = parts.length
  const earliest = (state: SideBySideState): void => {
    let wakeAt = Infinity
    for (let i = 0; i < length; i++) {
      const at = state.parts[i]!.wakeAt
      if (at < wakeAt || at !== at) wakeAt = at
    }
    state.wakeAt = wakeAt
  }
  const exchange: Exchange<In, Out, SideBySideState> = {
    made: parts.map((part) => part.exchange?.made),
    make: (made) => sideBySide(...parts.map((part, i) => part.exchange?.make((made as readonly unknown[])[i]) ?? part)),
    next(value, now, emit) {
      const exchanged = parts.map((part) => part.exchange?.next(value, now, emit))
      if (exchanged.every((each) => each === undefined)) return undefined
      if (exchanged.every((each) => each?.behaviour === undefined)) return {}
      return {
        behaviour: sideBySide(...parts.map((part, i) => exchanged[i]?.behaviour ?? part)),
        carry(state, now, emit) {
          const moved = { wakeAt: Infinity, parts: state.parts.map((own, i) => exchanged[i]?.carry?.(own, now, emit) ?? own) }
          earliest(moved)
          return moved
        },
      }
    },
  }
  return {
    name: parts.map(({ name }) => name).join(' + '),
    version: signature(parts.map(({ name, version }) => [name, version])),
    start: (key, now) => ({ wakeAt: Infinity, parts: parts.map((part) => part.start(key, now)) }),
    next(state, value, now, emit) {
      let wakeAt = Infinity
      for (let i = 0; i < length; i++) {
        const own = state.parts[i]!
        parts[i]!.next(own, value, now, emit)
        if (own.wakeAt < wakeAt || own.wakeAt !== own.wakeAt) wakeAt = own.wakeAt
      }
      state.wakeAt = wakeAt
    },
    wake(state, due, emit, closing) {
      let later = false
      let again = false
      for (let i = length - 1; i >= 0; i--) {
        const own = state.parts[i]!
        if (own.wakeAt !== due) continue
        if (parts[i]!.wake?.(own, due, emit, closing) === true) later = true
        else if (own.wakeAt <= due) again = true
      }
      earliest(state)
      // those that have more to do before the values of this instant are woken for it first
      return later && !again
    },
    end(state, now, emit) {
      for (let i = 0; i < length; i++) parts[i]!.end?.(state.parts[i]!, now, emit)
    },
    ...(parts.some((part) => part.exchange !== undefined) ? { exchange } : {}),
    ...(parts.every(({ idle }) => idle !== undefined)
      ? { idle: (state: SideBySideState, now: number) => parts.every((part, i) => part.idle!(state.parts[i]!, now)) }
      : {}),
    ...(parts.every(({ indifferent }) => indifferent !== undefined) ? { indifferent: (value: In) => parts.every((part) => part.indifferent!(value)) } : {}),
  }
}

/** `keyed` leaves a timer alone that no one waits for. */
function silence(state: { wakeAt: number }): void {
  state.wakeAt = Infinity
}
