import type { Condition } from './condition.js'
import { parameter } from './machine.js'
import type { Machine } from './machine.js'
import { and, FALSE, or, TRUE, truthOf, UNKNOWN } from './nodes/judgement.js'
import { parameterOf } from './parameter.js'
import type { Signal } from './signal.js'

/** Sensors that stand at these values for ever, on this machine. */
export interface Steady {
  readonly values: ReadonlyMap<string, number>
  readonly machine?: Machine | undefined
}

/** The value of a signal then; NaN where it depends on what came before, or on the time. */
export function steadySignal(signal: Signal, of: Steady): number {
  const value = (part: Signal): number => steadySignal(part, of)
  if (typeof signal === 'number') return signal
  if (typeof signal === 'string') {
    const named = parameterOf(signal)
    return named === undefined ? (of.values.get(signal) ?? NaN) : named.by * parameter(of.machine, named.name)
  }
  switch (signal.op) {
    case 'difference':
      return value(signal.of[0]!) - value(signal.of[1]!)
    case 'ratio': {
      const quotient = value(signal.of[0]!) / value(signal.of[1]!)
      return Number.isFinite(quotient) ? quotient : NaN
    }
    case 'sum':
      return signal.of.reduce<number>((total, part) => total + value(part), 0)
    case 'product':
      return signal.of.reduce<number>((total, part) => total * value(part), 1)
    case 'absolute':
    case 'rmsOver':
      return Math.abs(value(signal.of))
    case 'scaled':
      return signal.by * value(signal.of)
    case 'clamped':
      return Math.min(signal.high, Math.max(signal.low, value(signal.of)))
    case 'choice': {
      const truth = steadyTruth(signal.when, of)
      return truth === UNKNOWN ? NaN : value(truth === TRUE ? signal.then : signal.else)
    }
    case 'meanOver':
    case 'minOver':
    case 'maxOver':
    case 'quantileOver':
    case 'ewma':
      return value(signal.of)
    case 'i2t':
      return (value(signal.of) / value(signal.rated)) ** 2
    default:
      return NaN
  }
}

/** The truth of a condition then, once its delays are over; unknown where it depends on what came before, or on the time. */
export function steadyTruth(condition: Condition, of: Steady): number {
  const value = (part: Signal): number => steadySignal(part, of)
  const truth = (part: Condition): number => steadyTruth(part, of)
  switch (condition.op) {
    case 'above':
    case 'atOrAbove':
      return truthOf(value(condition.signal) - value(condition.limit), condition.op === 'above')
    case 'below':
    case 'atOrBelow':
      return truthOf(value(condition.limit) - value(condition.signal), condition.op === 'below')
    case 'outside':
    case 'inside': {
      const beyond = Math.max(value(condition.signal) - value(condition.high), value(condition.low) - value(condition.signal))
      return condition.op === 'outside' ? truthOf(beyond, true) : truthOf(0 - beyond, false)
    }
    case 'hysteresis': {
      const side = condition.on > condition.off ? 1 : -1
      const is = value(condition.signal)
      return side * (is - condition.on) > 0 ? TRUE : side * (is - condition.off) <= 0 ? FALSE : UNKNOWN
    }
    case 'all':
      return condition.of.map(truth).reduce(and)
    case 'any':
      return condition.of.map(truth).reduce(or)
    case 'not': {
      const inner = truth(condition.of)
      return inner === UNKNOWN ? UNKNOWN : 1 - inner
    }
    case 'atLeast': {
      const truths = condition.of.map(truth)
      if (truths.filter((each) => each === TRUE).length >= condition.count) return TRUE
      return truths.filter((each) => each !== FALSE).length < condition.count ? FALSE : UNKNOWN
    }
    case 'heldFor':
    case 'within':
      return truth(condition.of)
    case 'since':
      return truth(condition.of) === FALSE ? FALSE : UNKNOWN
    case 'followedBy':
      return truth(condition.then) === FALSE ? FALSE : UNKNOWN
    default:
      return UNKNOWN
  }
}
