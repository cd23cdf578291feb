import { reference } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'

export interface Limits {
  readonly low?: number
  readonly high?: number
}

const limitsIn = (condition: Condition): (Limits & { readonly sensor: string }) | undefined => {
  if (condition.op === 'above' && typeof condition.signal === 'string' && typeof condition.limit === 'number') return { sensor: condition.signal, high: condition.limit }
  if (condition.op === 'outside' && typeof condition.signal === 'string' && typeof condition.low === 'number' && typeof condition.high === 'number') return { sensor: condition.signal, low: condition.low, high: condition.high }
  return undefined
}

/** By sensor, the limits of the rules that a worker has where it is told of no others. */
export const limits: ReadonlyMap<string, Limits> = new Map(reference.flatMap(({ when }) => {
  const found = limitsIn(when)
  if (found === undefined) return []
  const { sensor, ...of } = found
  return [[sensor, of] as const]
}))
