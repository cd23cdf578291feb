import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { alarmPractice } from './alarm-practice.js'
import type { Behaviour } from './behaviour.js'
import { endsOccurrence } from './occurrence.js'
import { keyed } from './keyed.js'

export interface StandingOptions {
  /** Left out: that of `alarmPractice.standing`. */
  readonly after?: Duration
}

interface Standing {
  wakeAt: number
  machine: string
  rule: string
  /** NaN: it does not stand, or its raise was not seen. */
  raisedAt: number
  standing: boolean
}

/**
 * Says by the verdict `standing` and the rule that an alarm has stood for 24 hours (`after`): true at that very moment, false at its end. Of others it says nothing.
 * The standards call such an alarm stale; here stale is said of data only.
 *
 * One that ends just then has not stood. The margin is how long it has stood, less 24 hours, in milliseconds: 0 when it turns true (more, where its raise came here late), -24 hours when it is over.
 * Of an occurrence whose raise was not seen, nothing is said; nothing is kept of one that is over. Throws a `RangeError` where `after` is 0.
 *
 * @example
 * const [on, off] = [reading('m', 'current', 9), reading('m', 'current', 0)]
 * marbles((time) => pipe(alarms([rule({ id: 'high', when: above('current', 5) })], {}, time), via('alarm', standing({ after: 5 }, time)), map(({ condition, truth }) => `${condition} ${truth}`)))
 *   .of('a----b-a---------b--|', { a: on, b: off })
 *   .gives('------------t----f--|', { t: 'standing high true', f: 'standing high false' })
 */
export function standing(options: StandingOptions = {}, time?: SchedulerLike): OperatorFunction<Alarm, Verdict> {
  const after = duration(options.after ?? alarmPractice.standing)
  if (after === 0) throw new RangeError(`after: got ${JSON.stringify(options.after)}, expected a duration above 0`)
  const verdict = ({ machine, rule }: Standing, now: number, truth: boolean, margin: number): Verdict => ({ kind: 'verdict', time: now, machine, condition: `standing ${rule}`, truth, margin })

  const behaviour: Behaviour<Alarm, Verdict, Standing> = {
    name: 'standing',
    version: 1,
    start: () => ({ wakeAt: Infinity, machine: '', rule: '', raisedAt: NaN, standing: false }),
    next(state, alarm, now, emit) {
      const { machine, rule, raisedAt } = alarm
      if (alarm.state === 'raised') {
        if (Number.isNaN(state.raisedAt)) Object.assign(state, { wakeAt: Math.max(now, raisedAt + after), machine, rule, raisedAt })
      } else if (endsOccurrence(alarm)) {
        if (state.standing) emit(verdict(state, now, false, -after))
        Object.assign(state, { wakeAt: Infinity, raisedAt: NaN, standing: false })
      }
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      state.wakeAt = Infinity
      state.standing = true
      emit(verdict(state, due, true, due - state.raisedAt - after))
      return false
    },
    indifferent: ({ state }) => state !== 'raised',
    idle: ({ raisedAt }) => Number.isNaN(raisedAt),
  }
  return keyed(behaviour, { key: ({ occurrence }) => occurrence }, time)
}
