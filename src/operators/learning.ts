import { filter, pipe } from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Item, Reading } from '../model/index.js'
import { above, detectorsIn, judge, signalText, unitOf } from '../rules/index.js'
import type { Detected, Frame, JudgeOptions, Rule } from '../rules/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { hear, staleness } from './hear.js'
import { keyed } from './keyed.js'
import { signature } from './signature.js'

export interface LearningOptions extends JudgeOptions {
  /** A sensor's last value is unknown after this long; left out: 1 minute. `Infinity`: never. */
  readonly stale?: Duration
}

/** What a detector has learned of a machine. */
export interface Learnt extends Item {
  readonly kind: 'learned'
  /** Of the last instant of the machine. */
  readonly time: number
  readonly machine: string
  /** Its text, `signalText`: under it a register of machines keeps the state. */
  readonly detector: string
  /** Plain data. */
  readonly state: unknown
  /** It has learned enough to give scores. */
  readonly ready: boolean
  /** How it stands, in words with numbers. */
  readonly why: string
}

interface LearningState extends Frame {
  wakeAt: number
  staleAt: number
  /** The detectors that have given a score. */
  readonly ready: string[]
}

/** See `learning`. */
export function learningBehaviour(rules: readonly Rule[], options: LearningOptions = {}): Behaviour<Reading, Learnt, LearningState> {
  const stale = duration(options.stale ?? '1m')
  const judged = judge(stale, options)
  const { sensors, add, frame } = judged
  const found = new Map<string, { readonly signal: Detected; readonly of: Rule[] }>()
  for (const rule of rules)
    for (const signal of detectorsIn(rule)) {
      const text = signalText(signal)
      const { of } = found.get(text) ?? { of: [] }
      found.set(text, { signal, of: [...of, rule] })
    }
  const each = [...found].map(([detector, { signal, of }]) => ({
    detector,
    unit: unitOf(signal.of[0]!) ?? '',
    machines: of.some(({ machines }) => machines === undefined) ? undefined : new Set(of.flatMap(({ machines = [] }) => machines)),
    judgement: add(above(signal, 1)),
    place: judged.detectors.find(({ name }) => name === detector)!,
  }))
  const meant = (machine: string): typeof each => each.filter(({ machines }) => machines?.has(machine) !== false)
  return {
    name: 'learning',
    version: signature(rules),
    start: (machine, now) => ({ wakeAt: Infinity, staleAt: Infinity, ready: [], ...frame(machine, now) }),
    next(state, reading, now) {
      const index = sensors.get(reading.sensor)
      if (index !== undefined || judged.hearsAll) hear(state, index, reading, now, stale)
    },
    wake(state, due, _, closing) {
      if (!closing) return true
      let wakeAt = (state.staleAt = staleness(state, due, stale))
      for (const { detector, judgement } of meant(state.machine)) {
        judgement.judge(state, due)
        if (judgement.truth !== 2 && !state.ready.includes(detector)) state.ready.push(detector)
        if (judgement.wakeAt < wakeAt) wakeAt = judgement.wakeAt
      }
      state.wakeAt = wakeAt
      return false
    },
    end(state, now, emit) {
      for (const { detector, unit, judgement, place: { places: [, own], reader } } of meant(state.machine)) {
        judgement.judge(state, now) // the words are of the machine that was judged last
        emit({ kind: 'learned', time: now, machine: state.machine, detector, state: structuredClone(state.memory[own]), ready: state.ready.includes(detector), why: reader.why(unit) })
      }
    },
    indifferent: ({ sensor }) => !judged.hearsAll && !sensors.has(sensor),
  }
}

/**
 * Lets the detectors of rules learn from readings, and at the end of the data tells for each machine what each of them has learned, as a register of machines takes it (`Machine.learned`). It raises nothing.
 * A detector is told of once, however many rules have it. One that a machine in `machines` has learned something of already goes on from that.
 *
 * @example
 * const rules = [rule({ id: 'wears', when: above(detected(envelope, 'vibration_rotor', { every: '10s' }), 1) })]
 * outputs$.pipe(learning(rules, {}, time)).subscribe(({ machine, detector, why }) => console.log(machine, detector, why))
 */
export function learning(rules: readonly Rule[], options: LearningOptions = {}, time?: SchedulerLike): OperatorFunction<Item, Learnt> {
  return pipe(filter((item: Item): item is Reading => item.kind === 'reading'), keyed(learningBehaviour(rules, options), { key: 'machine' }, time))
}
