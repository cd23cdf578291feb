import type { Reading } from '../../model/index.js'
import { append, copyOf, numbersOf, type Piece, pieceOf, rowsWhere } from '../../lake/piece.js'
import { hourFolder } from '../../lake/object-name.js'
import { SLACK } from '../lake/plan.js'
import { RAW } from '../../lake/table.js'

/** What was read of one topic partition and is in no object yet: plain data. */
export interface RawRange {
  readonly topic: string
  readonly partition: number
  /** Offset of its first reading. */
  readonly from: number
  /** Offset of its last one. */
  readonly to: number
  /** Epoch milliseconds at which the hour of its first reading begins. */
  readonly hour: number
  /** How many readings, up to the last one, were not of that hour. */
  readonly outside: number
  readonly piece: Piece
}

/** A range, and the readings that are not in its piece yet. */
export interface RawDraft {
  readonly range: RawRange
  readonly added: readonly Reading[]
}


const HOUR = 3_600_000
/** So many readings in a row that are not of the range's hour end it. Fewer are a clock that is wrong, or a machine that sends what it had kept. */
const OUTSIDE = 16

/**
 * Parts the readings of topic partitions into ranges. A range ends where `rows` divides the offset, and when 16 readings in a row lie 5 minutes or more beside the hour of its first one.
 * So ranges depend on the offset at which reading began up to the next multiple of `rows`, and on the log alone from there on.
 * Throws where a reading has no origin, or one that does not follow.
 */
export function rawRanges(open: readonly RawRange[], readings: readonly Reading[], rows: number): { readonly cuts: readonly RawDraft[], readonly kept: readonly RawDraft[] } {
  const drafts = new Map<string, { range: RawRange, readonly added: Reading[] }>()
  const cuts: RawDraft[] = []
  for (const range of open) drafts.set(keyOf(range), { range, added: [] })

  for (const reading of readings) {
    const { time, origin } = reading
    if (origin === undefined) {
      throw new Error(`raw sink: a reading of ${reading.machine} has no origin; expected one with topic, partition and offset, as the Kafka source gives it`)
    }
    const { topic, partition, offset } = origin
    const key = keyOf(origin)
    let draft = drafts.get(key)
    if (draft !== undefined && offset <= draft.range.to) {
      throw new Error(`raw sink: offset ${offset} of ${topic}/${partition} comes after ${draft.range.to}; expected rising offsets: what is handed on twice, or in another order, is no input of a log`)
    }
    const hour = Math.floor(time / HOUR) * HOUR
    let outside = 0
    if (draft !== undefined) {
      outside = isWithin(time, draft.range.hour) ? 0 : draft.range.outside + 1
      if (outside === OUTSIDE || Math.floor(offset / rows) !== Math.floor(draft.range.from / rows)) {
        cuts.push(draft)
        draft = undefined
      }
    }
    if (draft === undefined) {
      draft = { range: { topic, partition, from: offset, to: offset, hour, outside: 0, piece: { kind: RAW, slot: NaN, rows: 0, columns: [] } }, added: [reading] }
      drafts.set(key, draft)
    } else {
      draft.range = { ...draft.range, to: offset, outside }
      draft.added.push(reading)
    }
    if ((offset + 1) % rows === 0) {
      cuts.push(draft)
      drafts.delete(key)
    }
  }
  return { cuts, kept: [...drafts.values()] }
}

/** The readings of a range as objects, one for each hour. */
export function rawObjects({ range, added }: RawDraft): readonly { readonly folder: string, readonly piece: Piece }[] {
  const whole = copyOf(range.piece)
  append(whole, pieceOf(RAW, NaN, added))
  const hours = numbersOf(whole, 'time').map(time => Math.floor(time / HOUR) * HOUR)
  return [...new Set(hours)].sort((a, b) => a - b).map(hour => ({
    folder: `raw/topic=${encodeURIComponent(range.topic)}/${hourFolder(hour)}/`, piece: rowsWhere(whole, row => hours[row] === hour),
  }))
}

const keyOf = ({ topic, partition }: { readonly topic: string, readonly partition: number }): string => `${partition} ${topic}`

const isWithin = (time: number, hour: number): boolean => time >= hour - SLACK && time < hour + HOUR + SLACK
