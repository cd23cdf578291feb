import type { Item, Sink } from '../model/index.js'
import type { CuttingOptions } from './lake/cutting.js'
import { lakeName, SINK, s3LakeIn } from './minio/s3-lake.js'
import { s3 } from '../s3/s3.js'
import type { S3Options } from '../s3/s3-options.js'

export { compactLake, type CompactLakeOptions, type Compaction } from './minio/compact-lake.js'
export { rawSink, type RawSinkOptions } from './minio/raw-sink.js'
export { oldestS3Checkpoint, s3Checkpoints } from './minio/s3-checkpoints.js'
export type { S3Connection, S3Options } from '../s3/s3-options.js'
export { checkS3 } from '../s3/check-s3.js'
export { describeWaiting, type Waiting } from '../net/waiting.js'

export type LakeSinkOptions = S3Options & CuttingOptions & {
  /**
   * Names the part of the input that this sink is for, and goes into the names of its objects: 1 to 64 of A-Z, a-z, 0-9, `.`, `_` and `-`. Several sinks with different ones write into one place side by side;
   * each leaves the others' objects alone. Absent: one sink for all.
   */
  readonly partition?: string
}

/**
 * A data lake on S3: Parquet objects by kind, day and hour of event time in UTC, as DuckDB, pandas and Spark read them without a word (`hive_partitioning`):
 * `summary/day=2025-12-18/hour=12/20251218T120000Z-partition-3-00000007.parquet`; snapshots are under `fused/`, readings as the pipeline passed them on under `reading/`, other kinds under their own name.
 * What was read, as it came, is for `rawSink`, which writes under `raw/` beside it.
 *
 * Columns, and where objects are cut, are as for `parquetSink`. An object goes up whole in one PUT, and is written again under its name when that is not known to have succeeded.
 * While the server is away, `write` waits, and `onWaiting` is told; wrong credentials, a missing bucket, an unknown host and a certificate that is not trusted reject at once.
 *
 * `save` returns the rows that are in no object yet. `open(saved)` lists what this partition's sink has cut after that moment, in all folders of the lake but `raw/`;
 * written on with the same items, the same objects come again, byte for byte, and over those. One in whose place another comes is removed then, and what has not come again when the data end is removed too: so a run that was taken over,
 * and does not know it yet, takes nothing away from the one that goes on. `open()` refuses a place with objects of this partition.
 * `close(true)` writes the open objects, `close(false)` does not; called while `write` waits, it makes that reject.
 *
 * @example
 * lakeSink({ endPoint: 'localhost', port: 9000, useSSL: false, accessKey, secretKey, bucket: 'motor-data-lake', kinds: ['summary', 'snapshot', 'alarm'], partition: '3' })
 */
export function lakeSink<T extends Item = Item>(options: LakeSinkOptions): Sink<T> {
  const { partition, kinds, rows, every } = options
  return s3LakeIn(s3(SINK, options), {
    name: lakeName(options),
    ...(partition === undefined ? {} : { partition }), ...(kinds === undefined ? {} : { kinds }), ...(rows === undefined ? {} : { rows }), ...(every === undefined ? {} : { every }),
  })
}
