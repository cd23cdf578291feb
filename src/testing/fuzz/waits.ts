import { partsOf } from '../../rules/shape.js'
import type { Condition, Rule, Signal } from '../../rules/index.js'
import { duration } from '../../time/index.js'

/** The least time that the rule's condition must hold before the alarm is raised. */
export const shortestWait = ({ when, onDelay }: Rule): number => duration(onDelay ?? 0) + least(when)

/** The most time that it waits once all that it compares is beyond its limits; undefined where it waits for something else, such as a mean. */
export function longestWait({ when, onDelay }: Rule): number | undefined {
  const wait = most(when)
  return wait === undefined ? undefined : duration(onDelay ?? 0) + wait
}

/** It depends on the present values alone, or, with a deadband, on what is still known of those before. */
export const isMomentary = (condition: Condition): boolean => {
  const { signals, conditions } = partsOf(condition)
  return MOMENTARY.has(condition.op) && signals.every(isPresent) && conditions.every(isMomentary)
}

/** Once all that it compares is within its limits, it does not hold. With a deadband that is not so. */
export function turnsAtOnce(condition: Condition): boolean {
  switch (condition.op) {
    case 'heldFor':
      return turnsAtOnce(condition.of)
    case 'any':
    case 'all':
    case 'atLeast':
      return condition.of.every(turnsAtOnce)
    default:
      return isMomentary(condition) && !uses(condition, DEADBAND)
  }
}

/** It, or a part of it, has one of these ops. */
export const uses = (of: Condition | Signal, ops: ReadonlySet<string>): boolean => {
  const { signals, conditions } = partsOf(of)
  return (typeof of === 'object' && ops.has(of.op)) || [...signals, ...conditions].some((part) => uses(part, ops))
}

const MOMENTARY: ReadonlySet<string> = new Set(['above', 'below', 'atOrAbove', 'atOrBelow', 'outside', 'inside', 'hysteresis', 'all', 'any', 'not', 'atLeast'])
const DEADBAND: ReadonlySet<string> = new Set(['hysteresis'])
const PRESENT: ReadonlySet<string> = new Set(['difference', 'sum', 'product', 'ratio', 'absolute', 'scaled', 'clamped', 'choice'])

const isPresent = (signal: Signal): boolean => {
  const { signals, conditions } = partsOf(signal)
  return (typeof signal !== 'object' || PRESENT.has(signal.op)) && signals.every(isPresent) && conditions.every(isMomentary)
}

function least(condition: Condition): number {
  switch (condition.op) {
    case 'heldFor':
      return duration(condition.for) + least(condition.of)
    case 'any':
      return Math.min(...condition.of.map(least))
    case 'all':
      return Math.max(...condition.of.map(least))
    default:
      return 0
  }
}

function most(condition: Condition): number | undefined {
  if (isMomentary(condition)) return 0
  switch (condition.op) {
    case 'heldFor': {
      const wait = most(condition.of)
      return wait === undefined ? undefined : duration(condition.for) + wait
    }
    case 'within':
      return most(condition.of)
    case 'any':
    case 'all':
    case 'atLeast': {
      const waits = condition.of.map(most)
      return waits.includes(undefined) ? undefined : Math.max(...(waits as readonly number[]))
    }
    default:
      return undefined
  }
}
