import type { Sink } from 'motorwatch'
import type { Health } from 'motorwatch/metrics'
import pc from 'picocolors'
import { eventLine, paint } from './event-line.js'
import { watchState } from './watch-state.js'
import { count, plural } from './words.js'
import type { WorkerLog } from './worker-log.js'

export interface PartitionsView {
  /** Of one partition. */
  sink(partition: string): Sink
  batch(count: number): void
  leave(): void
}

const EVERY = 5_000
const plain = pc.createColors(false)

/** How a worker is, for whoever watches over it. */
export interface WorkerStatus {
  /** ISO-8601, of the wall clock. */
  readonly at: string
  /** `healthy`, or what is waited for. */
  readonly state: string
  readonly partitions: number
  readonly read: number
}

/** Lines of a worker: the alarms of all its partitions, and how it goes every 5 seconds. */
export function partitionsView(log: WorkerLog, health: Pick<Health, 'report'>, onStatus: (status: WorkerStatus) => void): PartitionsView {
  const partitions = new Set<string>()
  let read = 0
  let told = 0
  const timer = setInterval(() => {
    const state = health.report().text
    const rate = (read - told) / (EVERY / 1_000)
    onStatus({ at: new Date().toISOString(), state, partitions: partitions.size, read })
    log(`-- ${plural(partitions.size, 'partition')}, ${count(read)} read, ${count(rate)}/s, ${state}`, { event: 'status', partitions: partitions.size, read, rate, state })
    told = read
  }, EVERY)

  return {
    sink(partition) {
      const state = watchState()
      return {
        name: 'view',
        open: async () => {
          partitions.add(partition)
          log(`-- partition ${partition} is taken over`, { event: 'partition-taken', partition })
        },
        write: async (items) => {
          for (const event of state.take(items)) log(paint(eventLine(event, plain)), { event: event.kind, partition, [event.kind]: event })
        },
        save: async () => ({}),
        close: async () => {
          partitions.delete(partition)
          log(`-- partition ${partition} is left`, { event: 'partition-left', partition })
        },
      }
    },
    batch(items) {
      read += items
    },
    leave() {
      clearInterval(timer)
    },
  }
}
