import type { RulesChanged } from '../model/index.js'
import type { Rule } from './rule.js'

/** A rule in force, and with which exchange it came: 0 is what was there from the start. Rules of one birth began together, and know nothing of what was heard before. */
export interface RuleInForce {
  readonly rule: Rule
  readonly birth: number
}

/** What an exchange of rules comes to. */
export interface RulesExchange extends Pick<RulesChanged, 'added' | 'removed' | 'changed' | 'unchanged'> {
  /** From now on, in the order of the new rules. */
  readonly inForce: readonly RuleInForce[]
  /** They are the same rules in the same order. */
  readonly same: boolean
}

/** Rules that are there from the start. */
export const asBuilt = (rules: readonly Rule[]): readonly RuleInForce[] => rules.map((rule) => ({ rule, birth: 0 }))

/**
 * Compares rules by their ids and their canonical JSON (in which the order of fields means nothing, and of machines and conditions it does): equal ones go on as they are, all others are born now.
 * `'30s'` and `30000` are not the same: the alarm says which.
 */
export function exchangeRules(before: readonly RuleInForce[], after: readonly Rule[]): RulesExchange {
  const known = new Map(before.map((each) => [each.rule.id, each]))
  const birth = Math.max(0, ...before.map((each) => each.birth)) + 1
  const goesOn = (rule: Rule): RuleInForce | undefined => {
    const each = known.get(rule.id)
    return each !== undefined && canonical(each.rule) === canonical(rule) ? each : undefined
  }
  const inForce = after.map((rule) => goesOn(rule) ?? { rule, birth })
  const ids = new Set(after.map(({ id }) => id))
  const born = inForce.filter((each) => each.birth === birth).map(({ rule }) => rule.id)
  return {
    added: born.filter((id) => !known.has(id)),
    removed: before.map(({ rule }) => rule.id).filter((id) => !ids.has(id)),
    changed: born.filter((id) => known.has(id)),
    unchanged: inForce.filter((each) => each.birth !== birth).map(({ rule }) => rule.id),
    inForce,
    same: inForce.length === before.length && inForce.every((each, i) => each === before[i]),
  }
}

/** JSON with the fields of every object in the order of their names. */
const canonical = (value: unknown): string => JSON.stringify(value, sorted)

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value
