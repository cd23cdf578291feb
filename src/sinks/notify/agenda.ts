import type { Alarm, Severity } from '../../model/index.js'
import { duration } from '../../time/duration.js'
import { notificationOf, repeatAt } from './ledger.js'
import type { Active, Mark } from './ledger.js'
import { messageOf } from './notification.js'
import type { GroupLabel, Message, Notification } from './notification.js'
import type { NotifyOptions } from './options.js'
import { MINUTE, quietHours } from './quiet-hours.js'

/** The next message, or when there may be one, of the wall clock. */
export type Next = { readonly message: Message; readonly group: string } | { readonly at: number }

/** When each group is told: what is due of what is to be told. */
export interface Agenda {
  /** `all`: whatever is pending is due now. */
  next(alarms: Iterable<readonly [string, Active]>, markOf: (alarm: string) => Mark, now: number, all: boolean): Next
  /** The message was told; `more`: what has been held back behind it is due at once. */
  told(group: string, now: number, more: boolean): void
}

interface Timing {
  /** Since when something is pending; Infinity: nothing is. */
  since: number
  toldAt: number
}

const never = (): boolean => false

/** Throws a RangeError where an option is wrong. @param heldUntil until when it is not told that an alarm is firing, or still is; not above `now`: it is told */
export function agenda({ group, repeat = '4h', quiet }: Pick<NotifyOptions, 'group' | 'repeat' | 'quiet'>, heldUntil: (alarm: Alarm, now: number) => number = () => -Infinity): Agenda {
  const [wait, interval, again] = [group === undefined ? 0 : duration(group.wait ?? '30s'), group === undefined ? 0 : duration(group.interval ?? '5m'), duration(repeat)]
  if (again === 0) throw new RangeError('repeat: got 0, expected a duration above 0, or Infinity')
  const isQuiet: (now: number, severity: Severity) => boolean = quiet === undefined ? never : quietHours(quiet)
  const timings = new Map<string, Timing>()

  const labelsOf = ({ alarm }: Notification): Message['group'] => Object.fromEntries((group?.by ?? []).map((label: GroupLabel) => [label, alarm[label]]))
  const groupOf = (key: string, notification: Notification): string => (group === undefined ? key : JSON.stringify(labelsOf(notification)))

  /** From when on a group in which something is pending may be told. */
  const readyAt = (name: string, now: number): number => {
    if (group === undefined) return now
    const timing = timings.get(name) ?? { since: Infinity, toldAt: -Infinity }
    timing.since = Math.min(timing.since, now)
    timings.set(name, timing)
    return Math.max(timing.since + wait, timing.toldAt + interval)
  }

  return {
    next(alarms, markOf, now, all) {
      let at = Infinity
      const groups = new Map<string, Notification[]>()
      const due = new Set<string>()
      for (const [key, active] of alarms) {
        const mark = markOf(key)
        const repeating = repeatAt(mark, active, again)
        if (active.pending.length === 0 && (repeating === Infinity || all)) continue
        const notification = notificationOf(mark, active)!
        const held = notification.status === 'firing' ? heldUntil(notification.alarm, now) : now
        if (held > now) {
          at = Math.min(at, held)
          continue
        }
        const name = groupOf(key, notification)
        const ready = all ? now : active.pending.length === 0 ? repeating : readyAt(name, now)
        if (active.pending.length === 0 && ready > now) {
          at = Math.min(at, ready)
          continue
        }
        if (!all && isQuiet(now, notification.alarm.severity)) {
          at = Math.min(at, (Math.floor(now / MINUTE) + 1) * MINUTE)
          continue
        }
        if (ready <= now) due.add(name)
        else at = Math.min(at, ready)
        groups.set(name, [...(groups.get(name) ?? []), notification])
      }
      const [name] = due
      if (name === undefined) return { at }
      const notifications = groups.get(name)!.sort((a, b) => a.alarm.time - b.alarm.time || (a.key < b.key ? -1 : 1))
      return { message: messageOf(labelsOf(notifications[0]!), notifications), group: name }
    },
    told(name, now, more) {
      if (group === undefined) return
      for (const [other, { since, toldAt }] of timings) if (since === Infinity && toldAt + interval <= now) timings.delete(other)
      timings.set(name, more ? { since: -Infinity, toldAt: -Infinity } : { since: Infinity, toldAt: now })
    },
  }
}
