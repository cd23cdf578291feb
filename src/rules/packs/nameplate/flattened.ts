import { all, not } from '../../condition.js'
import type { Condition } from '../../condition.js'
import { rule } from '../../rule.js'
import type { Rule, RuleOptions } from '../../rule.js'

/**
 * A rule in the terms of an operator that knows neither levels nor suppression: each level is a rule of its own, `winding-rise.alarm`, and a suppressed one asks that what suppresses it is known not to hold.
 * Delays of clearing, and what clears it, are those of the rule; a level without a clear condition of its own is cleared when it is known not to hold.
 */
export function flattened({ levels = [], suppressedBy, ...base }: RuleOptions): readonly Rule[] {
  const { clear: _, ...without } = base
  const suppressed = (options: RuleOptions): Rule => rule(suppressedBy === undefined ? options : { ...options, when: all(opposite(suppressedBy), options.when) })
  return [
    suppressed(base),
    ...levels.map(({ name, onDelay, message, ...level }) =>
      suppressed({ ...without, ...level, id: `${base.id}.${name.replaceAll(' ', '-')}`, onDelay: onDelay ?? 0, ...(message === undefined ? {} : { message }) }),
    ),
  ]
}

const opposite = (of: Condition): Condition => (of.op === 'not' ? of.of : not(of))
