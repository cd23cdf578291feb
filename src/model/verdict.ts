export type Truth = true | false | 'unknown'

/** How a condition stands for one machine from `time` on, until the next verdict. */
export interface Verdict {
  readonly kind: 'verdict'
  /** Epoch milliseconds. */
  readonly time: number
  readonly machine: string
  /** The condition as one line of text, or the name it was given. */
  readonly condition: string
  readonly truth: Truth
  /** How far the condition is from turning, in the unit of its signal: positive where it holds. NaN while unknown. */
  readonly margin: number
  /** The part that decided, as text, its value and its limit, where the condition says. */
  readonly signal?: string
  readonly value?: number
  readonly limit?: number
  /** Epoch milliseconds since when that part has been as it is; before `time` where the condition waits. */
  readonly since?: number
}
