import type { AlarmClass, Severity } from '../model/index.js'
import { standardSensors } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Condition } from './condition.js'
import { conditionsOf, sensorsOf } from './shape.js'
import { conditionText } from './text.js'
import { checkUnits } from './unit.js'

/** When an alarm is raised and cleared, and what it says: plain data. */
export interface Rule {
  /** Names the alarm: letters, digits, `-`, `_`, `.`. */
  readonly id: string
  readonly when: Condition
  /** What clears the alarm, once raised; left out: that `when` is known not to hold. */
  readonly clear?: Condition
  readonly severity: Severity
  readonly class: AlarmClass
  /** `{machine}`, `{sensor}`, `{value}`, `{limit}` and `{unit}` are filled in, and of a detector `{reason}`. Left out: value and condition in words. */
  readonly message?: string
  /** `when` must hold this long; left out: not at all. */
  readonly onDelay?: Duration
  /** What clears must hold this long. */
  readonly offDelay?: Duration
  /** Left out: all machines. */
  readonly machines?: readonly string[]
  /** While this is known to hold the alarm is suppressed by design: a stopped motor has no low-current alarm. Unknown does not suppress. */
  readonly suppressedBy?: Condition
  /** Higher levels of the same alarm, rising. Reaching one announces the alarm again, under the same occurrence. */
  readonly levels?: readonly Level[]
  /** Once raised it stays until it has been acknowledged, its condition has gone and it has been reset. */
  readonly latched?: true
}

export interface Level {
  /** Such as `alarm`, `trip advice`. */
  readonly name: string
  readonly when: Condition
  readonly severity: Severity
  /** `when` must hold this long; left out: not at all. */
  readonly onDelay?: Duration
  readonly message?: string
}

export type RuleOptions = Omit<Rule, 'severity' | 'class'> & Partial<Pick<Rule, 'severity' | 'class'>>

/**
 * Checks a rule and fills in what was left out: severity `medium`, and the class of the first sensor that it reads.
 * Throws a `RangeError` that names the rule.
 *
 * @example
 * rule({ id: 'hot-coil', severity: 'high', when: heldFor('30s', above('temperature_coil', 120)) })
 */
export function rule(options: RuleOptions): Rule {
  if (!/^[\w.-]+$/.test(options.id)) throw new RangeError(`rule id ${JSON.stringify(options.id)}: expected letters, digits, '-', '_' and '.'`)
  const conditions = conditionsOf(options)
  try {
    for (const delay of [options.onDelay, options.offDelay, ...(options.levels ?? []).map(({ onDelay }) => onDelay)]) if (delay !== undefined) duration(delay)
    for (const condition of conditions) checkUnits(condition)
  } catch (error) {
    throw new RangeError(`rule '${options.id}': ${error instanceof Error ? error.message : String(error)}`)
  }
  const [sensor] = sensorsOf(options.when)
  const known = sensor === undefined ? undefined : standardSensors.get(sensor)
  return { ...options, severity: options.severity ?? 'medium', class: options.class ?? known?.class ?? 'mechanical' }
}

/** The rule as one line: `hot-coil: high when temperature_coil above 120 for 30s`. */
export function ruleText(rule: Rule): string {
  const span = (value: Duration | undefined): string => (value === undefined ? '' : ` for ${value}`)
  const clear = rule.clear === undefined ? '' : `, clears when ${conditionText(rule.clear)}`
  const suppressed = rule.suppressedBy === undefined ? '' : `, suppressed by ${conditionText(rule.suppressedBy)}`
  const levels = (rule.levels ?? []).map(({ name, severity, when, onDelay }) => `; ${name}: ${severity} when ${conditionText(when)}${span(onDelay)}`)
  return `${rule.id}: ${rule.severity} when ${conditionText(rule.when)}${span(rule.onDelay)}${clear}${rule.clear === undefined && rule.offDelay !== undefined ? ', clears' : ''}${span(rule.offDelay)}${suppressed}${levels.join('')}`
}
