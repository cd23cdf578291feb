import { duration } from '../time/index.js'
import type { Condition } from './condition.js'
import { negated } from './negated.js'
import type { Rule } from './rule.js'
import { conditionText } from './text.js'

/** What would clear a standing alarm of the rule, as one line. What has held for a time ends as soon as it does not hold. */
export function clears({ when, clear, offDelay }: Rule): string {
  const condition = clear ?? negated(beneathDelays(when))
  const delay = duration(offDelay ?? 0)
  return conditionText(delay === 0 ? condition : { op: 'heldFor', of: condition, for: offDelay! })
}

const beneathDelays = (condition: Condition): Condition => (condition.op === 'heldFor' ? beneathDelays(condition.of) : condition)
