import * as E from 'fp-ts/lib/Either.js'
import type { AlarmState, AlarmStatus } from '../model/index.js'
import { stamp } from './stamp.js'

/** One alarm, a rule on a machine, in the life cycle of ISA-18.2 and IEC 62682: plain data. */
export interface LifeCycle {
  /** The condition holds. Where no occurrence is open, it began to hold while nothing was annunciated, and is remembered. */
  readonly standing: boolean
  /** When the open occurrence was raised; NaN: none is open. */
  readonly raisedAt: number
  readonly acknowledged: boolean
  /** The highest level that was reached; 0: that of the rule itself. */
  readonly level: number
  /** It stands, and there are no current data. */
  readonly noData: boolean
  /** Epoch milliseconds; Infinity: it is not shelved. */
  readonly shelvedUntil: number
  readonly suppressed: boolean
  readonly outOfService: boolean
  /** The time of the last transition, and how many others of that time came before it. */
  readonly at: number
  readonly nth: number
}

export interface AlarmPolicy {
  readonly latched: boolean
  /** In milliseconds: the longest that it may be shelved. */
  readonly shelveCap: number
}

/** `occurrence`, where it is given, is when the one that is meant was raised: the event is refused for any other. */
export type AlarmEvent = { readonly occurrence?: number } & (
  | { readonly kind: 'raise'; readonly level?: number }
  | { readonly kind: 'escalate'; readonly level: number }
  | { readonly kind: 'shelve'; readonly until?: number }
  | { readonly kind: 'close'; readonly reason: string }
  | {
    readonly kind:
      | 'clear' | 'data-lost' | 'data-back' | 'acknowledge' | 'reset' | 'unshelve' | 'shelf-time-out' | 'suppress' | 'unsuppress' | 'remove-from-service' | 'return-to-service'
  }
)

/** What is told of one step. */
export interface AlarmTransition extends Pick<LifeCycle, 'raisedAt' | 'level' | 'noData' | 'nth'> {
  readonly state: AlarmState
  readonly status: AlarmStatus
  readonly until?: number
  readonly why?: string
}

export interface AlarmStep {
  readonly life: LifeCycle
  readonly transitions: readonly AlarmTransition[]
}

/** An alarm in its normal state. */
export function start(): LifeCycle {
  return { standing: false, raisedAt: NaN, acknowledged: false, level: 0, noData: false, shelvedUntil: Infinity, suppressed: false, outOfService: false, at: -Infinity, nth: 0 }
}

/** Nothing is annunciated: it is shelved, suppressed by design or out of service. */
export function isSilent({ shelvedUntil, suppressed, outOfService }: LifeCycle): boolean {
  return outOfService || suppressed || shelvedUntil < Infinity
}

/** Whether an occurrence has begun and not ended. */
export function isOpen({ raisedAt }: LifeCycle): boolean {
  return raisedAt === raisedAt
}

/** Of several states at once the one that is shown: out of service, else suppressed, else shelved, else how the occurrence stands. */
export function statusOf(life: LifeCycle, { latched }: AlarmPolicy): AlarmStatus {
  if (life.outOfService) return 'out-of-service'
  if (life.suppressed) return 'suppressed'
  if (life.shelvedUntil < Infinity) return 'shelved'
  if (!isOpen(life)) return 'normal'
  if (life.standing) return life.acknowledged ? 'acknowledged' : 'unacknowledged'
  if (!latched) return 'returned'
  return life.acknowledged ? 'latched' : 'latched-unacknowledged'
}

/**
 * What an event makes of an alarm: its next state and what is told of it, or, in plain words, why it cannot be. The state that it was given is left as it is.
 *
 * - `raise` opens an occurrence, unacknowledged. `clear` ends it where it is acknowledged; else it is `returned`, until it is acknowledged. A raise of what is `returned` is a new occurrence.
 * - Latched, `clear` leaves it open until it is acknowledged and `reset`; a raise before that closes it, and is a new occurrence.
 * - `escalate` makes it unacknowledged again, at a higher level; the level never goes down within an occurrence.
 * - Shelved, suppressed by design and out of service are independent and may overlap. While one of them lasts nothing is annunciated, and nothing can be acknowledged or reset:
 *   a raise opens no occurrence but is remembered, and forgotten by a `clear`; escalations and marks are kept. An occurrence that was open stays open, and a `clear` is told and ends it, but for a latched one.
 *   What had returned already ends as one of them begins. As the last of them ends, an open occurrence is announced again, unacknowledged; a remembered raise is a raise now.
 * - Shelving lasts until `until`, and no longer than the cap; `shelf-time-out` ends it, and is refused before.
 * - `close` ends everything, for a rule that there is no more.
 *
 * A transition of one occurrence is told from all others by its state, and where that may come again by its time and `nth`. Of one alarm there is at most one raise at one time.
 */
