import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface DebouncedOptions {
  /** How long true must stand before it is handed on. */
  readonly on: Duration
  /** How long false must stand before it is handed on. */
  readonly off: Duration
}

interface Debounced {
  wakeAt: number
  /** What was handed on last. */
  out: boolean
  /** The newest of the verdicts that stand against it. */
  pending: Verdict | undefined
}

/** No machine's name has a line break in it. */
const machineAndCondition = ({ machine, condition }: Verdict): string => `${machine}\n${condition}`

/**
 * On-delay and off-delay: hands on only the changes of each condition of each machine that have stood for `on` or `off`, at the very moment at which they have.
 *
 * A condition begins as false, so the first change that is handed on is to true, and true and false take turns.
 * While it waits, a verdict that agrees changes the margin and not the delay; one that disagrees ends the delay.
 * Unknown is not handed on: what stands, stands, and a delay begins anew. The verdicts of the very moment at which a delay is over still count:
 * one that is true for `on` and false again exactly then gives nothing. With a delay of 0 a change is handed on at the end of its instant, if it still stands then.
 *
 * The margin is the newest one, NaN too. When the data end, a delay that has not passed gives nothing.
 *
 * @example
 * debounced({ on: '4s', off: '2s' }, time)
 * // in:  t-f-t-------f-t-f-----|
 * // out: --------t---------f---|
 */
export function debounced(options: DebouncedOptions, time?: SchedulerLike): OperatorFunction<Verdict, Verdict> {
  const on = duration(options.on)
  const off = duration(options.off)

  const behaviour: Behaviour<Verdict, Verdict, Debounced> = {
    name: 'debounced',
    version: 1,
    start: () => ({ wakeAt: Infinity, out: false, pending: undefined }),
    next(state, verdict, now) {
      if (verdict.truth === 'unknown' || verdict.truth === state.out) {
        state.pending = undefined
        state.wakeAt = Infinity
      } else {
        if (state.pending === undefined) state.wakeAt = now + (verdict.truth ? on : off)
        state.pending = verdict
      }
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      const { pending } = state
      state.wakeAt = Infinity
      state.pending = undefined
      if (pending === undefined) return false
      state.out = pending.truth === true
      emit({ ...pending, time: due })
      return false
    },
    idle: (state) => !state.out && state.pending === undefined,
  }
  return keyed(behaviour, { key: machineAndCondition }, time)
}
