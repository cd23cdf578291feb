import { ago, last, take } from './ring.js'
import type { Last } from './ring.js'

/** Sums over the last so many values, for several lengths of window at once; made anew now and then, so that rounding does not add up. */
export interface Moving {
  readonly values: Last
  readonly sums: number[]
  readonly squares: number[]
  /** What is subtracted of each value before it is summed up: near to all of them, so that squares are exact where values are large and deviations small. */
  origin: number
}

/** @param longest the longest window, or how far one wants to look back */
export const moving = (windows: readonly number[], longest: number): Moving => ({
  values: last(longest + 1),
  sums: windows.map(() => 0),
  squares: windows.map(() => 0),
  origin: NaN,
})

export function move(of: Moving, windows: readonly number[], x: number): void {
  take(of.values, x)
  const { count, values: { length } } = of.values
  if (of.origin !== of.origin || count % length === 0) renew(of, windows, x)
  else
    for (let i = 0; i < windows.length; i++) {
      const gone = ago(of.values, windows[i]!)
      const [came, left] = [x - of.origin, gone === gone ? gone - of.origin : 0]
      of.sums[i] = of.sums[i]! + came - left
      of.squares[i] = of.squares[i]! + came * came - left * left
    }
}

/** Sums up anew: from here on nothing is left of what has gone, not even its rounding. */
export function renew(of: Moving, windows: readonly number[], origin: number): void {
  of.origin = origin
  for (let i = 0; i < windows.length; i++) {
    let [sum, square] = [0, 0]
    for (let back = 0; back < Math.min(windows[i]!, of.values.count); back++) {
      const x = ago(of.values, back) - origin
      sum += x
      square += x * x
    }
    of.sums[i] = sum
    of.squares[i] = square
  }
}

/** How many values a window of so many has by now. */
const filled = (of: Moving, window: number): number => Math.min(window, of.values.count)

/** The mean of the last so many values, or of as many as there are; NaN: there is none. */
export const meanOf = (of: Moving, windows: readonly number[], i: number): number => of.origin + of.sums[i]! / filled(of, windows[i]!)

/** The standard deviation (of the population) of the last so many values, or of as many as there are; NaN: of one alone. */
export function deviationOf(of: Moving, windows: readonly number[], i: number): number {
  const n = filled(of, windows[i]!)
  if (n < 2) return NaN
  const mean = of.sums[i]! / n
  return Math.sqrt(Math.max(0, of.squares[i]! / n - mean * mean))
}
