import type { Item, Sink } from '../model/index.js'
import { cutting, type CuttingOptions } from './lake/cutting.js'
import { directoryStore } from './lake/directory-store.js'
import { lakeIn } from './lake/lake-in.js'

export interface ParquetSinkOptions extends CuttingOptions {
  /** The lake's folder, for this sink alone; made where it is missing. */
  readonly dir: string
}

const SINK = 'parquet sink'

/**
 * A data lake in a folder: Parquet objects under `kind=reading/day=2025-12-18/hour=12/`, by event time in UTC, as DuckDB, pandas and Spark read them (`hive_partitioning`).
 * Items without a time are under `day=unknown/hour=unknown`. Each kind has its own columns, named as in the model; times are UTC timestamps to the microsecond;
 * a summary's values are columns, a snapshot's are one column of JSON; users' own kinds have `time` and `json`.
 *
 * An object is cut when it has `rows` rows; when event time has come 5 minutes past its stretch (`rejected` items, whose times may be wild, do not move that time);
 * or as the oldest of more than 64 open ones, which bounds the memory at 64 times `rows` rows. A late item opens a further object of its hour.
 * One item with a time far in the future would leave only `rows` and the 64 to cut by, so this sink belongs behind `inOrder`, which rejects such items.
 * So where an object is cut, its name and its bytes depend on the items alone.
 *
 * `save` returns the rows that are in no object yet. `open(saved)` removes what was cut after that moment, and whatever a crash has left half written;
 * written on with the same items, the same objects come again. `open()` refuses a folder with objects of an earlier run.
 * `close(true)` writes the open objects, `close(false)` does not. A `write` that failed has changed nothing: it may be called again.
 */
export function parquetSink<T extends Item = Item>({ dir, ...options }: ParquetSinkOptions): Sink<T> {
  return lakeIn(directoryStore(SINK, dir), { sink: SINK, shared: false, name: `parquet:${dir}`, folderOf: kind => `kind=${encodeURIComponent(kind)}`, ...cutting(SINK, options) })
}
