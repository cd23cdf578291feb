import { duration, formatDuration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { sensorsOfSignal, signalText } from './signal.js'
import type { Signal } from './signal.js'

/** What a rule waits for: plain data. Its truth is true, false or unknown; its margin is how far it is from turning. */
export type Condition = Above | Below | Outside | Inside | All | Any | Not | HeldFor | Within

export interface Above {
  readonly op: 'above'
  readonly signal: Signal
  readonly limit: number
}

export interface Below {
  readonly op: 'below'
  readonly signal: Signal
  readonly limit: number
}

export interface Outside {
  readonly op: 'outside'
  readonly signal: Signal
  readonly low: number
  readonly high: number
}

export interface Inside {
  readonly op: 'inside'
  readonly signal: Signal
  readonly low: number
  readonly high: number
}

interface All {
  readonly op: 'all'
  readonly of: readonly Condition[]
}

interface Any {
  readonly op: 'any'
  readonly of: readonly Condition[]
}

interface Not {
  readonly op: 'not'
  readonly of: Condition
}

interface HeldFor {
  readonly op: 'heldFor'
  readonly for: Duration
  readonly of: Condition
}

interface Within {
  readonly op: 'within'
  readonly for: Duration
  readonly of: Condition
}

const finite = (limit: number, what: string): number => {
  if (!Number.isFinite(limit)) throw new RangeError(`${what} must be a finite number, not ${limit}`)
  return limit
}

const range = (low: number, high: number): void => {
  finite(low, 'the lower limit')
  finite(high, 'the upper limit')
  if (!(low < high)) throw new RangeError(`the lower limit ${low} must be below the upper limit ${high}`)
}

/** The signal is above the limit; at the limit itself it is not. Margin: signal - limit. */
export function above(signal: Signal, limit: number): Condition {
  return { op: 'above', signal, limit: finite(limit, 'the limit') }
}

/** The signal is below the limit; at the limit itself it is not. Margin: limit - signal. */
export function below(signal: Signal, limit: number): Condition {
  return { op: 'below', signal, limit: finite(limit, 'the limit') }
}

/** Below `low` or above `high`; at either limit it is not. Margin: the distance beyond the nearer limit. */
export function outside(signal: Signal, low: number, high: number): Condition {
  range(low, high)
  return { op: 'outside', signal, low, high }
}

/** From `low` to `high`, both included: `not(outside(...))`. */
export function inside(signal: Signal, low: number, high: number): Condition {
  range(low, high)
  return { op: 'inside', signal, low, high }
}

/** All hold: false as soon as one is false, unknown while one is unknown. Margin: the smallest. */
export function all(...of: readonly Condition[]): Condition {
  if (of.length === 0) throw new RangeError('all needs at least one condition')
  return { op: 'all', of }
}

/** One holds: true as soon as one is true, unknown while one is unknown. Margin: the largest. */
export function any(...of: readonly Condition[]): Condition {
  if (of.length === 0) throw new RangeError('any needs at least one condition')
  return { op: 'any', of }
}

/** True where the condition is false; unknown stays unknown. Margin: its negative. */
export function not(of: Condition): Condition {
  return { op: 'not', of }
}

/**
 * The condition has held without a break for this long, now included. It turns at the very moment, not at the next reading.
 * False while a known false lies in the window; unknown while an unknown does, or before the window has filled. Margin: the smallest in the window.
 */
export function heldFor(time: Duration, of: Condition): Condition {
  duration(time)
  return { op: 'heldFor', for: time, of }
}

/** The condition has held at some moment of the last so long, now included: `not(heldFor(time, not(of)))`. Margin: the largest in the window. */
export function within(time: Duration, of: Condition): Condition {
  duration(time)
  return { op: 'within', for: time, of }
}

/** The sensors that a condition reads, each once. */
export function sensorsOf(condition: Condition): readonly string[] {
  switch (condition.op) {
    case 'all':
    case 'any':
      return [...new Set(condition.of.flatMap(sensorsOf))]
    case 'not':
    case 'heldFor':
    case 'within':
      return sensorsOf(condition.of)
    default:
      return sensorsOfSignal(condition.signal)
  }
}

/** The condition as one line: `temperature_coil above 120 for 30s`. */
export function conditionText(condition: Condition): string {
  const part = (inner: Condition): string => (inner.op === 'all' || inner.op === 'any' ? `(${conditionText(inner)})` : conditionText(inner))
  const span = (value: Duration): string => formatDuration(duration(value))
  switch (condition.op) {
    case 'above':
    case 'below':
      return `${signalText(condition.signal)} ${condition.op} ${condition.limit}`
    case 'outside':
    case 'inside':
      return `${signalText(condition.signal)} ${condition.op} ${condition.low}..${condition.high}`
    case 'all':
      return condition.of.map(part).join(' and ')
    case 'any':
      return condition.of.map(part).join(' or ')
    case 'not':
      return `not (${conditionText(condition.of)})`
    case 'heldFor':
      return `${part(condition.of)} for ${span(condition.for)}`
    case 'within':
      return `${part(condition.of)} within ${span(condition.for)}`
  }
}
