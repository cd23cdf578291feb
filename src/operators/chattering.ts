import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import { alarmPractice } from './alarm-practice.js'
import type { AlarmPractice } from './alarm-practice.js'
import { burstBehaviour, wholeNumber } from './burst.js'
import { keyed } from './keyed.js'
import { ruleOnMachine } from './rule-on-machine.js'

/** Numbers that are left out: those of `alarmPractice.chattering`. */
export type ChatteringOptions = Partial<AlarmPractice['chattering']>

/**
 * Says by the verdict `chattering` and the rule when an alarm begins to be raised again and again, and when that is over: true at its third raise within a minute (`count`, `within`),
 * false at the moment at which a minute has gone without one.
 *
 * The standards have no number for the end; this one keeps an alarm that chatters on and off within a minute one nuisance. The margin is how often it was raised
 * within the minute, less what it takes: 3 to begin, and 1 to go on. A rule on a machine is forgotten a minute after its last raise.
 * Throws a `RangeError` where `count` is no whole number from 2 on.
 *
 * @example
 * const [on, off] = [reading('m', 'current', 9), reading('m', 'current', 0)]
 * marbles((time) => pipe(alarms([rule({ id: 'high', when: above('current', 5) })], {}, time), via('alarm', chattering({ count: 2, within: 5 }, time)), map(({ condition, truth }) => `${condition} ${truth}`)))
 *   .of('aba-------b---|', { a: on, b: off })
 *   .gives('--t----f------|', { t: 'chattering high true', f: 'chattering high false' })
 */
export function chattering(options: ChatteringOptions = {}, time?: SchedulerLike): OperatorFunction<Alarm, Verdict> {
  const { count, within } = { ...alarmPractice.chattering, ...options }
  const limits = { begins: wholeNumber('count', count, 2), ends: 1, within: duration(within) }
  return keyed(burstBehaviour('chattering', limits, ({ machine, rule }) => ({ machine, condition: `chattering ${rule}` })), { key: ruleOnMachine }, time)
}
