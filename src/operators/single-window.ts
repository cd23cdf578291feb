import type { Summary } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import type { Alignment } from './window-alignment.js'
import { aggregateOf, keyText, type OfMachine, own, type Owner, summary, type WindowOptions } from './window-options.js'

export interface EarlyOptions {
  /** While a window is open: a summary with the status `early`, each time that this much event time has gone since its start. */
  readonly early?: Duration
}

/** The one window of a key that is open. */
export interface SingleWindow extends Owner {
  wakeAt: number
  start: number
  /** -Infinity: none is open. */
  end: number
  part: unknown
}

/**
 * Windows of which a key has one at a time. A window opens with an item, from `bounds.start(now)` to `bounds.end(now)`; where it grows, each further item moves its end.
 * It closes at its end, before the items of that time, and nothing is kept until the next one opens.
 */
export function singleWindow<In extends OfMachine, Result>(
  name: string,
  bounds: Alignment,
  options: WindowOptions<In, Result> & EarlyOptions,
  grows: boolean,
): Behaviour<In, Summary<Result>, SingleWindow> {
  const aggregate = aggregateOf(options)
  const early = duration(options.early ?? Infinity)
  if (early === 0) throw new RangeError(`early of ${name}: got 0s, expected a duration above 0`)

  const set = (state: SingleWindow, now: number): void => {
    state.end = bounds.end(now)
    state.wakeAt = early === Infinity ? state.end : Math.min(state.end, state.start + (Math.floor((now - state.start) / early) + 1) * early)
  }
  const made = (state: SingleWindow, time: number, status?: 'early' | 'partial'): Summary<Result> =>
    summary(state, time, state.start, state.end, aggregate.result(state.part), status)

  return {
    name: options.name ?? name,
    version: 1,
    start: (key) => ({ wakeAt: Infinity, start: NaN, end: -Infinity, machine: '', sensor: '', key: keyText(options, key), part: undefined }),
    next(state, item, now) {
      if (state.end === -Infinity) {
        own(state, item, options)
        state.part = aggregate.start()
        state.start = bounds.start(now)
        set(state, now)
      } else if (grows) set(state, now)
      aggregate.add(state.part, item, now)
    },
    wake(state, due, emit) {
      if (due < state.end) {
        emit(made(state, due, 'early'))
        state.wakeAt = Math.min(state.end, due + early)
        return
      }
      emit(made(state, due))
      state.end = -Infinity
      state.wakeAt = Infinity
    },
    end(state, now, emit) {
      if (state.end !== -Infinity) emit(made(state, now, 'partial'))
    },
    idle: (state) => state.end === -Infinity,
  }
}
