import { standardSensors } from '../../model/index.js'
import { limitsOf } from '../../rules/index.js'
import type { Condition, Machine, Rule } from '../../rules/index.js'

export type Range = readonly [low: number, high: number]

export type Direction = 'higher' | 'lower'

export interface DerivedRanges {
  readonly safe: Range
  readonly outside: readonly Range[]
  /** Absent where both sides are worse. */
  readonly worse?: Direction
}

/** A limit is clearly passed by a hundredth of it (of the range between two). */
const CLEARLY = 0.01
const JUST = 0.001

/** What a rule's own limits say of its sensors. Nothing, where the rule is more than comparisons of a sensor with a number, under `any` and delays. */
export function derivedRanges(rule: Rule, machine: Machine): ReadonlyMap<string, DerivedRanges> {
  const compared = new Set<string>()
  if (![rule.when, ...(rule.clear === undefined ? [] : [rule.clear])].every((condition) => isPlain(condition, compared)) || rule.suppressedBy !== undefined) return new Map()
  const limits = limitsOf(rule, machine)
  if (limits.length < leaves(rule.when)) return new Map()
  const ranges = new Map<string, DerivedRanges>()
  for (const sensor of new Set(limits.map((limit) => limit.sensor))) {
    const own = limits.filter((limit) => limit.sensor === sensor)
    const [low, high] = [Math.max(...own.map((limit) => limit.low)), Math.min(...own.map((limit) => limit.high))]
    if (low >= high) continue
    ranges.set(sensor, rangesOf(sensor, low, high, compared.has(sensor)))
  }
  return ranges
}

function rangesOf(sensor: string, low: number, high: number, atLimit: boolean): DerivedRanges {
  const [least, most] = standardSensors.get(sensor)?.range ?? [-Infinity, Infinity]
  const size = low > -Infinity && high < Infinity ? high - low : Math.abs(low > -Infinity ? low : high) || 1
  const just = atLimit ? size * JUST : 0
  const safe: Range = [
    low > -Infinity ? low + just : least > -Infinity && least < high ? least : high - size,
    high < Infinity ? high - just : most < Infinity && most > low ? most : low + size,
  ]
  const beyond: Range = [high + size * CLEARLY, Math.max(high + size, most < Infinity ? most : -Infinity)]
  const below: Range = [Math.min(low - size, least > -Infinity ? least : Infinity), low - size * CLEARLY]
  return {
    safe,
    outside: [...(high < Infinity ? [beyond] : []), ...(low > -Infinity ? [below] : [])].map(([a, b]) => [tidy(a), tidy(b)]),
    ...(low === -Infinity ? { worse: 'higher' } : high === Infinity ? { worse: 'lower' } : {}),
  }
}

const tidy = (value: number): number => Number(value.toPrecision(9))

/** Collects the sensors that fire at their limit itself. */
function isPlain(condition: Condition, atLimit: Set<string>): boolean {
  switch (condition.op) {
    case 'atOrAbove':
    case 'atOrBelow':
      if (typeof condition.signal !== 'string') return false
      atLimit.add(condition.signal)
      return true
    case 'above':
    case 'below':
    case 'outside':
    case 'hysteresis':
      return typeof condition.signal === 'string'
    case 'any':
      return condition.of.every((part) => isPlain(part, atLimit))
    case 'heldFor':
    case 'within':
      return isPlain(condition.of, atLimit)
    default:
      return false
  }
}

const leaves = (condition: Condition): number =>
  condition.op === 'any' ? condition.of.reduce((count, part) => count + leaves(part), 0) : condition.op === 'heldFor' || condition.op === 'within' ? leaves(condition.of) : 1
