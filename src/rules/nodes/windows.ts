import { extreme, least, leastUntil, slide } from './extreme.js'
import { remembered } from './frame.js'
import { firstHeld, firstUntil, heldValues, hold } from './held-values.js'
import { after } from './moments.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'

/** The least (`sign` 1) or largest (-1) value of the last `length` milliseconds, of which few are kept. */
export function extremeReader(of: Reader, length: number, sign: 1 | -1, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const window = remembered(frame, place, () => ({ ...extreme(), since: NaN }))
    slide(window, sign * value, now, now - length)
    if (value !== value) window.since = NaN
    else if (window.since !== window.since) window.since = now
    reader.wakeAt = Math.min(of.wakeAt, after(leastUntil(window, length), now), after(window.since + length, now))
    return window.since <= now - length ? sign * least(window) : NaN
  })
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
