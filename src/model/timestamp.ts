/** The first instant that the wire carries, 1971-01-01T00:00:00Z, and the first that it no longer does, 10000-01-01T00:00:00Z, in epoch milliseconds. */
export const earliestTime = 31_536_000_000
export const endOfTime = 253_402_300_800_000

const digits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31

/** Days from 1970-01-01 in the proleptic Gregorian calendar, for years from 0 (Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
const days = (year: number, month: number, day: number): number => {
  const y = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
}

/** Milliseconds of `Z`, `+hh:mm`, `+hhmm` or `+hh` at the end of the text; NaN where it is none of them. */
const zone = (text: string, at: number): number => {
  const sign = text.charCodeAt(at)
  if (sign === 90 || sign === 122) return text.length === at + 1 ? 0 : NaN
  if (sign !== 43 && sign !== 45) return NaN
  const hours = digits(text, at + 1)
  const minutesAt = text.charCodeAt(at + 3) === 58 ? at + 4 : at + 3
  const minutes = text.length === at + 3 ? 0 : text.length === minutesAt + 2 ? digits(text, minutesAt) : NaN
  if (!(hours <= 23 && minutes <= 59)) return NaN
  return (sign === 43 ? 1 : -1) * (hours * 60 + minutes) * 60_000
}

/** Without the range of years; NaN where it is no RFC 3339 time. */
const parse = (text: string): number => {
  const year = digits(text, 0) * 100 + digits(text, 2)
  const month = digits(text, 5)
  const day = digits(text, 8)
  const hour = digits(text, 11)
  const minute = digits(text, 14)
  const second = digits(text, 17)
  const between = text.charCodeAt(10)
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return NaN
  if (between !== 84 && between !== 116 && between !== 32) return NaN
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59)) return NaN
  const whole = days(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1_000
  if (text.charCodeAt(19) !== 46) return whole - zone(text, 19)
  let end = 20
  while (isDigit(text.charCodeAt(end))) end++
  if (end === 20) return NaN
  const millis = whole - zone(text, end) + Number(text.slice(20, 23 < end ? 23 : end).padEnd(3, '0'))
  return end <= 23 || Number.isNaN(millis) ? millis : Number(`${millis}.${text.slice(23, end)}`)
}

const inRange = (time: number): number => (time >= earliestTime && time < endOfTime ? time : NaN)

/**
 * Epoch milliseconds of a timestamp on the wire; NaN where it is none (`expectedTimestamp` says why). Years 1971 to 9999, in UTC.
 *
 * Text: RFC 3339, `2025-12-18T12:30:00Z`. `t`, `z` and a space for `T` are taken; the zone is `Z`, `+hh:mm`, `+hhmm` or `+hh`; a fraction of a second has
 * any length, and is kept as closely as a double can (0.25 microseconds today). Not taken: a date alone or a time without a zone (ambiguous),
 * days and hours that do not exist, hour 24, and second 60 (a POSIX clock never shows one), digits as text.
 *
 * Number: time since 1970, its unit told by magnitude. Seconds are kept to the microsecond, which is what a double of them holds.
 *
 * | from | below | read as |
 * |---|---|---|
 * | 31,536,000 | 1e11 | seconds (to the year 5138) |
 * | 1e11 | 1e14 | milliseconds (from March 1973) |
 * | 1e14 | 1e17 | microseconds |
 * | 1e17 | | nanoseconds |
 */
export const parseTimestamp = (value: unknown): number => {
  if (typeof value === 'string') return inRange(parse(value))
  if (typeof value !== 'number') return NaN
  return inRange(value < 1e11 ? Math.round(value * 1e6) / 1e3 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6)
}

/** What was expected instead of a timestamp that `parseTimestamp` did not take, in words. */
export const expectedTimestamp = (value: unknown): string => {
  const form = 'a time such as "2025-12-18T12:30:00Z"'
  if (typeof value === 'number') return 'time since 1970 in s, ms, us or ns, in the years 1971 to 9999'
  if (typeof value !== 'string') return `${form}, or a number since 1970`
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return `${form}: a date alone is ambiguous, add time and zone`
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value)) return `${form}: a time without a zone is ambiguous, add seconds if absent, and "Z" or an offset`
  if (/^\d+(\.\d+)?$/.test(value)) return `${form}, or a number since 1970 without quotes`
  if (!Number.isNaN(parse(value))) return `${form}, in the years 1971 to 9999`
  const formed = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:?\d\d)?)$/.test(value)
  return formed ? `${form}: this one is on no calendar or clock (second 60 and hour 24 neither)` : form
}

/** The text of a time, in UTC, with milliseconds, and more digits only where it has a fraction: `parseTimestamp` gives exactly the same time back. */
export const formatTimestamp = (time: number): string => {
  if (!(time >= earliestTime && time < endOfTime)) {
    throw new RangeError(`time: got ${time}, expected epoch milliseconds in the years 1971 to 9999, from ${earliestTime} on`)
  }
  const text = new Date(Math.floor(time)).toISOString()
  return Number.isInteger(time) ? text : `${text.slice(0, 23)}${String(time).split('.')[1]}Z`
}
