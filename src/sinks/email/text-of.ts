import { showText } from '../../model/show.js'
import type { Message, Notification } from '../notify/notification.js'

export interface TextOptions {
  /** An IANA name; left out: UTC. */
  readonly zone?: string | undefined
  readonly page?: string | undefined
}

/** `2026-01-05 13:00:00 GMT+7` */
export const clockIn = (zone: string): ((time: number) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const name = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' })
  return (time) => (Number.isFinite(time) ? `${format.format(time)} ${name.formatToParts(time).find(({ type }) => type === 'timeZoneName')!.value}` : '-')
}

/** Names come from the data: one line each. */
const line = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')

export function subjectOf({ status, notifications }: Message): string {
  const [first] = notifications as readonly [Notification]
  const { machine, rule, severity } = first.alarm
  const mark = status === 'resolved' ? 'resolved' : first.repeat > 0 ? `${severity.toUpperCase()}, still` : severity.toUpperCase()
  const machines = new Set(notifications.map(({ alarm }) => alarm.machine))
  return notifications.length === 1 ? `[${mark}] ${showText(machine)}: ${showText(rule)}` : `[${mark}] ${notifications.length} alarms on ${machines.size === 1 ? showText(machine) : `${machines.size} machines`}`
}

/** What somebody who is woken by it has to know: what is wrong, on which motor, since when, why it fired, and what would clear it. */
export function textOf({ notifications }: Message, { zone = 'UTC', page }: TextOptions): string {
  const clock = clockIn(zone)
  const about = ({ status, repeat, missed, alarm }: Notification): string => {
    const { machine, rule, severity, class: of, message, sensor, value, limit, unit = '', raisedAt, since, time, state, clears, level, why, by, noData } = alarm
    const rows: readonly (readonly [string, string | undefined])[] = [
      ['Motor', machine],
      ['Alarm', `${rule}, ${severity}${level === undefined ? '' : ` (${level})`}, ${of}`],
      ['Raised', clock(raisedAt)],
      ['Over', status === 'resolved' ? `${clock(time)}: ${state}${why === undefined ? '' : `, ${why}`}${by === undefined ? '' : ` (${by})`}` : undefined],
      ['Why', Number.isNaN(value) || Number.isNaN(limit) ? undefined : `${sensor ?? 'value'} is ${value} ${unit}`.trim() + `, the limit is ${limit} ${unit}`.trimEnd()],
      ['Since', status === 'firing' && since !== undefined ? clock(since) : undefined],
      ['Clears', status === 'firing' ? clears : undefined],
      ['Data', noData === true ? 'there are none now that could clear it' : undefined],
      ['Told', repeat > 0 ? `${repeat} ${repeat === 1 ? 'time' : 'times'} before, and nobody has acknowledged it` : undefined],
      ['Before', missed > 0 ? `it came and went ${missed} ${missed === 1 ? 'time' : 'times'}, which could not be told` : undefined],
    ]
    return [line(message), '', ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(8)}${line(text)}`]))].join('\n')
  }
  return `${notifications.map(about).join(`\n\n${'-'.repeat(40)}\n\n`)}\n${page === undefined ? '' : `\n${page}\n`}`
}
