import type { Item, Reading, Sink } from '../../model/index.js'
import { cutting } from '../lake/cutting.js'
import type { ObjectStore } from '../../lake/object-store.js'
import { append, copyOf, numbersOf, parquetOf, pieceOf, rowsWhere } from '../../lake/piece.js'
import { RAW } from '../../lake/table.js'
import { rawName, rawOffsets, rawPrefix } from './raw-name.js'
import { type RawDraft, rawObjects, type RawRange, rawRanges } from './raw-range.js'
import { s3 } from '../../s3/s3.js'
import type { S3Options } from '../../s3/s3-options.js'

export type RawSinkOptions = S3Options & {
  /** An object holds at most this many offsets, from a multiple of it on. Default 50,000. */
  readonly rows?: number
}

interface RawState {
  readonly version: 1
  readonly ranges: readonly RawRange[]
}

const SINK = 'raw sink'

/**
 * What was read from a log, as it was decoded: late, suspect and doubled readings too, whatever the pipeline makes of them. So it takes a source's items, not a pipeline's outputs;
 * what is no reading is passed over, and a reading without `origin` is an error.
 *
 * Objects are `raw/topic=sensor_pressure_stream/day=2025-12-18/hour=12/partition-3-offset-000000001000-000000001999.parquet` beside those of `lakeSink`: each the readings of one hour in one range of offsets,
 * in their order, with the columns of a reading, `partition` and `offset` (`topic`, `day` and `hour` are in the path).
 * A range ends where `rows` divides the offset, and when 16 readings in a row lie 5 minutes or more beside the hour of its first one, so a partition that never fills is cut too.
 *
 * Read again from wherever, the log is in the lake once: offsets that an object of the hour holds by its name are not written again.
 * So `open(saved)` has nothing to remove, and `open()` goes on beside what is there; a topic that was made anew, with other data at its offsets, needs another prefix.
 * `save`, `close`, outages and errors are as for `lakeSink`.
 *
 * @example
 * rawSink({ endPoint: 'localhost', port: 9000, useSSL: false, accessKey, secretKey, bucket: 'motor-data-lake' })
 */
export function rawSink<T extends Item = Item>(options: RawSinkOptions): Sink<T> {
  return rawIn(s3(SINK, options), { name: `s3-raw:${options.bucket}/${options.prefix ?? ''}`, ...(options.rows === undefined ? {} : { rows: options.rows }) })
}

/** `rawSink` in an object store. */
export function rawIn<T extends Item>(store: ObjectStore, options: { readonly name: string, readonly rows?: number }): Sink<T> {
  const { rows } = cutting(SINK, options.rows === undefined ? {} : { rows: options.rows })
  let ranges: readonly RawRange[] = []

  const put = async (drafts: readonly RawDraft[]): Promise<void> => {
    for (const draft of drafts) {
      const { partition, from, to } = draft.range
      for (const { folder, piece } of rawObjects(draft)) {
        const there: (readonly [number, number])[] = []
        for await (const path of store.list(`${folder}${rawPrefix(partition)}`)) {
          const offsets = rawOffsets(path)
          if (offsets !== undefined) there.push(offsets)
        }
        const offsets = numbersOf(piece, 'offset')
        const missing = rowsWhere(piece, row => !there.some(([from, to]) => (offsets[row] as number) >= from && (offsets[row] as number) <= to))
        if (missing.rows === 0) continue
        const left = numbersOf(missing, 'offset')
        const range = missing.rows === piece.rows ? [from, to] as const : [left[0] as number, left.at(-1) as number] as const
        await store.put(`${folder}${rawName(partition, range)}`, parquetOf(missing))
      }
    }
  }

  return {
    name: options.name,
    async open(saved) {
      const next = saved === undefined ? [] : asRanges(saved, store.name)
      await store.open()
      ranges = next
    },
    async write(items) {
      const { cuts, kept } = rawRanges(ranges, readingsOf(items), rows)
      const more = kept.map(({ added }) => pieceOf(RAW, NaN, added))
      await put(cuts)
      kept.forEach(({ range, added }, i) => {
        if (added.length > 0) append(range.piece, more[i] as typeof range.piece)
      })
      ranges = kept.map(({ range }) => range)
    },
    async save(): Promise<RawState> {
      return { version: 1, ranges: copyOfRanges(ranges) }
    },
    async close(completed) {
      if (completed) {
        await put(ranges.map(range => ({ range, added: [] })))
        ranges = []
      }
      await store.close()
    },
  }
}

const readingsOf = (items: readonly Item[]): readonly Reading[] => items.filter(({ kind }) => kind === 'reading') as unknown as readonly Reading[]

const copyOfRanges = (ranges: readonly RawRange[]): RawRange[] => ranges.map(range => ({ ...range, piece: copyOf(range.piece) }))

function asRanges(saved: unknown, place: string): readonly RawRange[] {
  const { version, ranges } = (saved ?? {}) as Partial<RawState>
  if (version === 1 && Array.isArray(ranges)) return copyOfRanges(ranges)
  throw new Error(`${SINK}: cannot resume in '${place}': the saved state is ${JSON.stringify(saved)?.slice(0, 100)}; expected what \`save\` of version 1 returned`)
}
