import type { Reading, Rejected, Source } from '../model/index.js'
import { s3 } from '../s3/s3.js'
import type { S3Options } from '../s3/s3-options.js'
import type { LakeRange } from './lake/lake-range.js'
import { lakeSourceIn } from './lake/lake-source-in.js'

export { describeWaiting, type Waiting } from '../net/waiting.js'
export type { S3Connection, S3Options } from '../s3/s3-options.js'

/** It makes no bucket. */
export type LakeSourceOptions = S3Options & LakeRange & { readonly create?: never }

/**
 * The readings of a data lake on S3, as `lakeSink` and `rawSink` write it: order, range, positions, and what becomes of broken objects are as for `parquetSource`.
 * While the server is away it waits, and `onWaiting` is told; wrong credentials, a missing bucket, an unknown host and a certificate that is not trusted reject at once.
 * It lists and reads, and writes nothing.
 *
 * @example
 * lakeSource({ endPoint: 'localhost', port: 9000, useSSL: false, accessKey, secretKey, bucket: 'motor-data-lake', prefix: 'motorwatch', from: Date.UTC(2026, 0, 5) })
 */
export function lakeSource(options: LakeSourceOptions): Source<Reading | Rejected> {
  const who = 'lake source'
  return lakeSourceIn(who, s3(who, options, 'read'), `s3:${options.bucket}/${options.prefix ?? ''}`, options)
}
