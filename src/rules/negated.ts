import type { Condition } from './condition.js'

/** The condition that holds where this one is known not to, said in its own words where there are some: `x at or below 5` for `x above 5`. */
export function negated(condition: Condition): Condition {
  switch (condition.op) {
    case 'above':
      return { ...condition, op: 'atOrBelow' }
    case 'below':
      return { ...condition, op: 'atOrAbove' }
    case 'atOrAbove':
      return { ...condition, op: 'below' }
    case 'atOrBelow':
      return { ...condition, op: 'above' }
    case 'outside':
      return { ...condition, op: 'inside' }
    case 'inside':
      return { ...condition, op: 'outside' }
    case 'all':
      return { op: 'any', of: condition.of.map(negated) }
    case 'any':
      return { op: 'all', of: condition.of.map(negated) }
    case 'heldFor':
      return { op: 'within', of: negated(condition.of), for: condition.for }
    case 'within':
      return { op: 'heldFor', of: negated(condition.of), for: condition.for }
    case 'not':
      return condition.of
    default:
      return { op: 'not', of: condition }
  }
}
