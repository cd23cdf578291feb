import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, Verdict } from '../model/index.js'
import { alarmTransition } from './alarm-transition.js'
import type { AlarmFacts } from './alarm-transition.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export type Announcement = Pick<Alarm, 'rule' | 'severity' | 'class' | 'message' | 'sensor' | 'clears'>

interface AnnounceState {
  wakeAt: number
  raisedAt: number
}

/** See `announce`. */
export function announceBehaviour(describe: (verdict: Verdict) => Announcement): Behaviour<Verdict, Alarm, AnnounceState> {
  const facts = (verdict: Verdict, raisedAt: number): AlarmFacts => ({ ...describe(verdict), raisedAt, value: verdict.margin, limit: NaN, ...(verdict.since === undefined ? {} : { since: verdict.since }) })
  return {
    name: 'announce',
    version: 1,
    start: () => ({ wakeAt: Infinity, raisedAt: NaN }),
    next(state, verdict, now, emit) {
      const raised = !Number.isNaN(state.raisedAt)
      if (verdict.truth === true && !raised) {
        state.raisedAt = now
        emit(alarmTransition(verdict.machine, 'raised', now, facts(verdict, now)))
      } else if (verdict.truth === false && raised) {
        emit(alarmTransition(verdict.machine, 'cleared', now, facts(verdict, state.raisedAt)))
        state.raisedAt = NaN
      }
    },
    idle: ({ raisedAt }) => Number.isNaN(raisedAt),
  }
}

/**
 * Makes alarms of verdicts: a condition that turns true raises one, one that turns false clears it, and unknown leaves it as it stands.
 * `describe` says what the alarm is called and says; it is asked for each transition. A machine's conditions need different `rule` names:
 * they make the ids. The alarm's value is the verdict's margin, and its `since` the verdict's, where that has one. The end of the data says nothing: what stands, stands.
 * They take no commands: unacknowledged while they stand, and normal as soon as they are cleared.
 *
 * @example
 * announce(({ machine }) => ({ rule: 'hot', severity: 'high', class: 'thermal', message: `${machine} is hot` }), {}, time)
 * // in:  f-t-t-u-f-|   verdicts: f: false, t: true, u: unknown
 * // out: --r-----c-|   r: raised, c: cleared
 */
export function announce(describe: (verdict: Verdict) => Announcement, options: { readonly name?: string } = {}, time?: SchedulerLike): OperatorFunction<Verdict, Alarm> {
  return keyed(announceBehaviour(describe), { ...options, key: ({ machine, condition }) => `${machine}\u0000${condition}` }, time)
}
