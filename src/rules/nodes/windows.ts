import { extreme, least, leastUntil, OWN, slide } from './extreme.js'
import type { Extreme } from './extreme.js'
import { remembered } from './frame.js'
import type { Frame } from './frame.js'
import { firstHeld, firstUntil, heldValues, hold } from './held-values.js'
import { after } from './moments.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'

/** The least (`sign` 1) or largest (-1) value of the last `length` milliseconds, of which few are kept. */
export function extremeReader(of: Reader, length: number, sign: 1 | -1, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const window = slideSince(frame, place, sign * value, now, length)
    reader.wakeAt = Math.min(of.wakeAt, after(leastUntil(window, length), now), after(window[SINCE]! + length, now))
    return window[SINCE]! <= now - length ? sign * least(window) : NaN
  })
}

/** Since when the values of the window are known without a gap; NaN: they are unknown. */
export const SINCE = OWN

/** Slides the window in this place, and keeps since when it is known. */
export function slideSince(frame: Frame, place: number, value: number, now: number, length: number): Extreme {
  const before = (frame.memory[place] as Extreme | undefined) ?? extreme(NaN, 0, 0)
  if (value !== value) before[SINCE] = NaN
  else if (before[SINCE] !== before[SINCE]) before[SINCE] = now
  return (frame.memory[place] = slide(before, value, now, length))
}

/** The change over the last `length` milliseconds, a second. */
export function rateReader(of: Reader, length: number, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const held = remembered(frame, place, heldValues)
    const filled = hold(held, value, now, length)
    reader.wakeAt = Math.min(of.wakeAt, filled ? firstUntil(held, length) : after(held.since + length, now))
    return filled ? ((value - firstHeld(held)) * 1000) / length : NaN
  })
}
