import type { Alarm } from '../../model/index.js'
import { alarmKey, isFiring } from '../notify/standing.js'

/** An alarm at one severity: what Alertmanager knows by one fingerprint. */
export interface Alert {
  readonly alarm: Alarm
  /** Its own: a transition that ends an alarm has the highest that was reached. */
  readonly severity: Alarm['severity']
  readonly startsAt: number
  /** Absent: it stands. */
  readonly end?: { readonly time: number; /** Of the wall clock: when that was heard of. */ readonly heard: number }
}

export interface Alerts {
  take(alarm: Alarm, now: number): void
  /** Those that have changed since they were posted. */
  changed(): readonly Alert[]
  all(): readonly Alert[]
  /** It was posted that this occurrence fires at this severity, or may have been, before a restart. */
  wasPosted(alert: Alert): boolean
  /** What has ended and was heard of before `before` is forgotten. */
  posted(alerts: readonly Alert[], before: number): void
  save(): readonly Alert[]
  restore(alerts: readonly Alert[]): void
}

export function alerts(): Alerts {
  /** By alarm and severity. */
  const known = new Map<string, Map<string, Alert>>()
  const dirty = new Set<Alert>()
  /** Of those that are known: by alarm and severity, the occurrence that was posted. */
  const told = new Map<string, string>()
  const toldKey = ({ alarm, severity }: Alert): string => JSON.stringify([alarm.machine, alarm.rule, severity])

  const put = (alert: Alert): void => {
    const key = alarmKey(alert.alarm)
    const here = known.get(key) ?? new Map<string, Alert>()
    known.set(key, here)
    const before = here.get(alert.severity)
    if (before !== undefined) dirty.delete(before)
    here.set(alert.severity, alert)
    dirty.add(alert)
  }

  const all = (): readonly Alert[] => [...known.values()].flatMap((here) => [...here.values()])

  return {
    take(alarm, now) {
      if (alarm.inhibitedBy !== undefined) return
      if (isFiring(alarm)) put({ alarm, severity: alarm.severity, startsAt: alarm.raisedAt })
      else for (const alert of [...known.get(alarmKey(alarm))?.values() ?? []]) if (alert.end === undefined) put({ ...alert, alarm, end: { time: alarm.time, heard: now } })
    },
    changed: () => [...dirty],
    all,
    wasPosted: (alert) => told.get(toldKey(alert)) === alert.alarm.occurrence,
    posted(posted, before) {
      for (const alert of posted) {
        dirty.delete(alert)
        told.set(toldKey(alert), alert.alarm.occurrence)
        const key = alarmKey(alert.alarm)
        const here = known.get(key)
        if (alert.end === undefined || alert.end.heard >= before || here?.get(alert.severity) !== alert) continue
        here.delete(alert.severity)
        told.delete(toldKey(alert))
        if (here.size === 0) known.delete(key)
      }
    },
    save: all,
    restore(saved) {
      known.clear()
      dirty.clear()
      told.clear()
      for (const alert of saved) {
        put(alert)
        told.set(toldKey(alert), alert.alarm.occurrence)
      }
    },
  }
}
