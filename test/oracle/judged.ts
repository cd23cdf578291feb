import type { Reading } from '../../src/model/index.js'
import { hear } from '../../src/operators/hear.js'
import { judge } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'

export interface Verdict {
  /** 1 true, 0 false, 2 unknown. */
  readonly truth: number
  readonly margin: number
}

export interface Judged extends Verdict {
  readonly at: number
  /** How conditions stood that were only watched, in their order. */
  readonly watched: readonly Verdict[]
}

/**
 * Judges a condition as `threshold` does: once an instant, when its readings are in, and when it may turn by itself; no value goes stale.
 * @param readings of one machine, in order of time
 */
export function judgedOf(condition: Condition, readings: readonly Reading[], until: number, watched: readonly Condition[]): readonly Judged[] {
  const { sensors, add, frame } = judge(Infinity)
  const judgement = add(condition)
  const others = watched.map(add)
  const state = { ...frame('m', readings[0]!.time), wakeAt: Infinity, staleAt: Infinity }
  const judged: Judged[] = []
  let next = 0
  for (;;) {
    const now = Math.min(state.wakeAt, readings[next]?.time ?? Infinity)
    if (!(now <= until)) return judged
    for (; readings[next]?.time === now; next++) hear(state, sensors.get(readings[next]!.sensor), readings[next]!, now, Infinity)
    judgement.judge(state, now)
    for (const other of others) other.judge(state, now)
    judged.push({ at: now, truth: judgement.truth, margin: judgement.margin, watched: others.map(({ truth, margin }) => ({ truth, margin })) })
    state.wakeAt = judgement.wakeAt
  }
}
