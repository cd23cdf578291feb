import type { Cutting } from './plan.js'

/** How a lake is cut, as its users say it. */
export interface CuttingOptions {
  /** Only items of these kinds are written, the others passed over. Absent: all. */
  readonly kinds?: readonly string[]
  /** An object is cut when it has this many rows. Default 50,000. */
  readonly rows?: number
  /** The stretch of event time that one object covers, in milliseconds: a part of an hour, at least a second. Default one hour. */
  readonly every?: number
}

const HOUR = 3_600_000

/** Throws a RangeError that names `sink` for what cannot be. */
export function cutting(sink: string, { kinds, rows = 50_000, every = HOUR }: CuttingOptions): Cutting {
  if (!(Number.isSafeInteger(rows) && rows > 0)) throw new RangeError(`${sink}: rows is ${rows}; expected a whole number above 0`)
  if (!(every >= 1_000 && HOUR % every === 0)) {
    throw new RangeError(`${sink}: every is ${every} ms; expected a part of an hour without remainder, at least 1,000 ms, such as 3,600,000 or 600,000`)
  }
  return { rows, every, ...(kinds === undefined ? {} : { kinds: new Set(kinds) }) }
}
