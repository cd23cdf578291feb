import { tzOffset } from '@date-fns/tz'
import { PLAIN } from './reader.js'
import type { Reader } from './reader.js'

const MINUTE = 60_000
const HALF_HOUR = 30 * MINUTE
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Clocks are put forward and back on half hours: until the next one an offset stays. */
export const nextHalfHour = (now: number): number => (Math.floor(now / HALF_HOUR) + 1) * HALF_HOUR

/** Milliseconds of the wall clock, taken as UTC. What was found last is kept: many machines ask for the same half hour. */
export function wallClock(zone: string): (now: number) => number {
  let from = NaN
  let offset = 0
  return (now) => {
    if (!(now >= from && now < from + HALF_HOUR)) {
      from = Math.floor(now / HALF_HOUR) * HALF_HOUR
      offset = tzOffset(zone, new Date(from)) * MINUTE
    }
    return now + offset
  }
}

/** Hours since midnight by the wall clock. */
export function timeOfDayReader(zone: string): Reader {
  const clock = wallClock(zone)
  const reader: Reader = {
    ...PLAIN,
    read: (_frame, now) => {
      reader.wakeAt = nextHalfHour(now)
      const local = clock(now)
      return (local - Math.floor(local / DAY) * DAY) / HOUR
    },
    still: false,
    lasting: false,
    slope: 1 / HOUR,
  }
  return reader
}

/** A span of the wall clock that comes again on days. */
export interface Spans {
  /** Hours since midnight; `to` above 24 lies on the next day. */
  readonly from: number
  readonly to: number
  /** Whether it begins on this day, counted from the epoch. */
  readonly on: (day: number) => boolean
}

/** Whether the moment lies in a span, and how many hours it is to the nearer end of that; or to the nearest one, a day at most. */
export function inSpan({ from, to, on }: Spans, local: number): { readonly inside: boolean; readonly hours: number } {
  const today = Math.floor(local / DAY)
  let hours = 24
  for (let day = today - 1; day <= today + 1; day++) {
    if (!on(day)) continue
    const begun = (local - day * DAY) / HOUR - from
    const left = to - from - begun
    if (begun >= 0 && left > 0) return { inside: true, hours: Math.min(begun, left) }
    hours = Math.min(hours, Math.max(-begun, -left))
  }
  return { inside: false, hours }
}
