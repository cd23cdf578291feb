import type { AlarmClass, Severity } from '../model/index.js'
import type { Condition } from './condition.js'
import type { Rule } from './rule.js'

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
 * The limits of a rule that can be judged on one reading alone: comparisons of a sensor with a number, under `any` and delays.
 * What stands under `all` or `not`, or compares several sensors, is not among them.
 */
export function limitsOf(rule: Rule): readonly Limit[] {
  const collect = (condition: Condition): readonly Limit[] => {
    const limit = (low: number, high: number): readonly Limit[] =>
      'signal' in condition && typeof condition.signal === 'string'
        ? [{ rule: rule.id, sensor: condition.signal, low, high, severity: rule.severity, class: rule.class }]
        : []
    switch (condition.op) {
      case 'above':
        return limit(-Infinity, condition.limit)
      case 'below':
        return limit(condition.limit, Infinity)
      case 'outside':
        return limit(condition.low, condition.high)
      case 'any':
        return condition.of.flatMap(collect)
      case 'heldFor':
      case 'within':
        return collect(condition.of)
      default:
        return []
    }
  }
  return collect(rule.when)
}
