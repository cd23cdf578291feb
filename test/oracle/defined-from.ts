import type { Condition, Signal } from '../../src/rules/index.js'
import { duration } from '../../src/time/index.js'
import type { Judged, Verdict } from './judged.js'

/** From when on our margins, and RTAMT's with its windows cut short at the beginning, are defined alike. */
export interface Defined {
  /** Where ours is known. */
  readonly known: number
  /** At all. */
  readonly always: number
}

/** What must be watched to tell it: see `definedFrom`. */
export const watchedOf = (condition: Condition): readonly Condition[] => partsOf(condition).flatMap((part) => [
  ...(part.op === 'since' ? [part, part.of, part.after] : part.op === 'hysteresis' ? [part] : []),
])

/** The condition and all that it is made of. */
export function partsOf(condition: Condition): readonly Condition[] {
  switch (condition.op) {
    case 'all':
    case 'any':
    case 'atLeast':
      return [condition, ...condition.of.flatMap(partsOf)]
    case 'not':
    case 'heldFor':
    case 'within':
      return [condition, ...partsOf(condition.of)]
    case 'since':
      return [condition, ...partsOf(condition.of), ...partsOf(condition.after)]
    case 'followedBy':
      return [condition, ...partsOf(condition.first), ...partsOf(condition.then)]
    default:
      return [condition]
  }
}

/** From when on a signal is known: its windows have filled. Readings begin at 0. */
const filled = (signal: Signal): number => {
  if (typeof signal !== 'object' || !('of' in signal)) return 0
  const parts = Array.isArray(signal.of) ? (signal.of as readonly Signal[]) : [signal.of as Signal]
  return Math.max(...parts.map(filled)) + (signal.op === 'minOver' || signal.op === 'maxOver' ? duration(signal.for) : 0)
}

/**
 * A window over what has been known from the beginning is the same in both, as far as we know it; over anything else, from when on it has filled.
 * What is made of several parts, of which we leave out those that are unknown: from when on none is.
 * `since` remembers for ever: over what looks back itself, from when on `after` was no smaller than `of`, so that both have come to `of`, whatever they had been.
 */
export function definedFrom(condition: Condition, judged: readonly Judged[], watched: readonly Condition[]): Defined {
  const from = (part: Condition): Defined => definedFrom(part, judged, watched)
  const all = (parts: readonly Condition[]): number => Math.max(...parts.map((part) => from(part).always))
  const both = (always: number): Defined => ({ known: always, always })
  const window = (begin: number, length: number): Defined => ({ known: begin === 0 ? 0 : begin + length, always: begin + length })
  const first = (begin: number, is: (verdict: (of: Condition) => Verdict) => boolean): number =>
    judged.find(({ at, watched: verdicts }) => at >= begin && is((of) => verdicts[watched.indexOf(of)]!))?.at ?? Infinity
  switch (condition.op) {
    case 'above':
    case 'atOrAbove':
    case 'below':
    case 'atOrBelow':
      return both(Math.max(filled(condition.signal), filled(condition.limit)))
    case 'outside':
    case 'inside':
      return both(Math.max(filled(condition.signal), filled(condition.low), filled(condition.high)))
    case 'rising': {
      const { known, always } = window(filled(condition.signal), duration(condition.for))
      return { known: Math.max(known, filled(condition.by)), always: Math.max(always, filled(condition.by)) }
    }
    case 'hysteresis':
      return both(first(0, (verdict) => verdict(condition).truth !== 2))
    case 'not':
      return from(condition.of)
    case 'all':
    case 'any':
    case 'atLeast':
      return condition.of.length === 1 ? from(condition.of[0]!) : both(all(condition.of))
    case 'heldFor':
    case 'within':
      return window(all([condition.of]), duration(condition.for))
    case 'followedBy':
      return window(all([condition.first, condition.then]), duration(condition.for))
    case 'since': {
      const begin = all([condition.of, condition.after])
      const always = first(begin, (verdict) => verdict(condition).truth !== 2 && (begin === 0 || verdict(condition.after).margin >= verdict(condition.of).margin))
      return { known: begin === 0 ? 0 : always, always }
    }
    default:
      throw new Error(`RTAMT has no ${condition.op}`)
  }
}
