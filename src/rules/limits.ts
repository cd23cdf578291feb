import type { AlarmClass, Severity } from '../model/index.js'
import type { Condition } from './condition.js'
import { parameter } from './machine.js'
import type { Machine } from './machine.js'
import { parameterOf } from './parameter.js'
import type { Rule } from './rule.js'
import type { Signal } from './signal.js'

/** What one value of one sensor, alone, must not pass. */
export interface Limit {
  readonly rule: string
  readonly sensor: string
  /** -Infinity: there is none. */
  readonly low: number
  /** Infinity: there is none. */
  readonly high: number
  readonly severity: Severity
  readonly class: AlarmClass
}

/**
 * The limits of a rule and of its levels that can be judged on one reading alone: comparisons of a sensor with a number or a parameter of the machine, under `any` and delays.
 * What stands under `all` or `not`, compares several sensors, or has a signal as its limit, is not among them.
 */
export function limitsOf(rule: Rule, machine?: Machine): readonly Limit[] {
  const number = (limit: Signal): number => {
    if (typeof limit === 'number') return limit
    const named = typeof limit === 'string' ? parameterOf(limit) : undefined
    return named === undefined ? NaN : named.by * parameter(machine, named.name)
  }
  const collect = (condition: Condition, severity: Severity): readonly Limit[] => {
    const limit = (low: number, high: number): readonly Limit[] =>
      'signal' in condition && typeof condition.signal === 'string' && low === low && high === high
        ? [{ rule: rule.id, sensor: condition.signal, low, high, severity, class: rule.class }]
        : []
    switch (condition.op) {
      case 'above':
      case 'atOrAbove':
        return limit(-Infinity, number(condition.limit))
      case 'below':
      case 'atOrBelow':
        return limit(number(condition.limit), Infinity)
      case 'outside':
        return limit(number(condition.low), number(condition.high))
      case 'hysteresis':
        return condition.on > condition.off ? limit(-Infinity, condition.on) : limit(condition.on, Infinity)
      case 'any':
        return condition.of.flatMap((each) => collect(each, severity))
      case 'heldFor':
      case 'within':
        return collect(condition.of, severity)
      default:
        return []
    }
  }
  return [...collect(rule.when, rule.severity), ...(rule.levels ?? []).flatMap((level) => collect(level.when, level.severity))]
}
