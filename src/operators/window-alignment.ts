import { tzOffset } from '@date-fns/tz'
import { duration, formatDuration } from '../time/index.js'
import type { Duration } from '../time/index.js'

export interface AlignmentOptions {
  /** Windows start this much after the epoch, and every `size` from there; with a `zone`, after midnight of the wall clock. Left out: 0. */
  readonly offset?: Duration
  /**
   * An IANA time zone, such as `Europe/Berlin`: windows start at times of its wall clock, so that a shift starts at 06:00 all year, and a day has 23 or 25 hours at a change.
   * A start that the wall clock skips is the moment of the change; one that it shows twice is the first. Windows of up to an hour keep their length instead, and are cut where the clock changes.
   */
  readonly zone?: string
}

/** Half-open windows `[start, end)` that follow each other without a gap. All times in epoch milliseconds. */
export interface Alignment {
  /** The start of the window that holds `now`. */
  readonly start: (now: number) => number
  /** The end of the window that holds `now`; later than `now`. */
  readonly end: (now: number) => number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A window's size in milliseconds. Throws a `RangeError` for what is under a millisecond or infinite. */
export function windowSize(size: Duration, what = 'size'): number {
  const milliseconds = duration(size)
  if (milliseconds >= 1 && milliseconds < Infinity) return milliseconds
  throw new RangeError(`${what} of a window: got ${formatDuration(milliseconds)}, expected at least 1ms and not Infinity`)
}

/**
 * Where windows of this size start and end.
 *
 * Throws a `RangeError` where the zone is not known.
 */
export function windowAlignment(size: number, options: AlignmentOptions = {}): Alignment {
  const offset = duration(options.offset ?? 0)
  if (offset === Infinity) throw new RangeError('offset of windows: got Infinity, expected a finite duration')
  if (options.zone === undefined) {
    const start = (now: number): number => now - into(now - offset, size)
    return { start, end: (now) => start(now) + size }
  }
  const clock = wallClock(options.zone)
  const find = size <= HOUR ? elapsed(clock, size, offset) : local(clock, size, offset)
  let window = find(0)
  const at = (now: number): Window => (now >= window.start && now < window.end ? window : (window = find(now)))
  return { start: (now) => at(now).start, end: (now) => at(now).end }
}

interface Window {
  readonly start: number
  readonly end: number
}

/** How far the local time of the wall clock, taken as UTC, is from the epoch milliseconds `at`, in milliseconds. */
type WallClock = (at: number) => number

/** The remainder of a division, from 0. `%` is exact where a quotient would be rounded. */
function into(time: number, size: number): number {
  const rest = time % size
  return (rest < 0 ? rest + size : rest) + 0
}

function wallClock(zone: string): WallClock {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new RangeError(`zone of windows: got ${JSON.stringify(zone)}, expected the name of an IANA time zone, such as 'Europe/Berlin' or 'UTC'`)
  }
  return (at) => {
    const minutes = tzOffset(zone, new Date(at))
    if (Number.isNaN(minutes)) throw new RangeError(`no wall clock in ${zone} at ${at}: expected epoch milliseconds within 8.64e15 of 1970`)
    return Math.round(minutes * 60_000)
  }
}

/** The first moment after `before` at which the clock no longer stands as it did there; it has changed by `after`. */
function change(clock: WallClock, before: number, after: number): number {
  const was = clock(before)
  let low = Math.floor(before)
  let high = Math.ceil(after)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (clock(middle) === was) low = middle
    else high = middle
  }
  return high
}

/** Windows of equal length, begun anew where the clock changes. */
function elapsed(clock: WallClock, size: number, offset: number): (now: number) => Window {
  return (now) => {
    const difference = clock(now)
    const start = now - into(now + difference - offset, size)
    const end = start + size
    return {
      start: clock(start) === difference ? start : change(clock, start, now),
      end: clock(end - 1) === difference ? end : change(clock, now, end - 1),
    }
  }
}

/** Windows between times of the wall clock. */
function local(clock: WallClock, size: number, offset: number): (now: number) => Window {
  /** The first moment at which the wall clock shows `wall` or later. A day before and after it lie all differences from UTC, and at most one change. */
  const reached = (wall: number): number => {
    const before = clock(wall - DAY)
    const after = clock(wall + DAY)
    if (clock(wall - before) === before) return wall - before
    if (clock(wall - after) === after) return wall - after
    return change(clock, wall - after, wall - before)
  }
  return (now) => {
    const wall = now + clock(now)
    let next = wall - into(wall - offset, size)
    let start = reached(next)
    for (;;) {
      next += size
      const end = reached(next)
      if (end > now) return { start, end }
      start = end
    }
  }
}
