import type { Alarm, AlarmState, Severity } from 'motorwatch'
import type { Color, Colors } from './colors.js'
import type { Event } from './watch-state.js'
import { clock, printable, span } from './words.js'

/** A line of text in parts, each with its colour. */
export type Line = readonly (readonly [text: string, color?: Color])[]

/** One event as a line: `2026-01-05 06:04:31  RAISED   high      LINE_01_MOTOR_03: vibration 3.1 mm/s, ...`; `when` says the time. */
export function eventLine(event: Event, colors: Colors, when = clock): Line {
  if (event.kind === 'fault') return [[`${when(event.time)}  (simulator: ${printable(event.text)})`, colors.dim]]
  const { state, status, severity, message, time, raisedAt, by, why } = event
  const news = state !== 'data-lost' && state !== 'data-back' && status === 'unacknowledged'
  const after = state === 'cleared' || state === 'reset' || state === 'closed' ? `, after ${span(time - raisedAt)}` : ''
  const who = [by, why].filter((each) => each !== undefined).map(printable).join(': ')
  return [
    [`${when(time)}  `, colors.dim],
    [`${words[state]}  ${severity.padEnd(8)}`, news ? severityColor(severity, colors) : colors.green],
    [`  ${printable(message)}${after}${who === '' ? '' : ` (${who})`}`],
  ]
}

export function standingLine({ severity, message, raisedAt, status, noData }: Alarm, now: number, colors: Colors): Line {
  const marks = [...(status === 'unacknowledged' ? [] : [status]), ...(noData === true ? ['no data'] : [])]
  return [
    [severity.padEnd(8), severityColor(severity, colors)],
    [`  ${span(now - raisedAt).padStart(7)}  `, colors.dim],
    [printable(message)],
    ...(marks.length === 0 ? [] : [[`  (${marks.join(', ')})`, colors.dim] as const]),
  ]
}

/** At most `columns` wide. */
export function paint(line: Line, columns = Infinity): string {
  let room = columns
  let text = ''
  for (const [part, color] of line) {
    const shown = part.length > room ? `${part.slice(0, Math.max(0, room - 1))}${room > 0 ? '…' : ''}` : part
    text += color === undefined ? shown : color(shown)
    room -= part.length
    if (room < 0) break
  }
  return text
}

export function severityColor(severity: Severity, colors: Colors): Color {
  return { low: colors.cyan, medium: colors.yellow, high: colors.red, critical: (text: string) => colors.bold(colors.red(text)) }[severity]
}

const words: Readonly<Record<AlarmState, string>> = {
  raised: 'RAISED ',
  cleared: 'cleared',
  escalated: 'HIGHER ',
  acknowledged: 'acked  ',
  reset: 'reset  ',
  closed: 'closed ',
  shelved: 'shelved',
  unshelved: 'unshelved',
  suppressed: 'suppressed',
  unsuppressed: 'unsuppressed',
  'removed-from-service': 'out of service',
  'returned-to-service': 'in service',
  'data-lost': 'no data',
  'data-back': 'data   ',
}
