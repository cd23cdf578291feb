import { at, pop, push, ring, shift } from './ring.js'
import type { Ring } from './ring.js'

/**
 * The least value of a window that slides, in segments of held values: pairs of the end of a segment and its value, both rising; the one that goes on ends at Infinity.
 * A segment that ended where the window begins lies outside of it.
 */
export type Extreme = Ring

export const extreme: () => Extreme = ring

/** Ends the last segment at `now`, begins one of this value (NaN: none), and drops what ended at `from` or before. */
export function slide(window: Extreme, value: number, now: number, from: number): void {
  if (window.size > 0) {
    const last = at(window, window.size - 1)
    if (window.pairs[last] === Infinity) {
      if (window.pairs[last + 1] === value) {
        expire(window, from)
        return
      }
      window.pairs[last] = now
    }
  }
  expire(window, from)
  if (value !== value) return
  while (window.size > 0 && window.pairs[at(window, window.size - 1) + 1]! >= value) pop(window)
  push(window, Infinity, value)
}

/** Infinity where there is none. */
export function least(window: Extreme): number {
  return window.size === 0 ? Infinity : window.pairs[at(window, 0) + 1]!
}

/** When the least one has gone, in a window of this length. */
export function leastUntil(window: Extreme, length: number): number {
  return window.size === 0 ? Infinity : window.pairs[at(window, 0)]! + length
}

function expire(window: Extreme, from: number): void {
  while (window.size > 0 && window.pairs[at(window, 0)]! <= from) shift(window)
}
