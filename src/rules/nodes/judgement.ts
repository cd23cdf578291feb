import type { Truth } from '../../model/index.js'
import type { Signal } from '../signal.js'
import type { Frame } from './frame.js'

export const FALSE = 0
export const TRUE = 1
export const UNKNOWN = 2

export const TRUTHS: readonly Truth[] = [false, true, 'unknown']

/** The comparison that decides a verdict. */
export interface Deciding {
  readonly signal: Signal
  readonly value: number
  readonly limit: number
  /** Since when it has been so, where a condition that looks back knows it. */
  readonly since?: number
  /** Why a detector's score is what it is, in words. */
  readonly reason?: string
}

/** How a condition and its parts stood when they were last judged. */
export interface Explanation {
  /** As one line. */
  readonly condition: string
  readonly truth: Truth
  readonly margin: number
  /** Of a comparison. */
  readonly value?: number
  readonly limit?: number
  readonly since?: number
  readonly parts?: readonly Explanation[]
}

/** One condition, ready to be judged. The results stand in its fields until the next call of `judge`. */
export interface Judgement {
  /** 1 true, 0 false, 2 unknown. */
  truth: number
  /** NaN while unknown. */
  margin: number
  /** When it may turn though no value comes. */
  wakeAt: number
  /** It looks back, so it must be judged whenever a value comes; otherwise it may be left out. */
  readonly lasting: boolean
  judge(frame: Frame, now: number): void
  deciding(): Deciding
  explain(): Explanation
}

export const truthOf = (margin: number, strict: boolean): number => (margin !== margin ? UNKNOWN : margin > 0 || (!strict && margin === 0) ? TRUE : FALSE)

/** Kleene's. */
export const and = (a: number, b: number): number => (a === FALSE || b === FALSE ? FALSE : a === UNKNOWN || b === UNKNOWN ? UNKNOWN : TRUE)
export const or = (a: number, b: number): number => (a === TRUE || b === TRUE ? TRUE : a === UNKNOWN || b === UNKNOWN ? UNKNOWN : FALSE)
