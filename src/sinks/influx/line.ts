import type { Point } from './point.js'

/** A point in line protocol, without its time: `series fields`. */
export interface Line {
  /** Measurement and tags. */
  readonly series: string
  /** Empty: there is nothing to write. */
  readonly fields: string
}

/**
 * Line protocol has no way to say a backslash in front of what may be escaped, nor one at the end, in a name or a tag:
 * it would swallow what follows, or be swallowed. There, and only there, it is written as U+FF3C, which looks like it.
 */
const unsafeBackslashes = /\\+(?=[,= "]|$)/g
const control = /[\u0000-\u001f]/g

/** Control characters, of which a newline would end the line, as their pictures: U+240A for a newline. */
const printable = (text: string): string =>
  text.replace(control, char => String.fromCharCode(0x2400 + char.charCodeAt(0))).replace(unsafeBackslashes, run => '\uff3c'.repeat(run.length))

const nameOf = (text: string): string => printable(text).replace(/[,= ]/g, '\\$&')

/** A leading `#` would make a comment of the line, which is answered with success. */
const measurementOf = (text: string): string => printable(text).replace(/[, ]/g, '\\$&').replace(/^#/, '\uff03')

const valueOf = (value: number | string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"`
  : typeof value === 'boolean' ? String(value)
  : Number.isFinite(value) ? String(value)
  : undefined

/**
 * Writes a point so that InfluxDB reads the very same names and values, but for control characters and some backslashes in names and tags, which line protocol cannot say.
 * Tags and fields are in the order of their names, so the same point is the same text.
 */
export function lineOf({ measurement, tags, fields }: Point): Line {
  let series = measurementOf(measurement)
  for (const [name, value] of Object.entries(tags).sort(byName)) if (value !== undefined && value !== '') series += `,${nameOf(name)}=${nameOf(value)}`
  const written: string[] = []
  for (const [name, field] of Object.entries(fields).sort(byName)) {
    const value = valueOf(field)
    if (value !== undefined) written.push(`${nameOf(name)}=${value}`)
  }
  return { series, fields: written.join(',') }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0)

/** The times that InfluxDB can hold, 64 bits of nanoseconds, in whole milliseconds with room for an ordinal. */
const FIRST = -9_223_372_036_854
const LAST = 9_223_372_036_853

/**
 * Epoch milliseconds as nanoseconds since 1970, by the decimals that print the number: `1766059200000.125` is 125,000 ns after the millisecond.
 * `ordinal`: nanoseconds to add. Undefined: not a time, or outside the years 1677 to 2262 that InfluxDB can hold.
 *
 * @example
 * // nanosecondsOf(1_766_059_200_000.5, 2) is '1766059200000500002'
 */
export function nanosecondsOf(time: number, ordinal = 0): string | undefined {
  if (!(time >= FIRST && time <= LAST)) return undefined
  const whole = Math.floor(time)
  const fraction = whole === time ? 0 : fractionOf(time, whole)
  const low = fraction + ordinal
  if (whole > 0 && low < 1_000_000) return `${whole}${String(low).padStart(6, '0')}`
  return String(BigInt(whole) * 1_000_000n + BigInt(low))
}

const fractionOf = (time: number, whole: number): number => {
  const decimals = time > 0 ? /^\d+\.(\d+)$/.exec(String(time))?.[1] : undefined
  return decimals === undefined ? Math.round((time - whole) * 1e6) : Math.round(Number(`0.${decimals}`) * 1e6)
}
