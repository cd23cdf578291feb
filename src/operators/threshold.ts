import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Verdict } from '../model/index.js'
import { conditionText, judge, signalText, TRUTHS } from '../rules/index.js'
import type { Condition, Deciding, Frame, JudgeOptions } from '../rules/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { hear, staleness } from './hear.js'
import { keyed } from './keyed.js'
import { signature } from './signature.js'

export interface ThresholdOptions extends JudgeOptions {
  /** A sensor's last value is unknown after this long; left out: 1 minute. `Infinity`: never. */
  readonly stale?: Duration
  /** Names the verdicts' condition, and its state in a checkpoint; left out: the condition as text. */
  readonly name?: string
}

interface ThresholdState extends Frame {
  wakeAt: number
  staleAt: number
  truth: number
}

function reason({ signal, value, limit, since }: Deciding, now: number): Partial<Verdict> {
  return { signal: signalText(signal), value, limit, since: since ?? now }
}

/** See `threshold`. */
export function thresholdBehaviour(condition: Condition, options: ThresholdOptions = {}): Behaviour<Reading, Verdict, ThresholdState> {
  const stale = duration(options.stale ?? '1m')
  const judged = judge(stale, options)
  const { sensors, add, frame } = judged
  const judgement = add(condition)
  const text = conditionText(condition)
  return {
    name: options.name ?? `threshold(${text})`,
    version: signature(condition),
    start: (machine, now) => ({ wakeAt: Infinity, staleAt: Infinity, truth: 2, ...frame(machine, now) }),
    next(state, reading, now) {
      const index = sensors.get(reading.sensor)
      if (index === undefined && !judged.hearsAll) return
      hear(state, index, reading, now, stale)
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      judgement.judge(state, due)
      if (judgement.truth !== state.truth) {
        state.truth = judgement.truth
        emit({ kind: 'verdict', time: due, machine: state.machine, condition: options.name ?? text, truth: TRUTHS[state.truth]!, margin: judgement.margin, ...(state.truth === 2 ? {} : reason(judgement.deciding(), due)) })
      }
      state.staleAt = staleness(state, due, stale)
      state.wakeAt = Math.min(state.staleAt, judgement.wakeAt)
      return false
    },
    indifferent: ({ sensor }) => !judged.hearsAll && !sensors.has(sensor),
    ...(stale < Infinity && !judged.remembers ? { idle: ({ wakeAt, truth }: ThresholdState) => wakeAt === Infinity && truth === 2 } : {}),
  }
}

/**
 * Judges a condition for each machine, once an instant, when all its readings of that instant are in, and at the very moment at which it turns by itself
 * (a delay is over, a value goes stale; where readings come at that moment, when they are in),
 * and emits a verdict, with its margin and what decided, when its truth changes. It is unknown at first; that is not emitted.
 *
 * Suspect readings are unknown. At the limit itself `above` is false. The end of the data says nothing.
 *
 * @example
 * const at = (value: number) => reading('m1', 'temperature_coil', value)
 * marbles((time) => pipe(threshold(above('temperature_coil', 120), {}, time), map(({ truth }) => truth)))
 *   .of('a-b-c-d', { a: at(119), b: at(120), c: at(121), d: at(119) })
 *   .gives('f---t-f', { t: true, f: false })
 */
export function threshold(condition: Condition, options: ThresholdOptions = {}, time?: SchedulerLike): OperatorFunction<Reading, Verdict> {
  return keyed(thresholdBehaviour(condition, options), { key: 'machine' }, time)
}
