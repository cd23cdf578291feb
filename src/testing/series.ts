import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'

/** The readings of one sensor at a steady pace, from the beginning on. */
export interface Series {
  /** Milliseconds from one place to the next. */
  readonly every: number
  /** Undefined: nothing is read there. */
  readonly readings: readonly (SeriesReading | undefined)[]
}

export interface SeriesReading {
  readonly value: number
  readonly suspect: boolean
}

const COUNT = /(\d+)x/y
const VALUE = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/y
const STEP = /([+-]\d+(?:\.\d+)?)(?:\/([^\s!]*))?/y
const SUSPECT = /!/y
const GAP = /_/y
const FRONT = /\S*?:/y
const SPACES = /\s+/y
const SECONDS: ReadonlyMap<string, number> = new Map([['s', 1], ['m', 60], ['h', 3600]])
const LONGEST = 10_000_000

/**
 * Reads a series: words with spaces between them, each for one reading or more, a second apart or as said in front.
 *
 * | word | what is read |
 * |---|---|
 * | `61` | 61 |
 * | `61!` | 61, suspect |
 * | `_` | nothing |
 * | `5x61`, `5x61!`, `5x_` | the same, five times |
 * | `5x61+0.5` | 61, 61.5, 62, 62.5, 63: each 0.5 more than the one before; `5x61-0.5` falls |
 * | `5x61+30/m` | the same at a reading a second: 0.5 more each second; `/s`, `/m` and `/h` |
 * | `5s: ` in front of all | five seconds from one to the next |
 *
 * What rises or falls is rounded to 9 decimals. Throws a `RangeError` that points at the character and says what was expected there.
 *
 * @example
 * readSeries('500ms: 3x61 60x61+2/m 3x_ 91!')
 */
export function readSeries(text: string): Series {
  let at = 0
  const wrong = (expected: string, where = at): RangeError => new RangeError(`expected ${expected} at character ${where + 1}\n  ${text}\n  ${' '.repeat(where)}^`)
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text) ?? undefined
    at += found?.[0].length ?? 0
    return found
  }
  const spaces = (): boolean => take(SPACES) !== undefined

  spaces()
  const every = takeEvery(text, take, wrong)
  spaces()
  const readings: (SeriesReading | undefined)[] = []
  while (at < text.length) {
    const began = at
    if (take(FRONT) !== undefined) throw wrong('a value: the time between readings stands in front of all', began)
    const counted = take(COUNT)
    const count = counted === undefined ? 1 : Number(counted[1])
    if (count === 0 || count > LONGEST) throw wrong(`a count from 1 to ${LONGEST}`, began)
    if (take(GAP) !== undefined) {
      for (let i = 0; i < count; i++) readings.push(undefined)
    } else {
      const value = take(VALUE)
      if (value === undefined) throw wrong(expectedValue(text[at], counted !== undefined))
      const start = Number(value[0])
      if (!Number.isFinite(start)) throw wrong('a finite number', began)
      const stepAt = at
      const stepped = take(STEP)
      if (stepped !== undefined && counted === undefined) throw wrong(`a count in front, such as '60x${value[0]}${stepped[0]}', for what rises or falls`, began)
      const step = stepped === undefined ? 0 : stepOf(stepped, every, () => wrong("'/s', '/m' or '/h'", stepAt + stepped[1]!.length))
      const suspect = take(SUSPECT) !== undefined
      for (let i = 0; i < count; i++) readings.push({ value: step === 0 ? start : stepFrom(start, step, i), suspect })
    }
    if (at < text.length && !spaces()) throw wrong('a space before the next word')
  }
  if (readings.length === 0) throw wrong("a value such as 61, or '_' for nothing")
  return { every, readings }
}

/** The value so many steps on. */
const stepFrom = (start: number, step: number, count: number): number => (count === 0 ? start : Number((start + count * step).toFixed(9)) + 0)

function expectedValue(character: string | undefined, counted: boolean): string {
  if (counted) return "a value such as 61, or '_', behind the count"
  return character === '+' ? "a value: a rise is written as one word, such as '60x61+0.5'" : "a value such as 61, '_' for nothing, or a count such as '5x61'"
}

function stepOf([, step, per]: RegExpExecArray, every: number, wrong: () => RangeError): number {
  if (per === undefined) return Number(step)
  const seconds = SECONDS.get(per)
  if (seconds === undefined) throw wrong()
  return (Number(step) * every) / 1000 / seconds
}

function takeEvery(text: string, take: (pattern: RegExp) => RegExpExecArray | undefined, wrong: (expected: string, where?: number) => RangeError): number {
  const first = /^\s*(\S*?):/.exec(text)
  if (first === null) return 1000
  const where = text.indexOf(first[1]!)
  let every: number
  try {
    every = duration(first[1] as Duration)
  } catch {
    throw wrong("a length of time such as '5s', '500ms' or '1m' before the colon", where)
  }
  if (every === 0) throw wrong('a length of time above 0', where)
  take(FRONT)
  return every
}
