import { filter, pipe } from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Item, Reading, Rejected, Verdict } from '../model/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

interface ClockState {
  wakeAt: number
  /** The stamps that were rejected since the last reading that was taken in, same ones in a row once. */
  count: number
  stamp: number
  /** When the first of them was. */
  since: number
  wrong: boolean
}

const machineOf = (item: Reading | Rejected): string => (item.kind === 'reading' ? item.machine : (item.reading?.machine ?? ''))

/** See `clocks`. */
export function clocksBehaviour(count: number): Behaviour<Reading | Rejected, Verdict, ClockState> {
  return {
    name: 'clocks',
    version: 2,
    start: () => ({ wakeAt: Infinity, count: 0, stamp: NaN, since: NaN, wrong: false }),
    next(state, item, now, emit) {
      if (item.kind === 'reading') {
        if (state.wrong) emit(verdict(item, now, false, 0, now))
        state.count = 0
        state.stamp = NaN
        state.wrong = false
        return
      }
      if (state.count === 0) state.since = now
      if (item.time !== state.stamp) state.count++
      state.stamp = item.time
      if (state.wrong || state.count < count) return
      state.wrong = true
      emit(verdict(item, now, true, item.reason === 'late' ? -(item.by ?? 0) : (item.by ?? 0), state.since))
    },
    idle: (state) => state.count === 0,
    indifferent: (item) => item.kind === 'reading',
  }
}

/**
 * Finds machines whose clock is wrong: `count` (5) stamps in a row were rejected as late or as ahead, and none was taken in. Several rejected in a row
 * with the same stamp, as the sensors of one instant are, count once.
 * The verdict `clock` turns true with by how many milliseconds the clock is ahead (negative: behind the watermark) as its margin, and false with the next
 * reading that is taken in. `since` is when the first of those was rejected. It wants the readings and the rejected of `inOrder`; other kinds are left out.
 *
 * @example
 * clocks({ count: 3 }, time)
 * // in:  r-k-l-l-m-r-|   r: a reading; k, l, m: rejected as late, each with its own stamp
 * // out: --------t-f-|   t: true, f: false
 */
export function clocks(options: { readonly count?: number } = {}, time?: SchedulerLike): OperatorFunction<Item, Verdict> {
  return pipe(
    filter((item: Item): item is Reading | Rejected => {
      if (item.kind === 'reading') return true
      if (item.kind !== 'rejected') return false
      const { reading, reason } = item as Rejected
      return reading !== undefined && (reason === 'late' || reason === 'ahead')
    }),
    keyed(clocksBehaviour(options.count ?? 5), { key: machineOf }, time),
  )
}

function verdict(item: Reading | Rejected, time: number, truth: boolean, margin: number, since: number): Verdict {
  return { kind: 'verdict', time, machine: machineOf(item), condition: 'clock', truth, margin, since }
}
