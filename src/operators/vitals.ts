import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Command, Reading, Rules, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface VitalsOptions {
  /** A sensor that is not heard of for this long is missing; left out: 2 minutes. */
  readonly silent?: Duration
  /** A sensor that shows the very same value for this long is stuck; left out: 10 minutes. */
  readonly stuck?: Duration
  /** At least so many identical readings make a sensor stuck; left out: 30. */
  readonly count?: number
}

interface VitalsState {
  wakeAt: number
  machine: string
  silent: boolean
  readonly names: string[]
  /** Five numbers a sensor: see below. */
  readonly numbers: number[]
  /** Where the next reading's sensor is likely to be. */
  cursor: number
}

const LAST = 0
const VALUE = 1
const SINCE = 2
const COUNT = 3
const FLAGS = 4
const WIDTH = 5

const MISSING = 1
const STUCK = 2

/** See `vitals`. Commands and rules are passed over, so that it may stand beside what takes them. */
export function vitalsBehaviour(options: VitalsOptions = {}): Behaviour<Reading | Command | Rules, Verdict, VitalsState> {
  const patience = duration(options.silent ?? '2m')
  const span = duration(options.stuck ?? '10m')
  const least = options.count ?? 30
  if (patience === 0) throw new RangeError('silent: got 0, expected a duration above 0')
  const verdict = (state: VitalsState, time: number, condition: string, truth: boolean, margin: number, since: number): Verdict => ({ kind: 'verdict', time, machine: state.machine, condition, truth, margin, since })

  return {
    name: 'vitals',
    version: 1,
    start: (machine) => ({ wakeAt: Infinity, machine, silent: false, names: [], numbers: [], cursor: 0 }),
    next(state, item, now, emit) {
      if (item.kind !== 'reading') return
      const { sensor, value } = item
      const { names, numbers } = state
      let index = state.cursor
      if (names[index] !== sensor) {
        index = names.indexOf(sensor)
        if (index < 0) {
          index = names.push(sensor) - 1
          numbers.push(now, NaN, now, 0, 0)
        }
      }
      state.cursor = index + 1
      const at = index * WIDTH
      const flags = numbers[at + FLAGS]!
      numbers[at + LAST] = now
      if (state.wakeAt === Infinity) state.wakeAt = now + patience
      if (state.silent) {
        state.silent = false
        emit(verdict(state, now, 'missing', false, -patience, now))
      }
      if ((flags & MISSING) !== 0) emit(verdict(state, now, `missing ${sensor}`, false, -patience, now))
      if (value !== numbers[at + VALUE] || value === 0) {
        if ((flags & STUCK) !== 0) emit(verdict(state, now, `stuck ${sensor}`, false, now - numbers[at + SINCE]! - span, now))
        numbers[at + VALUE] = value
        numbers[at + SINCE] = now
        numbers[at + COUNT] = 1
        if (flags !== 0) numbers[at + FLAGS] = 0
        return
      }
      numbers[at + COUNT]!++
      let became = flags & STUCK
      if (became === 0 && numbers[at + COUNT]! >= least && now - numbers[at + SINCE]! >= span) {
        became = STUCK
        emit(verdict(state, now, `stuck ${sensor}`, true, now - numbers[at + SINCE]! - span, numbers[at + SINCE]!))
      }
      if (flags !== became) numbers[at + FLAGS] = became
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      const { names, numbers } = state
      let next = Infinity
      let heard = -Infinity
      for (let index = 0; index < names.length; index++) {
        const at = index * WIDTH
        if (numbers[at + LAST]! > heard) heard = numbers[at + LAST]!
        if ((numbers[at + FLAGS]! & MISSING) !== 0) continue
        const missingAt = numbers[at + LAST]! + patience
        if (missingAt <= due) {
          numbers[at + FLAGS]! |= MISSING
          emit(verdict(state, due, `missing ${names[index]!}`, true, 0, missingAt - patience))
        } else if (missingAt < next) next = missingAt
      }
      if (next === Infinity && !state.silent) {
        state.silent = true
        emit(verdict(state, due, 'missing', true, 0, heard))
      }
      state.wakeAt = next
      return false
    },
  }
}

/**
 * Says by verdicts what has become of a machine's sensors, for all of them at once and in little memory: `missing` and the sensor where nothing was heard of it for `silent`,
 * `missing` alone where nothing is heard of any, and `stuck` and the sensor where it has shown the very same value for `stuck`, in at least `count` readings.
 * True at the very moment (of a reading that comes just then, nothing is missing), false with the next reading, or the next other value.
 *
 * A value of exactly 0 is never stuck: a machine that stands still shows it. Margins are how long it has been so less how long it may, in milliseconds; suspect readings are heard too.
 * `since` is when what is missing was last heard, and when what is stuck first showed its value; of what is well again, now.
 * A machine is kept for as long as the operator runs: what is missing of it must be known. To miss a machine that never came, see `deadman`.
 * Throws a RangeError where `silent` is 0.
 *
 * @example
 * const [x, y] = [reading('m', 'x', 1), reading('m', 'y', 2)]
 * marbles((time) => pipe(vitals({ silent: 5 }, time), map(({ condition, truth }) => `${condition} ${truth}`)))
 *   .of('(xy)x-x-x-----------x---|', { x, y })
 *   .gives('-----y-------(xm)---(no)|', { y: 'missing y true', x: 'missing x true', m: 'missing true', n: 'missing false', o: 'missing x false' })
 */
export function vitals(options: VitalsOptions = {}, time?: SchedulerLike): OperatorFunction<Reading, Verdict> {
  return keyed<Reading, Verdict, VitalsState>(vitalsBehaviour(options), { key: 'machine' }, time)
}
