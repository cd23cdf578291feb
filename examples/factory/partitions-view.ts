import type { Sink } from 'motorwatch'
import pc from 'picocolors'
import { eventLine, paint } from './event-line.js'
import { watchState } from './watch-state.js'
import { count, plural } from './words.js'

export interface PartitionsView {
  /** Of one partition. */
  sink(partition: string): Sink
  batch(count: number): void
  /** Something is waited for, in words; undefined: no longer. */
  waiting(what: string, why: string | undefined): void
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

/** Plain lines of a worker: the alarms of all its partitions, what it waits for, and how it goes every 5 seconds. */
export function partitionsView(print: (line: string) => void, onStatus: (status: WorkerStatus) => void): PartitionsView {
  const partitions = new Set<string>()
  const waits = new Map<string, string>()
  let read = 0
  let told = 0
  const timer = setInterval(() => {
    const state = waits.size === 0 ? 'healthy' : [...waits.values()].join('; ')
    onStatus({ at: new Date().toISOString(), state, partitions: partitions.size, read })
    print(`-- ${plural(partitions.size, 'partition')}, ${count(read)} read, ${count((read - told) / (EVERY / 1_000))}/s, ${state}`)
    told = read
  }, EVERY)

  return {
    sink(partition) {
      const state = watchState()
      return {
        name: 'view',
        open: async () => {
          partitions.add(partition)
          print(`-- partition ${partition} is taken over`)
        },
        write: async (items) => {
          for (const event of state.take(items)) print(paint(eventLine(event, plain)))
        },
        save: async () => ({}),
        close: async () => {
          partitions.delete(partition)
          print(`-- partition ${partition} is left`)
        },
      }
    },
    batch(items) {
      read += items
    },
    waiting(what, why) {
      if (why === undefined) waits.delete(what)
      else {
        if (!waits.has(what)) print(`-- ${why}`)
        waits.set(what, why)
      }
    },
    leave() {
      clearInterval(timer)
    },
  }
}
