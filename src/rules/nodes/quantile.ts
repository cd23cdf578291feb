import { remembered } from './frame.js'
import { firstUntil, heldValues, hold } from './held-values.js'
import type { HeldValues } from './held-values.js'
import { after } from './moments.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'
import { at } from './ring.js'

/** How far a quantile may be from the true one, as a fraction of it. */
const ERROR = 0.01
const BASE = Math.log((1 + ERROR) / (1 - ERROR))
const ZERO = 1e-9

interface Bins extends HeldValues {
  /** Rising numbers of bins that are not empty, and the milliseconds spent in each. */
  readonly bins: number[]
  readonly spent: number[]
}

/** Bins of values that differ by at most twice the error, in the order of their values; 0 is what is nearest to 0. */
const binOf = (value: number): number => {
  const size = Math.abs(value)
  if (size < ZERO) return 0
  const bin = Math.ceil(Math.log(size / ZERO) / BASE) + 1
  return value < 0 ? -bin : bin
}

const valueOf = (bin: number): number => (Math.sign(bin) * ZERO * 2 * Math.exp(BASE * (Math.abs(bin) - 1))) / (1 + Math.exp(BASE))

/** The value below which the signal was for the fraction `q` of the last `length` milliseconds, by bins of logarithmic width. */
export function quantileReader(of: Reader, length: number, q: number, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const held = remembered(frame, place, (): Bins => ({ ...heldValues(), bins: [], spent: [] }))
    if (value !== value) held.bins.length = held.spent.length = 0
    const filled = hold(held, value, now, length, came, left)
    reader.wakeAt = Math.min(of.wakeAt, filled ? firstUntil(held, length) : after(held.since + length, now))
    // Between two instants the weights shift from the value that leaves to the one that stands.
    reader.slope = held.segments.size > 1 ? NaN : 0
    return filled ? quantile(held, value, now, length, q) : NaN
  })
}

function quantile({ bins, spent, segments }: Bins, value: number, now: number, length: number, q: number): number {
  const own = binOf(value)
  const ownTime = now - Math.max(now - length, segments.pairs[at(segments, segments.size - 1)]!)
  const first = at(segments, 0)
  const leaving = binOf(segments.pairs[first + 1]!)
  const before = segments.size > 1 ? now - length - segments.pairs[first]! : 0
  let rest = q * length
  let last = own
  for (let i = 0, told = false; i < bins.length || !told; ) {
    const bin = i < bins.length && (told || bins[i]! <= own) ? bins[i]! : own
    let time = 0
    if (i < bins.length && bins[i] === bin) time += spent[i++]! - (bin === leaving ? before : 0)
    if (!told && bin === own) {
      time += ownTime
      told = true
    }
    if (time <= 0) continue
    last = bin
    rest -= time
    if (rest <= 1e-6) break
  }
  return valueOf(last)
}

function came(held: Bins, value: number, from: number, to: number): void {
  add(held, binOf(value), to - from)
}

function left(held: Bins, value: number, from: number, to: number): void {
  add(held, binOf(value), from - to)
}

/** A bin in which less than a microsecond is left is empty: what rounding left behind goes with it. */
function add({ bins, spent }: Bins, bin: number, time: number): void {
  let [low, high] = [0, bins.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (bins[middle]! < bin) low = middle + 1
    else high = middle
  }
  if (bins[low] !== bin) {
    bins.splice(low, 0, bin)
    spent.splice(low, 0, time)
  } else if ((spent[low]! += time) < 1e-3) {
    bins.splice(low, 1)
    spent.splice(low, 1)
  }
}
