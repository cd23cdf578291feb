import type { Frame } from './frame.js'

/** A signal, ready to be read. What stands in its fields is of the last `read`. */
export interface Reader {
  /** NaN: unknown. */
  read(frame: Frame, now: number): number
  /** It changes with readings alone: `slope` is 0 and `wakeAt` Infinity, always. */
  readonly still: boolean
  /** It looks back, so it must be read whenever a value comes. */
  readonly lasting: boolean
  /** Its change in a millisecond from now on; NaN: not along a straight line, it is looked at when the machine is judged. */
  slope: number
  /** When it next changes otherwise, though no value comes. */
  wakeAt: number
}

/** One that changes with readings alone. */
export const stillReader = (read: Reader['read']): Reader => ({ read, still: true, lasting: false, slope: 0, wakeAt: Infinity })

/** One that looks back. */
export function lastingReader(read: (reader: Reader, frame: Frame, now: number) => number): Reader {
  const reader: Reader = { read: (frame, now) => read(reader, frame, now), still: false, lasting: true, slope: 0, wakeAt: Infinity }
  return reader
}

/** One that is computed from others and remembers nothing. `slope`: of the result from theirs; left out: it is no straight line. */
export function derivedReader(parts: readonly Reader[], read: Reader['read'], slope: () => number = () => NaN): Reader {
  if (parts.every(({ still }) => still)) return stillReader(read)
  const reader: Reader = {
    read: (frame, now) => {
      const value = read(frame, now)
      reader.wakeAt = earliest(parts)
      reader.slope = parts.every((part) => part.slope === 0) ? 0 : slope()
      return value
    },
    still: false,
    lasting: parts.some(({ lasting }) => lasting),
    slope: 0,
    wakeAt: Infinity,
  }
  return reader
}

export function earliest(parts: readonly { readonly wakeAt: number }[]): number {
  let wakeAt = Infinity
  for (const part of parts) if (part.wakeAt < wakeAt) wakeAt = part.wakeAt
  return wakeAt
}

/** When a value that is `off` from its limit, and moves away or towards it by `slope` a millisecond, may be on the other side: to the millisecond. */
export function crossing(off: number, slope: number, now: number): number {
  if (off === 0) return slope > 0 || slope < 0 ? Math.floor(now) + 1 : Infinity
  const at = now - off / slope
  return at > now && at < Infinity ? Math.ceil(at) : Infinity
}
