import { at, clear, push, ring, shift } from './ring.js'
import type { Ring } from './ring.js'

/** The values that a signal held in a window that slides, without a gap: pairs of when it began to and the value. 16 B a change. */
export interface HeldValues {
  readonly segments: Ring
  /** Since when it is known without a gap; NaN: it is unknown. */
  since: number
}

export const heldValues = (): HeldValues => ({ segments: ring(), since: NaN })

/** What happens to a segment of held values: its value, its beginning, its end. */
type Segment<H> = (held: H, value: number, from: number, to: number) => void

/**
 * Takes the value of now and drops what ended when the window began, and tells whether the window has filled. Something unknown empties it.
 * @param came is told of each segment that ends: it stays in the window, and another one begins
 * @param left is told of each segment that leaves
 */
export function hold<H extends HeldValues>(held: H, value: number, now: number, length: number, came?: Segment<H>, left?: Segment<H>): boolean {
  const { segments } = held
  if (value !== value) {
    if (segments.size > 0) clear(segments)
    held.since = NaN
    return false
  }
  if (held.since !== held.since) {
    held.since = now
    push(segments, now, value)
  } else {
    const last = at(segments, segments.size - 1)
    if (segments.pairs[last + 1] !== value) {
      came?.(held, segments.pairs[last + 1]!, segments.pairs[last]!, now)
      push(segments, now, value)
    }
  }
  const from = now - length
  while (segments.size > 1) {
    const end = segments.pairs[at(segments, 1)]!
    if (end > from) break
    const first = at(segments, 0)
    left?.(held, segments.pairs[first + 1]!, segments.pairs[first]!, end)
    shift(segments)
  }
  return held.since <= from
}

/** The value at the beginning of a window that has filled. */
export const firstHeld = ({ segments }: HeldValues): number => segments.pairs[at(segments, 0) + 1]!

/** When the first value leaves a window of this length; Infinity: it is the one that goes on. */
export const firstUntil = ({ segments }: HeldValues, length: number): number => (segments.size > 1 ? segments.pairs[at(segments, 1)]! + length : Infinity)
