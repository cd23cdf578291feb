import { work } from './job.js'
import type { Job } from './job.js'

/** A worker as a process: tells its parent how many it has read, and stops in order on SIGTERM. */
const job = JSON.parse(process.argv[2] ?? '') as Job
const stop = new AbortController()
process.on('SIGTERM', () => { stop.abort() })
process.on('disconnect', () => process.exit(1))
await work(job, stop.signal, (count) => { process.send?.({ read: count }) }).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
