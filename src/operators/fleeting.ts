import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { alarmPractice } from './alarm-practice.js'
import type { Behaviour } from './behaviour.js'
import { endsOccurrence } from './occurrence.js'
import { keyed } from './keyed.js'

export interface FleetingOptions {
  /** Left out: that of `alarmPractice.fleeting`. */
  readonly shorterThan?: Duration
}

interface Fleeting {
  wakeAt: number
  /** NaN: its raise was not seen. */
  raisedAt: number
}

/**
 * Says by the verdict `fleeting` and the rule, at the end of each occurrence of an alarm, whether it was over before anybody could answer it:
 * true where it lasted for less than a minute (`shorterThan`), false where it lasted for longer, or just that long.
 *
 * The margin is how much shorter it was, in milliseconds. Of an occurrence whose raise was not seen, nothing is said; nothing is kept of one that is over.
 *
 * @example
 * const [on, off] = [reading('m', 'current', 9), reading('m', 'current', 0)]
 * marbles((time) => pipe(alarms([rule({ id: 'high', when: above('current', 5) })], {}, time), via('alarm', fleeting({ shorterThan: 5 }, time)), map(({ truth, margin }) => `${truth} ${margin}`)))
 *   .of('a--b--a----b--|', { a: on, b: off })
 *   .gives('---t-------f--|', { t: 'true 2', f: 'false 0' })
 */
export function fleeting(options: FleetingOptions = {}, time?: SchedulerLike): OperatorFunction<Alarm, Verdict> {
  const limit = duration(options.shorterThan ?? alarmPractice.fleeting)

  const behaviour: Behaviour<Alarm, Verdict, Fleeting> = {
    name: 'fleeting',
    version: 1,
    start: () => ({ wakeAt: Infinity, raisedAt: NaN }),
    next(state, alarm, now, emit) {
      if (alarm.state === 'raised') state.raisedAt = alarm.raisedAt
      else if (endsOccurrence(alarm) && !Number.isNaN(state.raisedAt)) {
        const lasted = alarm.time - state.raisedAt
        state.raisedAt = NaN
        emit({ kind: 'verdict', time: now, machine: alarm.machine, condition: `fleeting ${alarm.rule}`, truth: lasted < limit, margin: limit - lasted })
      }
    },
    indifferent: ({ state }) => state !== 'raised',
    idle: ({ raisedAt }) => Number.isNaN(raisedAt),
  }
  return keyed(behaviour, { key: ({ occurrence }) => occurrence }, time)
}
