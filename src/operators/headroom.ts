import { steadySignal } from '../rules/steady.js'
import type { Steady } from '../rules/steady.js'
import type { Condition, Deciding } from '../rules/index.js'

export type Comparison = Extract<Condition, { readonly op: 'above' | 'below' | 'atOrAbove' | 'atOrBelow' | 'outside' | 'hysteresis' }>

/** How far it is from what is normal to a limit, up or down; where there are limits on both sides, also where they are. */
export type Way = number | { readonly low: number; readonly high: number; readonly normal: number }

/** Undefined where it is not known: what is normal, or both of two limits, or where normal is not within the limit. */
export function wayTo(leaf: Comparison, normally: Steady): Way | undefined {
  const normal = steadySignal(leaf.signal, normally)
  if (leaf.op === 'outside') {
    const always: Steady = { ...normally, values: new Map() }
    const [low, high] = [steadySignal(leaf.low, always), steadySignal(leaf.high, always)]
    return normal > low && normal < high ? { low, high, normal } : undefined
  }
  const limit = leaf.op === 'hysteresis' ? leaf.on : steadySignal(leaf.limit, normally)
  const isUpper = leaf.op === 'hysteresis' ? leaf.on > leaf.off : leaf.op === 'above' || leaf.op === 'atOrAbove'
  const way = isUpper ? limit - normal : normal - limit
  return way > 0 ? way : undefined
}

/** What is left of the way from normal to the limit: 1 at normal, 0 at the limit, negative beyond. */
export function fractionLeft(way: Way, margin: number, value: number): number {
  if (typeof way === 'number') return (0 - margin) / way
  return Math.min((way.high - value) / (way.high - way.normal), (value - way.low) / (way.normal - way.low))
}

/** What is left of the way to the limit as a fraction of the limit, or of half the range between two of them. */
export function fractionOfLimit(leaf: Comparison, margin: number, { limit }: Deciding): number {
  const scale = leaf.op === 'outside' && typeof leaf.low === 'number' && typeof leaf.high === 'number' ? (leaf.high - leaf.low) / 2 : Math.abs(limit) || 1
  return (0 - margin) / scale
}
