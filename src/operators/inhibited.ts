import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'
import { byOccurrence, endsOccurrence } from './occurrence.js'
import { signature } from './signature.js'

/** Fits an alarm that has all that is given here. */
export type AlarmMatcher = Partial<Pick<Alarm, 'rule' | 'class' | 'severity'>>

/** Alarms that fit `source` explain those on the same machine that fit any of `targets`. */
export interface Inhibition {
  readonly source: AlarmMatcher
  readonly targets: readonly AlarmMatcher[]
  /** How long after its effect the cause may come. Targets are held back for so long. Left out: not at all, they come in one instant at the latest. */
  readonly within?: Duration
}

interface Held {
  readonly since: number
  readonly until: number
  /** All that came of the occurrence, its raise first. */
  readonly alarms: Alarm[]
}

interface Inhibited {
  wakeAt: number
  /** Of this instant. */
  fresh: Alarm[]
  /** The raises of what stands and may inhibit, in the order in which they came. */
  readonly causes: Map<string, Alarm>
  readonly held: Map<string, Held>
  /** The raise of each occurrence that stands inhibited, and by which other one. */
  readonly marked: Map<string, { readonly raise: Alarm; by: string }>
}

/**
 * Marks alarms that another alarm on the same machine explains: a phase loss raises the current too. Nothing is dropped: `inhibitedBy` names the occurrence of the cause, and who tells people may leave those out.
 *
 * An alarm that is raised while a cause stands is marked, and so is all that comes of it while one does, up to and with the instant at which the last one ends. Of several causes the earliest is named.
 * An alarm that outlives its causes is raised once more at the moment at which the last one ends, without a mark and with its own `id` and `time`; all that comes of it later is without one too.
 * An alarm that went on without a mark never gets one: people know of it.
 *
 * The cause may come up to `within` after its effect, that very moment included. So a target that no cause explains yet is held back for that long, with all that comes of it, and goes on at the moment
 * at which the cause comes, or at which none has come; its `time` is still its own. All else goes on at the end of its instant. The order within an instant does not matter, but for that of one occurrence.
 * Where two alarms fit both `source` and `targets` of one inhibition, it lets neither inhibit the other (as Alertmanager does). An inhibited alarm inhibits others all the same.
 * When the data end, what is held back goes on without a mark. A checkpoint that was taken with other rules is refused.
 *
 * @example
 * const [lost, high, low] = [reading('m', 'voltage', 0), reading('m', 'current', 90), reading('m', 'current', 5)]
 * const rules = [rule({ id: 'phase-loss', when: below('voltage', 100) }), rule({ id: 'high', when: above('current', 50) })]
 * marbles((time) => pipe(alarms(rules, {}, time), via('alarm', inhibited([{ source: { rule: 'phase-loss' }, targets: [{ rule: 'high' }], within: 5 }], time)),
 *   map(({ rule, state, inhibitedBy }) => `${rule} ${state} ${inhibitedBy}`)))
 *   .of('h-v-------l|', { h: high, v: lost, l: low })
 *   .gives('--(ab)----c|', { a: 'phase-loss raised undefined', b: 'high raised phase-loss/m/2', c: 'high cleared phase-loss/m/2' })
 */
export function inhibited(rules: readonly Inhibition[], time?: SchedulerLike): OperatorFunction<Alarm, Alarm> {
  const ready = rules.map(({ source, targets, within = 0 }) => ({
    within: duration(within),
    isSource: (alarm: Alarm): boolean => fits(source, alarm),
    isTarget: (alarm: Alarm): boolean => targets.some((target) => fits(target, alarm)),
  }))

  const explains = ({ isSource, isTarget }: (typeof ready)[number], cause: Alarm, effect: Alarm): boolean =>
    isSource(cause) && isTarget(effect) && !(isSource(effect) && isTarget(cause)) && cause.occurrence !== effect.occurrence

  /** The earliest that explains, now, what was raised at `since`. */
  const causeOf = ({ causes }: Inhibited, effect: Alarm, since: number, now: number): Alarm | undefined => {
    const inTime = ready.filter(({ within }) => since + within >= now)
    return [...causes.values()].find((cause) => inTime.some((each) => explains(each, cause, effect)))
  }

  const take = (state: Inhibited, now: number, emit: (alarm: Alarm) => void): void => {
    const fresh = state.fresh.sort(byOccurrence)
    state.fresh = []
    for (const alarm of fresh) {
      const { occurrence } = alarm
      if (alarm.state === 'raised' && ready.some(({ isSource }) => isSource(alarm))) state.causes.set(occurrence, alarm)
      else if (endsOccurrence(alarm)) state.causes.delete(occurrence)
      const held = state.held.get(occurrence)
      const mark = state.marked.get(occurrence)
      const aimed = alarm.state === 'raised' ? ready.filter(({ isTarget }) => isTarget(alarm)) : []
      if (held !== undefined) held.alarms.push(alarm)
      else if (mark !== undefined) {
        emit({ ...alarm, inhibitedBy: mark.by })
        if (endsOccurrence(alarm)) state.marked.delete(occurrence)
      } else if (aimed.length === 0) emit(alarm)
      else state.held.set(occurrence, { since: now, until: now + Math.max(...aimed.map(({ within }) => within)), alarms: [alarm] })
    }
  }

  const behaviour: Behaviour<Alarm, Alarm, Inhibited> = {
    name: 'inhibited',
    version: signature(rules),
    start: () => ({ wakeAt: Infinity, fresh: [], causes: new Map(), held: new Map(), marked: new Map() }),
    next(state, alarm, now) {
      state.fresh.push(alarm)
      state.wakeAt = now
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      take(state, due, emit)
      for (const [occurrence, { since, until, alarms }] of state.held) {
        const raise = alarms[0]!
        const cause = causeOf(state, raise, since, due)
        if (cause === undefined && until > due) continue
        state.held.delete(occurrence)
        for (const alarm of alarms) emit(cause === undefined ? alarm : { ...alarm, inhibitedBy: cause.occurrence })
        if (cause !== undefined && !alarms.some(endsOccurrence)) state.marked.set(occurrence, { raise, by: cause.occurrence })
      }
      for (const [occurrence, mark] of state.marked) {
        if (state.causes.has(mark.by)) continue
        const cause = causeOf(state, mark.raise, due, due)
        if (cause !== undefined) mark.by = cause.occurrence
        else {
          state.marked.delete(occurrence)
          emit(mark.raise)
        }
      }
      state.wakeAt = Math.min(...[...state.held.values()].map(({ until }) => until))
      return false
    },
    end(state, _now, emit) {
      for (const { alarms } of state.held.values()) for (const alarm of alarms) emit(alarm)
    },
    idle: ({ fresh, causes, held, marked }) => fresh.length === 0 && causes.size === 0 && held.size === 0 && marked.size === 0,
  }
  return keyed(behaviour, { key: 'machine' }, time)
}

const fits = (matcher: AlarmMatcher, alarm: Alarm): boolean =>
  (matcher.rule ?? alarm.rule) === alarm.rule && (matcher.class ?? alarm.class) === alarm.class && (matcher.severity ?? alarm.severity) === alarm.severity
