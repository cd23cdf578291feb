import { mergeMap } from 'rxjs'
import type { Item } from '../../src/model/index.js'
import { run } from '../../src/pipelines/index.js'
import { describeWaiting, lakeSink, rawSink, s3Checkpoints, type S3Connection, type Waiting } from '../../src/sinks/minio.js'
import { logSource, outputsOf, ROWS } from './lake-log.js'

/** Writes the log of one topic into the lake, and tells its parent how far it is. */
const { connection, bucket, prefix, topic } = JSON.parse(process.argv[2] ?? '') as { readonly connection: S3Connection, readonly bucket: string, readonly prefix: string, readonly topic: string }
let waited = 0
const onWaiting = (waiting: Waiting | undefined): void => {
  waited += 1
  if (waiting?.attempts === 1) console.error(`${topic}: ${describeWaiting(waiting)}`)
}
const s3 = { ...connection, bucket, prefix, timeout: 2_000, onWaiting }
const { ended } = await run<Item, Item>({
  source: logSource(topic),
  pipeline: () => input => input.pipe(mergeMap(outputsOf)),
  sinks: [rawSink({ ...s3, rows: ROWS }), lakeSink({ ...s3, rows: ROWS, kinds: ['reading', 'summary'], partition: topic })],
  checkpoints: { store: s3Checkpoints({ ...s3, prefix: `checkpoints/${prefix}/${topic}` }), every: 100 },
  onBatch: ({ position }) => { process.send?.({ position }) },
})
process.send?.({ ended, waited })
process.disconnect()
