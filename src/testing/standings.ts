import type { Reading, Truth } from '../model/index.js'
import type { Behaviour } from '../operators/index.js'
import { hear, staleness } from '../operators/hear.js'
import { judge, TRUTHS } from '../rules/index.js'
import type { Condition, Deciding, Frame, JudgeOptions } from '../rules/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'

/** How conditions stand on a machine at a moment. */
export interface Standing {
  readonly time: number
  readonly machine: string
  readonly conditions: readonly (Deciding & { readonly truth: Truth; readonly margin: number })[]
}

interface StandingsState extends Frame {
  wakeAt: number
  staleAt: number
  /** Which of the moments is the next. */
  next: number
}

/** Tells how conditions stand at these moments, which are in order, when their readings are in. Before a machine is heard of, nothing is told. */
export function standings(conditions: readonly Condition[], moments: readonly number[], { stale = '1m', ...options }: JudgeOptions & { readonly stale?: Duration }): Behaviour<Reading, Standing, StandingsState> {
  const limit = duration(stale)
  const { sensors, add, frame } = judge(limit, options)
  const judgements = conditions.map(add)
  return {
    name: 'standings',
    version: 1,
    start: (machine, now) => ({ wakeAt: Infinity, staleAt: Infinity, next: moments.findIndex((moment) => moment >= now), ...frame(machine, now) }),
    next(state, reading, now) {
      hear(state, sensors.get(reading.sensor), reading, now, limit)
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      for (const judgement of judgements) judgement.judge(state, due)
      if (due === moments[state.next]) {
        emit({ time: due, machine: state.machine, conditions: judgements.map((judgement) => ({ truth: TRUTHS[judgement.truth]!, margin: judgement.margin, ...judgement.deciding() })) })
        state.next++
      }
      state.staleAt = staleness(state, due, limit)
      state.wakeAt = Math.min(state.staleAt, moments[state.next] ?? Infinity, ...judgements.map(({ wakeAt }) => wakeAt))
      return false
    },
  }
}
