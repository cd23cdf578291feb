import type { Reading, Rejected, Source } from '../model/index.js'
import { directoryReader } from './lake/directory-reader.js'
import type { LakeRange } from './lake/lake-range.js'
import { lakeSourceIn } from './lake/lake-source-in.js'

export interface ParquetSourceOptions extends LakeRange {
  /** The lake's folder: that of a `parquetSink`, or a copy of what `lakeSink` and `rawSink` have in a bucket. */
  readonly dir: string
}

/**
 * The readings of a data lake in a folder, hour by hour of event time, those of an hour by time: a day of several partitions comes as one stream.
 * Of one time, they come in the order of their objects' names and of the rows in them. Batches: at most 1,000 readings, of one hour. An hour of readings is held in memory.
 *
 * Where the lake holds raw readings (`raw/`), those are read, with their `origin`, and not what a pipeline passed on (`reading/`, `kind=reading/`): what was late or came twice is among them, in its place by time.
 * A reading that lies in two objects, as after a `--rewind` or while `compactLake` is at work, comes twice: `inOrder` drops the second.
 * With `from` or `until` only objects of those hours are opened; what has no time is left out then.
 *
 * An object that is no Parquet file of readings goes out as one `rejected` that names it, at its hour; a row that is no reading as one with `object:row`; nothing else stops for it.
 * `read` rejects where there is nothing to read in the range, and where an object has gone since it was listed. What is written meanwhile is read next time.
 *
 * Resumed, it reads on from exactly the position. It rejects where the objects of that hour are others than they were: then some of their readings would be lost, or come twice.
 * `progress` counts objects.
 *
 * @example
 * parquetSource({ dir: 'run/lake', from: Date.UTC(2026, 0, 5), until: Date.UTC(2026, 0, 12) }).name // 'parquet:run/lake'
 */
export function parquetSource({ dir, ...range }: ParquetSourceOptions): Source<Reading | Rejected> {
  const who = 'parquet source'
  if (dir === '') throw new RangeError(`${who}: \`dir\` is empty; expected the folder of a lake`)
  return lakeSourceIn(who, directoryReader(who, dir), `parquet:${dir}`, range)
}
