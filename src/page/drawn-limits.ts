import type { Severity } from '../model/index.js'
import { limitsOf } from '../rules/index.js'
import type { Condition, Machine, Rule } from '../rules/index.js'
import { duration } from '../time/index.js'
import type { LimitView } from './view.js'

/** The limits of rules on a machine's sensors, by sensor, each with how long it must be passed: those that one reading alone can pass. */
export function drawnLimits(rules: readonly Rule[], machine: string, known?: Machine): ReadonlyMap<string, readonly LimitView[]> {
  const found = new Map<string, LimitView[]>()
  const collect = (rule: Rule, condition: Condition, severity: Severity, delay: number): void => {
    if (condition.op === 'any') for (const each of condition.of) collect(rule, each, severity, delay)
    else if (condition.op === 'heldFor') collect(rule, condition.of, severity, delay + duration(condition.for))
    else {
      const { levels: _, ...alone } = rule
      for (const { sensor, low, high } of limitsOf({ ...alone, when: condition, severity }, known)) {
        const limits = found.get(sensor) ?? []
        found.set(sensor, limits)
        limits.push({ rule: rule.id, severity, low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null, delay })
      }
    }
  }
  for (const rule of rules) {
    if (rule.machines?.includes(machine) === false) continue
    collect(rule, rule.when, rule.severity, duration(rule.onDelay ?? 0))
    for (const level of rule.levels ?? []) collect(rule, level.when, level.severity, duration(level.onDelay ?? 0))
  }
  return found
}
