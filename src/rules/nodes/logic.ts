import type { Condition } from '../condition.js'
import { FALSE, TRUE, UNKNOWN } from './judgement.js'
import type { Judgement } from './judgement.js'
import { newNode } from './node.js'
import { earliest } from './reader.js'

/** `all`, and by De Morgan `any`: `sign` is 1 or -1. */
export function junction(condition: Condition, parts: readonly Judgement[], sign: 1 | -1): Judgement {
  const decisive = sign === 1 ? FALSE : TRUE
  let decider = parts[0]!
  const node = newNode(condition, parts)
  node.judge = (frame, now) => {
    let truth = 1 - decisive
    let margin = Infinity
    let wakeAt = Infinity
    for (const part of parts) {
      part.judge(frame, now)
      if (part.wakeAt < wakeAt) wakeAt = part.wakeAt
      if (part.truth === UNKNOWN) {
        if (truth !== decisive) truth = UNKNOWN
        continue
      }
      if (part.truth === decisive) truth = decisive
      if (sign * part.margin < margin) {
        margin = sign * part.margin
        decider = part
      }
    }
    node.truth = truth
    node.margin = truth === UNKNOWN ? NaN : sign * margin
    node.wakeAt = wakeAt
  }
  node.deciding = () => decider.deciding()
  return node
}

export function negation(condition: Condition, of: Judgement): Judgement {
  const node = newNode(condition, [of])
  node.judge = (frame, now) => {
    of.judge(frame, now)
    node.truth = of.truth === UNKNOWN ? UNKNOWN : 1 - of.truth
    node.margin = 0 - of.margin
    node.wakeAt = of.wakeAt
  }
  return node
}

/** At least `count` of the parts. */
export function counted(condition: Condition, parts: readonly Judgement[], count: number): Judgement {
  let decider = parts[0]!
  const node = newNode(condition, parts)
  node.judge = (frame, now) => {
    let [holding, possible] = [0, 0]
    for (const part of parts) {
      part.judge(frame, now)
      if (part.truth === TRUE) holding++
      if (part.truth !== FALSE) possible++
    }
    node.truth = holding >= count ? TRUE : possible < count ? FALSE : UNKNOWN
    node.margin = NaN
    node.wakeAt = earliest(parts)
    if (node.truth === UNKNOWN) return
    // Where it is known whatever the unknown ones are: those count against what is true, and for what is false.
    const rank = node.truth === TRUE ? count : count - parts.filter(({ truth }) => truth === UNKNOWN).length
    const known = parts.filter(({ truth }) => truth !== UNKNOWN).sort((a, b) => b.margin - a.margin)
    decider = known[Math.min(Math.max(rank, 1), known.length) - 1]!
    node.margin = decider.margin
  }
  node.deciding = () => decider.deciding()
  return node
}
