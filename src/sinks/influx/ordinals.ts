import type { Line } from './line.js'
import type { Point } from './point.js'

/** The latest time of the points that are kept apart by order, and how many each series has had at it: plain data. */
export interface Instant {
  /** Epoch milliseconds. */
  readonly time: number
  readonly counts: readonly (readonly [series: string, count: number])[]
}

export const noInstant: Instant = { time: -Infinity, counts: [] }

export interface Ordinals {
  /** The nanoseconds to add to the point's time. */
  of(point: Point, line: Line): number
  /** For `ordinals`, to go on from here. */
  save(): Instant
}

/**
 * Keeps points of one series and one time apart, so that writing them again overwrites each with itself: what is added depends on the points alone, and on no batch.
 * Of points in the order of time only those of the latest instant have to be remembered.
 */
export function ordinals(from: Instant): Ordinals {
  let { time } = from
  const counts = new Map(from.counts)
  return {
    of(point, { series, fields }) {
      if (point.apart === undefined) return 0
      if (point.apart === 'content' || !(point.time >= time)) return 1 + hash(fields) % 999_999
      if (point.time > time) {
        time = point.time
        counts.clear()
      }
      const count = counts.get(series) ?? 0
      counts.set(series, count + 1)
      return count
    },
    save: () => ({ time, counts: [...counts] }),
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
