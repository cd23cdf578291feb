import type { Condition } from '../condition.js'
import type { Signal } from '../signal.js'
import { unitOf } from '../unit.js'
import { remembered } from './frame.js'
import { FALSE, TRUE, truthOf, UNKNOWN } from './judgement.js'
import type { Judgement } from './judgement.js'
import { newNode } from './node.js'
import { crossing, earliest } from './reader.js'
import type { Reader } from './reader.js'

/** One limit or two: beyond them, or (`inside`) not beyond them. */
export function comparison(condition: Condition, signal: Signal, value: Reader, low: Reader | undefined, high: Reader | undefined, strict: boolean, inside = false): Judgement {
  const readers = [value, low, high].filter((reader) => reader !== undefined)
  const still = readers.every((reader) => reader.still)
  const { sensor, stale } = value
  const lowReader = low?.constant === undefined ? low : undefined
  const highReader = high?.constant === undefined ? high : undefined
  const lowest = low?.constant ?? -Infinity
  const highest = high?.constant ?? Infinity
  const node = newNode(condition, [], readers.some(({ lasting }) => lasting))
  node.judge = (frame, now) => {
    const is = sensor < 0 ? value.read(frame, now) : frame.times[sensor]! + stale > now ? frame.values[sensor]! : NaN
    const under = lowReader === undefined ? lowest : lowReader.read(frame, now)
    const over = highReader === undefined ? highest : highReader.read(frame, now)
    const upper = is - over >= under - is
    const beyond = Math.max(is - over, under - is) // NaN where either is
    node.value = is
    node.limit = upper ? over : under
    node.margin = inside ? 0 - beyond : beyond
    node.truth = truthOf(node.margin, strict)
    if (still) return
    node.wakeAt = earliest(readers)
    if (high !== undefined) node.wakeAt = Math.min(node.wakeAt, crossing(is - over, value.slope - high.slope, now))
    if (low !== undefined) node.wakeAt = Math.min(node.wakeAt, crossing(is - under, value.slope - low.slope, now))
  }
  node.deciding = () => ({ signal, value: node.value, limit: node.limit, ...reasonOf(signal, value) })
  return node
}

const reasonOf = (signal: Signal, { why }: Reader): { readonly reason?: string } => (why === undefined || typeof signal !== 'object' || signal.op !== 'detector' ? {} : { reason: why(unitOf(signal.of[0]!) ?? '') })

/** See `hysteresis`. */
export function deadband(condition: Condition, signal: Signal, value: Reader, on: number, off: number, place: number): Judgement {
  const side = on > off ? 1 : -1
  const node = newNode(condition, [], true)
  node.judge = (frame, now) => {
    const is = (node.value = value.read(frame, now))
    const state = remembered(frame, place, () => ({ truth: UNKNOWN }))
    if (is !== is) state.truth = UNKNOWN
    else if (side * (is - on) > 0) state.truth = TRUE
    else if (side * (is - off) <= 0) state.truth = FALSE
    node.truth = state.truth
    node.margin = state.truth === UNKNOWN ? NaN : 0 + side * (is - (state.truth === TRUE ? off : on))
    node.wakeAt = Math.min(value.wakeAt, crossing(is - on, value.slope, now), crossing(is - off, value.slope, now))
  }
  node.deciding = () => ({ signal, value: node.value, limit: node.truth === TRUE ? off : on, ...reasonOf(signal, value) })
  return node
}
