import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'

export const finite = (value: number, what: string): number => {
  if (!Number.isFinite(value)) throw new RangeError(`${what} must be a finite number, not ${value}`)
  return value
}

export const range = (low: number, high: number): void => {
  finite(low, 'the lower limit')
  finite(high, 'the upper limit')
  if (!(low < high)) throw new RangeError(`the lower limit ${low} must be below the upper limit ${high}`)
}

export const checkedDuration = (time: Duration): Duration => {
  duration(time)
  return time
}

export const some = <T>(of: readonly T[], what: string): readonly T[] => {
  if (of.length === 0) throw new RangeError(`${what} needs at least one part`)
  return of
}

export const checkedZone = (zone: string): string => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    throw new RangeError(`${JSON.stringify(zone)} is no time zone: expected a name such as 'Europe/Berlin' or 'UTC'`)
  }
}

/** Hours since midnight of a time such as `06:00`. */
export const clockTime = (text: string): number => {
  const [, h, m] = /^(\d\d):(\d\d)$/.exec(text) ?? []
  const hours = Number(h) + Number(m) / 60
  if (!(hours <= 24) || Number(m) >= 60) throw new RangeError(`${JSON.stringify(text)} is no time of day: expected one such as '06:00' or '24:00'`)
  return hours
}
