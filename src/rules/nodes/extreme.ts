/**
 * The least value of a window that slides, in segments of held values, as one list of numbers: a few of whoever keeps it, then a ring of pairs of the end of a segment and its value, both rising.
 * The segment that goes on ends at Infinity; one that ended where the window begins lies outside of it. 16 B a segment, an eighth of them to spare, and 56 B.
 */
export type Extreme = number[]

const SIZE = 0
const HEAD = 1
/** Places for whoever keeps it. */
export const OWN = 2
const PAIRS = 5

/** A list of numbers that the engine keeps unboxed from the start. */
function list(length: number): number[] {
  return new Array<number>(length).fill(0.5)
}

export function extreme(a: number, b: number, c: number): Extreme {
  const window = list(PAIRS + 8)
  window[SIZE] = window[HEAD] = 0
  window[OWN] = a
  window[OWN + 1] = b
  window[OWN + 2] = c
  return window
}

/** Ends the last segment at `now`, begins one of this value (NaN: none), and drops what ended `time` milliseconds ago or before. Gives the window, which may be another one: it has grown or shrunk. */
export function slide(window: Extreme, value: number, now: number, time: number): Extreme {
  const { length } = window
  const from = now - time
  let size = window[SIZE]!
  let head = window[HEAD]!
  let last = 0
  if (size > 0) {
    last = PAIRS + 2 * (head + size - 1)
    if (last >= length) last -= length - PAIRS
    if (window[last] === Infinity) {
      if (window[last + 1] === value) last = -1
      else window[last] = now
    }
    while (size > 0 && window[PAIRS + 2 * head]! <= from) {
      size--
      head = PAIRS + 2 * head + 2 >= length ? 0 : head + 1
    }
  }
  window[HEAD] = head
  window[SIZE] = size
  if (value !== value || last < 0) return window
  while (size > 0 && window[last + 1]! >= value) {
    size--
    last = last === PAIRS ? length - 2 : last - 2
  }
  window[SIZE] = size
  const room = (length - PAIRS) / 2
  const target = size === room || (size >= 4 && size * 4 < room) ? resized(window, size + Math.max(4, size >> 3)) : window
  let next = PAIRS + 2 * (target[HEAD]! + size)
  if (next >= target.length) next -= target.length - PAIRS
  target[next] = Infinity
  target[next + 1] = value
  target[SIZE] = size + 1
  return target
}

/** Infinity where there is none. */
export function least(window: Extreme): number {
  return window[SIZE] === 0 ? Infinity : window[PAIRS + 2 * window[HEAD]! + 1]!
}

/** When the least one has gone, in a window of this length. */
export function leastUntil(window: Extreme, length: number): number {
  return window[SIZE] === 0 ? Infinity : window[PAIRS + 2 * window[HEAD]!]! + length
}

function resized(window: Extreme, room: number): Extreme {
  const next = list(PAIRS + 2 * room)
  const [size, head] = [window[SIZE]!, window[HEAD]!]
  for (let i = OWN; i < PAIRS; i++) next[i] = window[i]!
  next[SIZE] = size
  next[HEAD] = 0
  for (let i = 0; i < size; i++) {
    let from = PAIRS + 2 * (head + i)
    if (from >= window.length) from -= window.length - PAIRS
    next[PAIRS + 2 * i] = window[from]!
    next[PAIRS + 2 * i + 1] = window[from + 1]!
  }
  return next
}
