import type { Duration } from '../time/index.js'
import { checkedDuration, checkedZone, clockTime, finite, range, some } from './checks.js'
import { stateFields } from './signal.js'
import type { MachineState, Signal, StateOptions } from './signal.js'

/** What a rule waits for: plain data. Its truth is true, false or unknown; its margin is how far it is from turning. */
export type Condition = Above | Below | Outside | Inside | Hysteresis | All | Any | Not | AtLeast | HeldFor | Within | Since | Missing | Stuck | Rising | FollowedBy | State | During

export interface Above {
  readonly op: 'above' | 'atOrAbove'
  readonly signal: Signal
  readonly limit: Signal
}

export interface Below {
  readonly op: 'below' | 'atOrBelow'
  readonly signal: Signal
  readonly limit: Signal
}

export interface Outside {
  readonly op: 'outside'
  readonly signal: Signal
  readonly low: Signal
  readonly high: Signal
}

export interface Inside {
  readonly op: 'inside'
  readonly signal: Signal
  readonly low: Signal
  readonly high: Signal
}

export interface Hysteresis {
  readonly op: 'hysteresis'
  readonly signal: Signal
  readonly on: number
  readonly off: number
}

export interface All {
  readonly op: 'all'
  readonly of: readonly Condition[]
}

export interface Any {
  readonly op: 'any'
  readonly of: readonly Condition[]
}

export interface Not {
  readonly op: 'not'
  readonly of: Condition
}

export interface AtLeast {
  readonly op: 'atLeast'
  readonly count: number
  readonly of: readonly Condition[]
}

export interface HeldFor {
  readonly op: 'heldFor'
  readonly for: Duration
  readonly of: Condition
}

export interface Within {
  readonly op: 'within'
  readonly for: Duration
  readonly of: Condition
}

export interface Since {
  readonly op: 'since'
  readonly of: Condition
  readonly after: Condition
}

export interface Missing {
  readonly op: 'missing'
  readonly sensor: string
  readonly for: Duration
}

export interface Stuck {
  readonly op: 'stuck'
  readonly sensor: string
  readonly for: Duration
}

export interface Rising {
  readonly op: 'rising'
  readonly for: Duration
  readonly signal: Signal
  readonly by: Signal
}

export interface FollowedBy {
  readonly op: 'followedBy'
  readonly first: Condition
  readonly then: Condition
  readonly for: Duration
}

export interface State extends Omit<MachineState, 'op'> {
  readonly op: 'state'
  readonly is: 'stopped' | 'starting' | 'running'
}

