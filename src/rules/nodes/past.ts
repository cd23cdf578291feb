import { duration } from '../../time/index.js'
import type { Condition } from '../condition.js'
import { extreme, least, leastUntil, OWN, slide } from './extreme.js'
import type { Extreme } from './extreme.js'
import { remembered } from './frame.js'
import type { Frame } from './frame.js'
import { and, FALSE, or, TRUE, UNKNOWN } from './judgement.js'
import type { Judgement } from './judgement.js'
import { after } from './moments.js'
import { newNode } from './node.js'

/** The last so long of a condition: its smallest known margins; its truth as it was last, and until when it was false and unknown. */
const TRUTH = OWN
const FALSE_UNTIL = OWN + 1
const UNKNOWN_UNTIL = OWN + 2

/** Ends what was until `now` and begins with this. */
function take(frame: Frame, place: number, truth: number, margin: number, now: number, time: number): Extreme {
  const before = (frame.memory[place] ??= extreme(UNKNOWN, -Infinity, now)) as Extreme
  if (before[TRUTH] === FALSE) before[FALSE_UNTIL] = now
  else if (before[TRUTH] === UNKNOWN) before[UNKNOWN_UNTIL] = now
  before[TRUTH] = truth
  const memory = slide(before, truth === UNKNOWN ? NaN : margin, now, time)
  if (memory !== before) frame.memory[place] = memory
  return memory
}

/** The truth of `heldFor` from what lies in the window, now itself aside. */
const held = (memory: Extreme, from: number): number => (memory[FALSE_UNTIL]! > from ? FALSE : memory[UNKNOWN_UNTIL]! > from ? UNKNOWN : TRUE)

/**
 * Whether `of` has held for `time`. With `sign` -1, whether it has held within it: by De Morgan, what is kept is then that it has not.
 * `exact`: it is to be judged when its margin changes, too, and not only its truth.
 */
export function window(condition: Condition, of: Judgement, time: number, sign: 1 | -1, place: number, exact: boolean): Judgement {
  const node = newNode(condition, [of], true)
  node.judge = (frame, now) => {
    of.judge(frame, now)
    const truth = sign === 1 || of.truth === UNKNOWN ? of.truth : 1 - of.truth
    const memory = take(frame, place, truth, sign * of.margin, now, time)
    const before = truth === FALSE ? FALSE : held(memory, now - time)
    const known = truth === UNKNOWN && before === TRUE ? UNKNOWN : before
    node.truth = sign === 1 || known === UNKNOWN ? known : 1 - known
    node.margin = known === UNKNOWN ? NaN : sign * least(memory)
    const falseUntil = memory[FALSE_UNTIL]!
    const unknownUntil = memory[UNKNOWN_UNTIL]!
    let wakeAt = of.wakeAt
    if (falseUntil + time > now && falseUntil + time < wakeAt) wakeAt = falseUntil + time
    if (truth === TRUE && unknownUntil + time > now && unknownUntil + time < wakeAt) wakeAt = unknownUntil + time
    node.wakeAt = exact ? Math.min(wakeAt, after(leastUntil(memory, time), now)) : wakeAt
    node.since = falseUntil > unknownUntil ? falseUntil : unknownUntil
  }
  node.deciding = () => ({ ...of.deciding(), ...(sign === 1 && of.truth === TRUE ? { since: node.since } : {}) })
  return node
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

/** See `followedBy`. What is kept is the last so long of 'not (first and not then)'. `exact`: see `window`. */
export function sequence(condition: Extract<Condition, { op: 'followedBy' }>, first: Judgement, then: Judgement, place: number, exact: boolean): Judgement {
  const time = duration(condition.for)
  const node = newNode(condition, [first, then], true)
  node.judge = (frame, now) => {
    first.judge(frame, now)
    then.judge(frame, now)
    const stands = and(first.truth, then.truth === UNKNOWN ? UNKNOWN : 1 - then.truth)
    const margin = Math.max(first.truth === UNKNOWN ? -Infinity : 0 - first.margin, then.truth === UNKNOWN ? -Infinity : then.margin)
    const memory = take(frame, place, stands === UNKNOWN ? UNKNOWN : 1 - stands, margin, now, time)
    const before = held(memory, now - time)
    const reached = 0 - least(memory)
    // Within no time at all, nothing is known of it while nothing is known of now.
    node.truth = then.truth === UNKNOWN && reached === -Infinity ? UNKNOWN : and(then.truth, before === UNKNOWN ? UNKNOWN : 1 - before)
    node.margin = node.truth === UNKNOWN ? NaN : then.truth === UNKNOWN ? reached : reached === -Infinity ? then.margin : Math.min(then.margin, reached)
    node.wakeAt = Math.min(first.wakeAt, then.wakeAt, after(memory[FALSE_UNTIL]! + time, now), after(memory[UNKNOWN_UNTIL]! + time, now), exact ? after(leastUntil(memory, time), now) : Infinity)
  }
  node.deciding = () => (then.truth === TRUE ? first : then).deciding()
  return node
}
