import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, Verdict } from '../model/index.js'
import { duration } from '../time/index.js'
import { alarmPractice } from './alarm-practice.js'
import type { AlarmPractice } from './alarm-practice.js'
import { burstBehaviour, wholeNumber } from './burst.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

/** Numbers that are left out: those of `alarmPractice.flood`. */
export interface FloodOptions extends Partial<AlarmPractice['flood']> {
  /** What has floods of its own: an operator's area, say. Left out: all alarms together, under the name of `plant`. */
  readonly key?: Key<Alarm>
  /** Names its state in a checkpoint; left out: `flood`. */
  readonly name?: string
}

/**
 * Says by the verdict `flood` when so many alarms are raised that nobody can answer them: true at the moment at which more than 10 were raised within 10 minutes (`above`, `within`),
 * false at the moment at which fewer than 5 were (`below`).
 *
 * It looks back from the end of each instant, and a raise counts for 10 minutes, at the end of which it counts no more. Only raises count, and the order within an instant does not matter.
 * The verdict's machine is the key's text, so `announce`, put behind it, makes an alarm of a flood.
 * The margin is how many there are, less what it takes: 11 to begin, and 5 to go on. A key is forgotten when no raise counts any more.
 *
 * Throws a `RangeError` where `above` is no whole number from 1 on, or `below` none from 1 to `above`.
 *
 * @example
 * const [on, off] = [reading('m', 'current', 9), reading('m', 'current', 0)]
 * marbles((time) => pipe(alarms([rule({ id: 'high', when: above('current', 5) })], {}, time), via('alarm', flood({ above: 2, below: 2, within: 10 }, time)), map(({ machine, truth }) => `${machine} ${truth}`)))
 *   .of('ababa--------------|', { a: on, b: off })
 *   .gives('----t-------f------|', { t: 'plant true', f: 'plant false' })
 * @example
 * // an alarm of each flood
 * via('alarm', pipe(flood({}, time), announce(() => ({ rule: 'flood', severity: 'high', class: 'support', message: 'too many alarms to answer' }), {}, time)))
 */
export function flood(options: FloodOptions = {}, time?: SchedulerLike): OperatorFunction<Alarm, Verdict> {
  const { above, below, within, key = plant, name } = { ...alarmPractice.flood, ...options }
  const begins = wholeNumber('above', above, 1) + 1
  const limits = { begins, ends: wholeNumber('below', below, 1, above), within: duration(within) }
  return keyed(burstBehaviour('flood', limits, (_, machine) => ({ machine, condition: 'flood' })), { key, ...(name === undefined ? {} : { name }) }, time)
}

const plant = (): string => 'plant'
