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
  /** The index of the sensor whose value it is, and after how many milliseconds that is stale; -1: it is none. What is compared most is read without a call. */
  readonly sensor: number
  readonly stale: number
  /** It is this number, always. */
  readonly constant: number | undefined
  /** In words, why it is what it is: of the machine for which it was read last. */
  readonly why?: (unit: string) => string
}

export const PLAIN = { slope: 0, wakeAt: Infinity, sensor: -1, stale: NaN, constant: undefined }

/** One that changes with readings alone. */
export const stillReader = (read: Reader['read']): Reader => ({ ...PLAIN, read, still: true, lasting: false })

export const constantReader = (constant: number): Reader => ({ ...PLAIN, read: () => constant, still: true, lasting: false, constant })

/** The last value of a sensor, until it is stale. */
export const sensorReader = (sensor: number, stale: number): Reader => ({
  ...PLAIN, read: (frame, now) => (frame.times[sensor]! + stale > now ? frame.values[sensor]! : NaN), still: true, lasting: false, sensor, stale,
})

/** One that looks back. */
export function lastingReader(read: (reader: Reader, frame: Frame, now: number) => number): Reader {
  const reader: Reader = { ...PLAIN, read: (frame, now) => read(reader, frame, now), still: false, lasting: true }
  return reader
}

/** One that is computed from others and remembers nothing. `slope`: of the result from theirs; left out: it is no straight line. */
export function derivedReader(parts: readonly Reader[], read: Reader['read'], slope: () => number = () => NaN): Reader {
  if (parts.every(({ still }) => still)) return stillReader(read)
  const reader: Reader = {
    ...PLAIN,
    read: (frame, now) => {
      const value = read(frame, now)
      reader.wakeAt = earliest(parts)
      reader.slope = parts.every((part) => part.slope === 0) ? 0 : slope()
      return value
    },
    still: false,
    lasting: parts.some(({ lasting }) => lasting),
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
