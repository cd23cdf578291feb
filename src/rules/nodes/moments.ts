import { remembered } from './frame.js'
import { firstHeld, firstUntil, heldValues, hold } from './held-values.js'
import type { HeldValues } from './held-values.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'
import { at } from './ring.js'

interface Moments extends HeldValues {
  /** What values are taken from, so that a small deviation of large values is not lost. */
  origin: number
  /** The integrals, over all segments that have ended, of the value and of its square, both from the origin. */
  first: number
  second: number
  /** Segments that have left since the integrals were last summed anew: what rounding left behind goes with it. */
  left: number
}

/** Mean, root mean square and standard deviation of the last `length` milliseconds, weighted by time. */
export function momentsReader(of: Reader, length: number, what: 'meanOver' | 'rmsOver' | 'deviationOver', place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const held = remembered(frame, place, (): Moments => ({ ...heldValues(), origin: 0, first: 0, second: 0, left: 0 }))
    if (held.since !== held.since) {
      held.origin = value
      held.first = held.second = held.left = 0
    }
    const filled = hold(held, value, now, length, came, left)
    if (held.left > held.segments.size) sumAnew(held)
    if (!filled) {
      reader.slope = 0
      reader.wakeAt = Math.min(of.wakeAt, after(held.since + length, now))
      return NaN
    }
    const begun = held.segments.pairs[at(held.segments, 0)]!
    const last = held.segments.pairs[at(held.segments, held.segments.size - 1)]!
    const before = now - length - begun
    const leaving = firstHeld(held)
    const [a, b] = [leaving - held.origin, value - held.origin]
    const mean = (held.first - a * before + b * (now - last)) / length
    const square = (held.second - a * a * before + b * b * (now - last)) / length
    const variance = Math.max(0, square - mean * mean)
    reader.wakeAt = Math.min(of.wakeAt, firstUntil(held, length))
    const exact = held.segments.size === 1
    reader.slope = what === 'meanOver' ? (of.slope === 0 ? (value - leaving) / length : NaN) : exact ? 0 : NaN
    if (what === 'deviationOver') return exact ? 0 : Math.sqrt(variance)
    const from = held.origin + mean
    if (what === 'meanOver') return exact ? value : from
    return exact ? Math.abs(value) : Math.sqrt(variance + from * from)
  })
}

function came(held: Moments, value: number, from: number, to: number): void {
  const off = value - held.origin
  held.first += off * (to - from)
  held.second += off * off * (to - from)
}

function left(held: Moments, value: number, from: number, to: number): void {
  came(held, value, to, from)
  held.left++
}

function sumAnew(held: Moments): void {
  const { segments } = held
  held.left = held.first = held.second = 0
  for (let i = 1; i < segments.size; i++) {
    const [from, to] = [at(segments, i - 1), at(segments, i)]
    came(held, segments.pairs[from + 1]!, segments.pairs[from]!, segments.pairs[to]!)
  }
}

/** The time if it lies ahead, else Infinity. */
export const after = (time: number, now: number): number => (time > now ? time : Infinity)
