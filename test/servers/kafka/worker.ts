import { work } from './job.js'
import type { Job } from './job.js'

/** What a worker tells its parent. */
export type WorkerTells = { readonly read: number; readonly partition: string } | { readonly waiting: 'influx' | 's3' } | { /** Bytes. */ readonly heap: number; readonly rss: number }

/** A worker as a process: stops in order on SIGTERM. */
const job = JSON.parse(process.argv[2] ?? '') as Job
const stop = new AbortController()
process.on('SIGTERM', () => { stop.abort() })
process.on('disconnect', () => process.exit(1))
if (global.gc !== undefined) setInterval(() => {
  global.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ heap: heapUsed, rss } satisfies WorkerTells)
}, 2_000).unref()
await work(job, stop.signal, {
  onBatch: (read, partition) => { process.send?.({ read, partition } satisfies WorkerTells) },
  onWaiting: (waiting) => { process.send?.({ waiting } satisfies WorkerTells) },
}).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
