import type { Alarm, AlarmState, Severity } from 'motorwatch'
import type { Color, Colors } from './colors.js'
import type { Event } from './watch-state.js'
import { clock, printable, span } from './words.js'

/** A line of text in parts, each with its colour. */
export type Line = readonly (readonly [text: string, color?: Color])[]

/** One event as a line: `2026-01-05 06:04:31  RAISED   high      LINE_01_MOTOR_03: vibration 3.1 mm/s, ...`; `when` says the time. */
export function eventLine(event: Event, colors: Colors, when = clock): Line {
  if (event.kind === 'fault') return [[`${when(event.time)}  (simulator: ${printable(event.text)})`, colors.dim]]
  const { state, severity, message, time, raisedAt } = event
  const raised = state === 'raised'
  const after = raised ? '' : `, after ${span(time - raisedAt)}`
  return [
    [`${when(time)}  `, colors.dim],
    [`${words[state]}  ${severity.padEnd(8)}`, raised ? severityColor(severity, colors) : colors.green],
    [`  ${printable(message)}${after}`],
  ]
}

export function standingLine({ severity, message, raisedAt }: Alarm, now: number, colors: Colors): Line {
  return [[severity.padEnd(8), severityColor(severity, colors)], [`  ${span(now - raisedAt).padStart(7)}  `, colors.dim], [printable(message)]]
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

const words: Readonly<Record<AlarmState, string>> = { raised: 'RAISED ', cleared: 'cleared' }
