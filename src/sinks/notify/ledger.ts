import type { Alarm } from '../../model/index.js'
import type { Notification } from './notification.js'
import { isFiring } from './standing.js'

/** What has become known to the target of one alarm. */
export interface Mark {
  /** What it has acknowledged last. */
  readonly told?: {
    /** Of the transition. */
    readonly id: string
    readonly time: number
    readonly occurrence: string
    readonly firing: boolean
    readonly repeats: number
    /** Of the wall clock. */
    readonly at: number
  }
  /** The occurrence that it may have been told is firing, and has not acknowledged the end of. */
  readonly owes?: string
}

/** What is to be told of one alarm: at most the end of what the target is owed, and where it has come to since. */
export interface Active {
  readonly pending: readonly Pending[]
  /** The latest transition while it is firing. */
  readonly latest?: Alarm
}

interface Pending {
  readonly alarm: Alarm
  readonly missed: number
}

/** Nothing is to be told of it, now or later. */
export const isIdle = ({ pending, latest }: Active): boolean => pending.length === 0 && latest === undefined

/** Takes in a transition, which may have come, and been told, before. */
export function take(mark: Mark, active: Active, alarm: Alarm): Active {
  const { told } = mark
  if (alarm.inhibitedBy !== undefined || (told !== undefined && alarm.time < told.time)) return active
  const firing = isFiring(alarm)
  const latest = firing ? { latest: alarm } : {}
  if (told?.id === alarm.id) return { pending: active.pending, ...latest }
  const queued = active.pending.at(-1)?.alarm
  const last = queued === undefined ? told : { occurrence: queued.occurrence, firing: isFiring(queued) }
  const goesOn = last?.firing === true && last.occurrence === alarm.occurrence
  if (!firing && !goesOn) return active.latest !== undefined && active.latest.occurrence !== alarm.occurrence ? active : { pending: active.pending }
  if (firing && goesOn && alarm.state !== 'escalated') return { pending: active.pending, ...latest }
  return { pending: coalesced([...active.pending, { alarm, missed: 0 }], mark), ...latest }
}

function coalesced(all: readonly Pending[], { told, owes }: Mark): readonly Pending[] {
  const end = all.find(({ alarm }) => !isFiring(alarm) && alarm.occurrence === owes)
  const latest = all.at(-1)!
  const before = all.at(-2)
  if (before === undefined || before === end) return all
  const anew = before.alarm.occurrence !== latest.alarm.occurrence && before.alarm.occurrence !== owes && before.alarm.occurrence !== told?.occurrence
  const missed = before.missed + (anew ? 1 : 0)
  const over = end === undefined || (end.alarm.occurrence === latest.alarm.occurrence && !isFiring(latest.alarm))
  return [...(over ? [] : [end]), { ...latest, missed }]
}

/** Without what is over, of old, and was not told that it fires; `passed`: how many occurrences that are. */
export function withoutOld({ owes }: Mark, active: Active, isOld: (time: number) => boolean): { readonly active: Active; readonly passed: number } {
  const isPassed = ({ alarm }: Pending): boolean => !isFiring(alarm) && alarm.occurrence !== owes && isOld(alarm.time)
  if (!active.pending.some(isPassed)) return { active, passed: 0 }
  return {
    active: { ...active, pending: active.pending.filter((each) => !isPassed(each)) },
    passed: active.pending.filter(isPassed).reduce((sum, { missed }) => sum + 1 + missed, 0),
  }
}

/** When it is to be told again that it still stands, of the wall clock; Infinity: never. */
export function repeatAt({ told }: Mark, { pending, latest }: Active, repeat: number): number {
  if (told?.firing !== true || pending.length > 0 || latest?.occurrence !== told.occurrence || !/unacknowledged$/.test(latest.status)) return Infinity
  return told.at + repeat
}

/** The first that is pending; where nothing is, a repeat. */
export function notificationOf({ told }: Mark, { pending, latest }: Active): Notification | undefined {
  const [first] = pending
  if (first !== undefined) return { key: first.alarm.id, status: isFiring(first.alarm) ? 'firing' : 'resolved', repeat: 0, missed: first.missed, alarm: first.alarm }
  if (told === undefined || latest === undefined) return undefined
  const repeat = told.repeats + 1
  return { key: `${told.id}/repeat-${repeat}`, status: 'firing', repeat, missed: 0, alarm: latest }
}

/** Before it is sent; the same where nothing has to be noted. */
export function attempted(mark: Mark, { status, alarm }: Notification): Mark {
  return status === 'resolved' || mark.owes === alarm.occurrence ? mark : { ...mark, owes: alarm.occurrence }
}

/** After it was acknowledged, or refused for good. What has come meanwhile is still to be told. */
export function settled(mark: Mark, active: Active, { alarm, status, repeat }: Notification, at: number): { readonly mark: Mark; readonly active: Active } {
  const firing = status === 'firing'
  const owes = firing ? { owes: alarm.occurrence } : mark.owes === undefined || mark.owes === alarm.occurrence ? {} : { owes: mark.owes }
  if (repeat > 0 && mark.told !== undefined) return { mark: { told: { ...mark.told, repeats: repeat, at }, ...owes }, active }
  const { id, time, occurrence } = alarm
  return { mark: { told: { id, time, occurrence, firing, repeats: 0, at }, ...owes }, active: { ...active, pending: active.pending.filter((one) => one.alarm.id !== id) } }
}

/** What is left of `active`, which a checkpoint held, when more has been told since. */
export function caughtUp({ told }: Mark, active: Active): Active {
  return told === undefined ? active : { ...active, pending: active.pending.filter(({ alarm }) => alarm.time >= told.time && alarm.id !== told.id) }
}