export function step(life: LifeCycle, event: AlarmEvent, policy: AlarmPolicy, now: number): E.Either<string, AlarmStep> {
  if (event.occurrence !== undefined && event.occurrence !== life.raisedAt) return E.left(isOpen(life) ? 'this is not its present occurrence' : 'no occurrence of it is open')
  const silent = isSilent(life)

  const told = (next: LifeCycle, state: AlarmState, more: Partial<AlarmTransition> = {}): AlarmStep => {
    const numbered = { ...next, at: now, nth: life.at === now ? life.nth + 1 : 0 }
    const { raisedAt, level, noData } = isOpen(next) ? next : isOpen(life) ? life : over(life)
    return { life: numbered, transitions: [{ state, status: statusOf(next, policy), raisedAt, level, noData: noData && state !== 'cleared', nth: numbered.nth, ...more }] }
  }
  const tell = (next: LifeCycle, state: AlarmState, more?: Partial<AlarmTransition>): E.Either<string, AlarmStep> => E.right(told(next, state, more))
  const unseen = (next: LifeCycle): E.Either<string, AlarmStep> => E.right({ life: next, transitions: [] })
  const then = (first: AlarmStep, event: AlarmEvent): E.Either<string, AlarmStep> =>
    E.map((second: AlarmStep) => ({ life: second.life, transitions: [...first.transitions, ...second.transitions] }))(step(first.life, event, policy, now))

  /** One of the three silent states has begun. */
  const hushed = (next: LifeCycle, state: AlarmState, more?: Partial<AlarmTransition>): E.Either<string, AlarmStep> =>
    tell(isOpen(life) && !life.standing && !policy.latched ? over(next) : next, state, more)

  /** One of them has ended. */
  const heard = (next: LifeCycle, state: AlarmState): E.Either<string, AlarmStep> => {
    if (isSilent(next)) return tell(next, state)
    if (isOpen(next)) return tell({ ...next, acknowledged: false }, state)
    return next.standing ? then(told(over(next), state), { kind: 'raise', level: next.level }) : tell(next, state)
  }

  switch (event.kind) {
    case 'raise': {
      if (life.standing) return E.left('its condition holds already')
      if (isOpen(life) && policy.latched) return then(told(over(life), 'closed', { why: 'it was raised again' }), event)
      const raised = { ...over(life), standing: true, level: event.level ?? 0 }
      return silent ? unseen(raised) : tell({ ...raised, raisedAt: now }, 'raised')
    }
    case 'clear':
      if (!life.standing) return E.left('its condition does not hold')
      if (!isOpen(life)) return unseen(over(life))
      return tell(policy.latched || (!silent && !life.acknowledged) ? { ...life, standing: false, noData: false } : over(life), 'cleared')
    case 'escalate': {
      if (!life.standing) return E.left('its condition does not hold')
      if (!(event.level > life.level)) return E.left(`level ${life.level} is reached already, and the level never goes down`)
      const escalated = { ...life, level: event.level }
      return silent ? unseen(escalated) : tell({ ...escalated, acknowledged: false }, 'escalated')
    }
    case 'data-lost':
    case 'data-back': {
      const lost = event.kind === 'data-lost'
      if (!life.standing) return E.left('its condition does not hold')
      if (life.noData === lost) return E.left(lost ? 'it is marked as without data already' : 'it has data')
      const marked = { ...life, noData: lost }
      return silent ? unseen(marked) : tell(marked, event.kind)
    }
    case 'acknowledge':
      if (silent) return E.left(inSilence(life))
      if (!isOpen(life)) return E.left('there is nothing to acknowledge')
      if (life.acknowledged) return E.left('it is acknowledged already')
      return tell(life.standing || policy.latched ? { ...life, acknowledged: true } : over(life), 'acknowledged')
    case 'reset':
      if (!policy.latched) return E.left('it is not one that latches')
      if (silent) return E.left(inSilence(life))
      if (!isOpen(life)) return E.left('there is nothing to reset')
      if (life.standing) return E.left('its condition still holds')
      if (!life.acknowledged) return E.left('it must be acknowledged first')
      return tell(over(life), 'reset')
    case 'shelve': {
      if (life.shelvedUntil < Infinity) return E.left(`it is shelved already, until ${stamp(life.shelvedUntil)}`)
      const { until = Infinity } = event
      if (!(until > now)) return E.left(`until must lie in the future, and ${stamp(until)} does not`)
      const shelvedUntil = Math.min(until, now + policy.shelveCap)
      return hushed({ ...life, shelvedUntil }, 'shelved', { until: shelvedUntil })
    }
    case 'unshelve':
    case 'shelf-time-out':
      if (life.shelvedUntil === Infinity) return E.left('it is not shelved')
      if (event.kind === 'shelf-time-out' && now < life.shelvedUntil) return E.left(`it is shelved until ${stamp(life.shelvedUntil)}`)
      return heard({ ...life, shelvedUntil: Infinity }, 'unshelved')
    case 'suppress':
      return life.suppressed ? E.left('it is suppressed already') : hushed({ ...life, suppressed: true }, 'suppressed')
    case 'unsuppress':
      return life.suppressed ? heard({ ...life, suppressed: false }, 'unsuppressed') : E.left('it is not suppressed')
    case 'remove-from-service':
      return life.outOfService ? E.left('it is out of service already') : hushed({ ...life, outOfService: true }, 'removed-from-service')
    case 'return-to-service':
      return life.outOfService ? heard({ ...life, outOfService: false }, 'returned-to-service') : E.left('it is in service')
    case 'close':
      return silent || isOpen(life) ? tell(start(), 'closed', { why: event.reason }) : unseen(life)
  }
}

/** Without its occurrence and condition; what is silent stays silent. */
function over(life: LifeCycle): LifeCycle {
  return { ...life, standing: false, raisedAt: NaN, acknowledged: false, level: 0, noData: false }
}

function inSilence({ outOfService, suppressed, shelvedUntil }: LifeCycle): string {
  return outOfService ? 'it is out of service' : suppressed ? 'it is suppressed by design' : `it is shelved until ${stamp(shelvedUntil)}`
}
