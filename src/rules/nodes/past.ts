import { duration } from '../../time/index.js'
import type { Condition } from '../condition.js'
import { extreme, least, slide } from './extreme.js'
import type { Extreme } from './extreme.js'
import { remembered } from './frame.js'
import { and, FALSE, or, TRUE, UNKNOWN } from './judgement.js'
import type { Judgement } from './judgement.js'
import { after } from './moments.js'
import { newNode } from './node.js'

/** The last so long of a condition: its smallest known margins, and when it was last false or unknown. */
interface HeldWindow extends Extreme {
  truth: number
  falseUntil: number
  unknownUntil: number
}

/** The truth of `heldFor` from what lies in the window. */
const held = ({ falseUntil, unknownUntil }: HeldWindow, from: number): number => (falseUntil > from ? FALSE : unknownUntil > from ? UNKNOWN : TRUE)

/**
 * Whether `of` has held for `time`. With `sign` -1, whether it has held within it: by De Morgan, what is kept is then that it has not.
 */
export function window(condition: Condition, of: Judgement, time: number, sign: 1 | -1, place: number): Judgement {
  const node = newNode(condition, [of], true)
  let since = NaN
  node.judge = (frame, now) => {
    of.judge(frame, now)
    const truth = of.truth === UNKNOWN ? UNKNOWN : sign === 1 ? of.truth : 1 - of.truth
    const memory = remembered(frame, place, (): HeldWindow => ({ ...extreme(), truth: UNKNOWN, falseUntil: -Infinity, unknownUntil: now }))
    take(memory, truth, sign * of.margin, now, now - time)
    const result = truth === FALSE ? FALSE : held(memory, now - time)
    const known = truth === UNKNOWN && result === TRUE ? UNKNOWN : result
    node.truth = known === UNKNOWN ? UNKNOWN : sign === 1 ? known : 1 - known
    node.margin = known === UNKNOWN ? NaN : sign * least(memory)
    node.wakeAt = Math.min(of.wakeAt, after(memory.falseUntil + time, now), truth === TRUE ? after(memory.unknownUntil + time, now) : Infinity)
    since = Math.max(memory.falseUntil, memory.unknownUntil)
  }
  node.deciding = () => ({ ...of.deciding(), ...(sign === 1 && of.truth === TRUE && since > -Infinity ? { since } : {}) })
  return node
}

/** Ends what was until `now` and begins with this. */
function take(memory: HeldWindow, truth: number, margin: number, now: number, from: number): void {
  if (memory.truth === FALSE) memory.falseUntil = now
  else if (memory.truth === UNKNOWN) memory.unknownUntil = now
  slide(memory, truth === UNKNOWN ? NaN : margin, now, from)
  memory.truth = truth
}

/** See `since`. */
export function sinceThen(condition: Condition, of: Judgement, after: Judgement, place: number): Judgement {
  const node = newNode(condition, [of, after], true)
  node.judge = (frame, now) => {
    of.judge(frame, now)
    after.judge(frame, now)
    const memory = remembered(frame, place, () => ({ truth: UNKNOWN, margin: -Infinity }))
    memory.truth = and(of.truth, or(memory.truth, after.truth))
    const reached = after.truth === UNKNOWN ? memory.margin : Math.max(memory.margin, after.margin)
    memory.margin = of.truth === UNKNOWN ? reached : reached === -Infinity ? of.margin : Math.min(of.margin, reached)
    node.truth = memory.truth
    node.margin = memory.truth === UNKNOWN ? NaN : memory.margin
    if (of.truth === UNKNOWN && memory.truth === UNKNOWN) memory.margin = -Infinity
    node.wakeAt = Math.min(of.wakeAt, after.wakeAt)
  }
  node.deciding = () => (of.truth === FALSE ? of : after).deciding()
  return node
}

/** See `followedBy`. What is kept is the last so long of 'not (first and not then)'. */
export function sequence(condition: Extract<Condition, { op: 'followedBy' }>, first: Judgement, then: Judgement, place: number): Judgement {
  const time = duration(condition.for)
  const node = newNode(condition, [first, then], true)
  node.judge = (frame, now) => {
    first.judge(frame, now)
    then.judge(frame, now)
    const memory = remembered(frame, place, (): HeldWindow => ({ ...extreme(), truth: UNKNOWN, falseUntil: -Infinity, unknownUntil: now }))
    const stands = and(first.truth, then.truth === UNKNOWN ? UNKNOWN : 1 - then.truth)
    const margin = Math.max(first.truth === UNKNOWN ? -Infinity : 0 - first.margin, then.truth === UNKNOWN ? -Infinity : then.margin)
    take(memory, stands === UNKNOWN ? UNKNOWN : 1 - stands, margin, now, now - time)
    const before = held(memory, now - time)
    node.truth = and(then.truth, before === UNKNOWN ? UNKNOWN : 1 - before)
    const reached = 0 - least(memory)
    node.margin = node.truth === UNKNOWN ? NaN : then.truth === UNKNOWN ? reached : reached === -Infinity ? then.margin : Math.min(then.margin, reached)
    node.wakeAt = Math.min(first.wakeAt, then.wakeAt, after(memory.falseUntil + time, now), after(memory.unknownUntil + time, now))
  }
  node.deciding = () => (then.truth === TRUE ? first : then).deciding()
  return node
}
