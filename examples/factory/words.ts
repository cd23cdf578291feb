import { formatDuration } from 'motorwatch'

/** Event time as people read it, UTC: `2026-01-05 06:04:31`. */
export function clock(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 19).replace('T', ' ') : '-'
}

/** `06:04:31` */
export function timeOfDay(time: number): string {
  return clock(time).slice(-8)
}

/** A span in its two largest units: `3m20s`, `2h5m`, `1d4h`; `-` where there is none yet. */
export function span(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '-'
  const step = milliseconds < 3_600_000 ? 1000 : milliseconds < 86_400_000 ? 60_000 : 3_600_000
  return formatDuration(Math.max(0, Math.round(milliseconds / step) * step))
}

/** `1,234,567` */
export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}

/** `1 machine`, `2 machines` */
export function plural(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? '' : 's'}`
}

/** One printable line: names come from the data, and must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?')
}

/** A measured value in the digits that tell something. */
export function figure(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}
