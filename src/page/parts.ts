import { conditionText, unitOf } from '../rules/index.js'
import type { Condition, Machine, Signal } from '../rules/index.js'
import { steadySignal, steadyTruth } from '../rules/steady.js'
import { TRUTHS } from '../rules/index.js'
import type { PartView } from './view.js'

/**
 * A condition and its parts, outermost first, as they stand by these values alone. What lives by its past (a rate, a start, a delay) is unknown here:
 * delays are taken for over, and the rest is shown without a margin.
 */
export function partsOf(condition: Condition, values: ReadonlyMap<string, number>, machine?: Machine, depth = 0): readonly PartView[] {
  const of = { values, machine }
  const number = (signal: Signal): number => steadySignal(signal, of)
  const [value, limit, margin] = compared(condition, number)
  const signal = 'signal' in condition ? condition.signal : undefined
  const unit = signal === undefined ? undefined : unitOf(signal)
  const part: PartView = {
    depth,
    text: conditionText(condition),
    truth: TRUTHS[steadyTruth(condition, of)]!,
    value: known(value),
    limit: known(limit),
    margin: known(margin),
    ...(unit === undefined ? {} : { unit }),
  }
  const below = 'of' in condition && condition.op !== 'state' ? condition.of : []
  const inner = (Array.isArray(below) ? below : [below]) as readonly Condition[]
  return [part, ...inner.flatMap((each) => partsOf(each, values, machine, depth + 1))]
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)

const compared = (condition: Condition, number: (signal: Signal) => number): readonly [value: number, limit: number, margin: number] => {
  switch (condition.op) {
    case 'above':
    case 'atOrAbove': {
      const [value, limit] = [number(condition.signal), number(condition.limit)]
      return [value, limit, value - limit]
    }
    case 'below':
    case 'atOrBelow': {
      const [value, limit] = [number(condition.signal), number(condition.limit)]
      return [value, limit, limit - value]
    }
    case 'outside':
    case 'inside': {
      const [value, low, high] = [number(condition.signal), number(condition.low), number(condition.high)]
      const beyond = Math.max(value - high, low - value)
      return [value, value - high > low - value ? high : low, condition.op === 'outside' ? beyond : 0 - beyond]
    }
    case 'hysteresis': {
      const value = number(condition.signal)
      return [value, condition.on, condition.on > condition.off ? value - condition.on : condition.on - value]
    }
    default:
      return [NaN, NaN, NaN]
  }
}
