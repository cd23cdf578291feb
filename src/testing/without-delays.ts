import type { Condition } from '../rules/index.js'

/** What is waited for, without the waiting in front of it. */
export const withoutDelays = (condition: Condition): Condition => (condition.op === 'heldFor' ? withoutDelays(condition.of) : condition)