export interface During {
  readonly op: 'during'
  readonly from: string
  readonly to: string
  readonly zone: string
  readonly days?: readonly Weekday[]
  readonly except?: readonly string[]
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

const checkedLimit = (limit: Signal, what = 'the limit'): Signal => (typeof limit === 'number' ? finite(limit, what) : limit)

const checkedRange = (low: Signal, high: Signal): void => {
  if (typeof low === 'number' && typeof high === 'number') range(low, high)
  checkedLimit(low, 'the lower limit')
  checkedLimit(high, 'the upper limit')
}

/** The signal is above the limit; at the limit itself it is not. Margin: signal - limit. A limit may be a signal itself. */
export const above = (signal: Signal, limit: Signal): Condition => ({ op: 'above', signal, limit: checkedLimit(limit) })

/** The signal is below the limit; at the limit itself it is not. Margin: limit - signal. */
export const below = (signal: Signal, limit: Signal): Condition => ({ op: 'below', signal, limit: checkedLimit(limit) })

/** As `above`, but at the limit itself it holds: `not(below(...))`. */
export const atOrAbove = (signal: Signal, limit: Signal): Condition => ({ op: 'atOrAbove', signal, limit: checkedLimit(limit) })

/** As `below`, but at the limit itself it holds: `not(above(...))`. */
export const atOrBelow = (signal: Signal, limit: Signal): Condition => ({ op: 'atOrBelow', signal, limit: checkedLimit(limit) })

/** Below `low` or above `high`; at either limit it is not. Margin: the distance beyond the nearer limit. */
export function outside(signal: Signal, low: Signal, high: Signal): Condition {
  checkedRange(low, high)
  return { op: 'outside', signal, low, high }
}

/** From `low` to `high`, both included: `not(outside(...))`. */
export function inside(signal: Signal, low: Signal, high: Signal): Condition {
  checkedRange(low, high)
  return { op: 'inside', signal, low, high }
}

/**
 * Holds once the signal is beyond `on`, until it is back at `off`: `{ on: 120, off: 115 }` waits for a rise, `{ on: 900, off: 1000 }` for a fall.
 * Between the two it is what it was, and unknown where that is. Margin: to `off` while it holds, to `on` while it does not.
 */
export function hysteresis(signal: Signal, { on, off }: { readonly on: number; readonly off: number }): Condition {
  if (finite(on, 'on') === finite(off, 'off')) throw new RangeError(`on and off must differ, both are ${on}: without a deadband it is above or below`)
  return { op: 'hysteresis', signal, on, off }
}

/** All hold: false as soon as one is false, unknown while one is unknown. Margin: the smallest. */
export const all = (...of: readonly Condition[]): Condition => ({ op: 'all', of: some(of, 'all') })

/** One holds: true as soon as one is true, unknown while one is unknown. Margin: the largest. */
export const any = (...of: readonly Condition[]): Condition => ({ op: 'any', of: some(of, 'any') })

/** True where the condition is false; unknown stays unknown. Margin: its negative. */
export const not = (of: Condition): Condition => ({ op: 'not', of })

/** At least so many hold. Margin: the so-manieth largest. */
export function atLeast(count: number, ...of: readonly Condition[]): Condition {
  if (!(Number.isInteger(count) && count >= 1 && count <= of.length)) throw new RangeError(`atLeast ${count} of ${of.length}: expected a whole number from 1 to the number of conditions`)
  return { op: 'atLeast', count, of }
}

/**
 * The condition has held without a break for this long, now included. It turns at the very moment, not at the next reading.
 * False while a known false lies in the window; unknown while an unknown does, or before the window has filled. Margin: the smallest in the window.
 */
export const heldFor = (time: Duration, of: Condition): Condition => ({ op: 'heldFor', for: checkedDuration(time), of })

/** The condition has held at some moment of the last so long, now included: `not(heldFor(time, not(of)))`. Margin: the largest in the window. */
export const within = (time: Duration, of: Condition): Condition => ({ op: 'within', for: checkedDuration(time), of })

/**
 * `of` has held ever since a moment at which both it and `after` held; what was before the first reading is unknown.
 * Margin: the largest, over the moments back to the beginning, of the smallest of `after` then and `of` from then on.
 */
export const since = (of: Condition, after: Condition): Condition => ({ op: 'since', of, after })

/** Nothing was heard of the sensor for this long, not even what is suspect: unknown is made known. Before it was heard, time counts from the machine's first reading. Margin: in seconds. */
export const missing = (sensor: string, time: Duration): Condition => ({ op: 'missing', sensor, for: checkedDuration(time) })

/** The sensor shows the very same value for this long. Unknown while its value is. Margin: in seconds. */
export const stuck = (sensor: string, time: Duration): Condition => ({ op: 'stuck', sensor, for: checkedDuration(time) })

/** The signal is more than `by` above its least value of the last so long. Margin: that rise - by. */
export const rising = (signal: Signal, by: Signal, time: Duration): Condition => ({ op: 'rising', for: checkedDuration(time), signal, by: checkedLimit(by, 'the rise') })

/**
 * `then` holds, and at some moment of the last so long, before now, `first` held while `then` did not: A, and after it B, on the same machine.
 * It ends with `then`, at the latest this long after the last such moment. Margin: the lesser of `then` and the largest of those moments.
 */
export const followedBy = (first: Condition, then: Condition, time: Duration): Condition => ({ op: 'followedBy', first, then, for: checkedDuration(time) })

/** See `machineState`. Margin: 0.5 where it is in this state, else the negative distance to it. */
const state = (is: State['is']) => (options: StateOptions = {}): Condition => ({ op: 'state', is, ...stateFields(options) })

export const stopped = state('stopped')
export const starting = state('starting')
export const running = state('running')

/**
 * From one time of day to another, by the wall clock of a zone, on given weekdays (those on which it begins; left out: all), except on given dates: a shift, a calendar.
 * `during('22:00', '06:00', { zone: 'Europe/Berlin', days: ['mon'] })` ends on Tuesday. Includes its beginning and not its end. Margin: hours to the nearer of them.
 */
export function during(from: string, to: string, { zone, days, except }: { readonly zone: string; readonly days?: readonly Weekday[]; readonly except?: readonly string[] }): Condition {
  clockTime(from)
  clockTime(to)
  if (from === to) throw new RangeError(`from ${from} to ${to} is no time at all: expected two different times`)
  for (const date of except ?? [])
    if (Number.isNaN(Date.parse(date)) || !/^\d{4}-\d\d-\d\d$/.test(date)) throw new RangeError(`${JSON.stringify(date)} is no date: expected one such as '2026-12-25'`)
  return { op: 'during', from, to, zone: checkedZone(zone), ...(days === undefined ? {} : { days: some(days, 'days') }), ...(except === undefined ? {} : { except }) }
}
