import type { Batch, Item, Source, Tick } from '../../model/index.js'
import { offsetQueue } from './offset-queue.js'
import type { OffsetQueue } from './offset-queue.js'
import { isAtEnd, size, take } from './offset-queue.js'
import { asPosition } from './position.js'
import type { KafkaEntry, KafkaJournalRecord, KafkaPosition } from './position.js'
import { nextSlice } from './slice.js'

/** The same partition number of all topics, as this worker has it. */
export interface Lane<T extends Item> {
  readonly partition: number
  readonly queues: Map<string, OffsetQueue<T>>
  /** What is in the journal behind the position, until the mark. */
  readonly journal: KafkaJournalRecord[]
  /** It takes in what is fetched. */
  open: boolean
  /** Something has been fetched, or has gone wrong. */
  changed(): void
  fail(error: Error): void
}

/** What a lane needs of the consumer that fetches for it. */
export interface Fetching {
  /** Of the partition of a topic: its first offset, and that of what will be written next. */
  bounds(topic: string): Promise<{ readonly low: number; readonly high: number }>
  /** Reads on from there. */
  begin(topic: string, offset: number): void
  pause(topic: string): void
  resume(topic: string): void
}

export interface LaneOptions<T extends Item> {
  readonly name: string
  readonly group: string
  readonly lane: Lane<T>
  readonly topics: readonly string[]
  /** Those of them whose data have a time. */
  readonly timed: readonly string[]
  readonly journal: string
  readonly fetching: Fetching
  /** Ends where the topics ended when it began. */
  readonly untilCaughtUp: boolean
  /** Of the wall clock: time goes on where there has been nothing to read for so long. */
  readonly idle: number
}

/** Whether idle topics have something is asked this often, in milliseconds of the wall clock. */
const ASKED = 1_000
/** Time that was lost is caught up with in slices of so many milliseconds, so that what comes meanwhile is not late. */
const SLICE = 10_000

const ticksOf = ({ ticks = [] }: KafkaEntry): Tick[] => ticks.map(({ time, topic }) => ({ kind: 'tick', time, ...(topic === undefined ? {} : { source: topic }) }))

/** Fetching is paused above this many items of a topic, and goes on below half of it. */
export const MOST = 5_000
/** Event time of a live source is no further from the wall clock than this. */
const LIVE = 600_000

/** One logical partition as a source: first what the journal holds, then what comes. */
export function laneSource<T extends Item>({ name, group, lane, topics, timed, journal, fetching, untilCaughtUp, idle }: LaneOptions<T>): Source<T | Tick> {
  return {
    name,
    async read(accept, { from, mark, signal }) {
      const start = from === undefined ? undefined : asPosition(from)
      const next: Record<string, number> = {}
      const ends = new Map<string, number>()
      let batches = start?.batches ?? 0
      let newest = start?.time ?? -Infinity
      let failure: Error | undefined
      let wake = (): void => undefined
      lane.changed = () => { wake() }
      lane.fail = (error) => {
        failure ??= error
        wake()
      }
      signal.addEventListener('abort', lane.changed)

      /** Resolves when something has changed, or after so long. */
      const change = (within = 60_000): Promise<void> => new Promise((resolve) => {
        const timer = setTimeout(() => { wake() }, within)
        wake = () => {
          clearTimeout(timer)
          wake = () => undefined
          resolve()
        }
        if (signal.aborted || failure !== undefined) wake()
      })

      /** Whether to go on. */
      const going = (): boolean => {
        if (failure !== undefined) throw failure
        return !signal.aborted
      }

      const open = async (): Promise<void> => {
        for (const topic of topics) {
          const { low, high } = await fetching.bounds(topic)
          const at = start?.next[topic] ?? low
          const place = `${topic}/${lane.partition}`
          if (at < low) throw new Error(`kafka source: ${place}: the checkpoint goes on at offset ${at}, and the log begins at ${low}: ${low - at} messages are gone. Retention is shorter than this worker was away. To go on without them, have the partitions begin again (\`rewindPartitions\`); to keep it from happening, raise retention.ms`)
          if (at > high) throw new Error(`kafka source: ${place}: the checkpoint goes on at offset ${at}, and the log ends at ${high}: the topic was made anew, or its end was lost. To read it from its beginning, have the partitions begin again (\`rewindPartitions\`)`)
          next[topic] = at
          ends.set(topic, high)
          lane.queues.set(topic, offsetQueue(topic, at, high))
        }
        lane.journal.length = 0
        if (mark !== undefined) {
          const { low, high } = await fetching.bounds(journal)
          // Before the record of a batch lie at least those of the batches before it, and for each of them the mark of its transaction.
          const at = Math.max(low, Math.min(high, 2 * batches))
          lane.queues.set(journal, offsetQueue<T>(journal, at, high))
        }
        lane.open = true
        for (const { topic, next } of lane.queues.values()) fetching.begin(topic, next)
      }

      const handOver = async (batch: Omit<Batch<T | Tick>, 'position'>, entry: KafkaEntry): Promise<void> => {
        for (const [topic, to] of entry.runs) next[topic] = to
        batches = entry.batch
        const position: KafkaPosition = { next: { ...next }, batches, time: newest }
        await accept({ ...batch, position, entry, behind: timed.reduce((sum, topic) => sum + Math.max(0, (lane.queues.get(topic)?.end ?? 0) - (next[topic] ?? 0)), 0) })
        for (const queue of lane.queues.values())
          if (queue.paused && size(queue) < MOST / 2) {
            queue.paused = false
            fetching.resume(queue.topic)
          }
      }

      /** The records of the journal up to the mark that stand behind the position. */
      const journalled = async (): Promise<readonly KafkaEntry[]> => {
        while (going() && !lane.journal.some((record) => 'opened' in record && record.opened === mark)) await change()
        fetching.pause(journal)
        lane.queues.delete(journal)
        for (const record of lane.journal)
          if ('opened' in record) {
            const { group: theirs = group, source = name } = record
            if (theirs !== group) throw new Error(`kafka source: ${journal}/${lane.partition} is the journal of the group ${theirs} too, and what the two have read cannot be told apart: give each group a journal of its own (\`journal\`), and have ${group} begin again (\`rewindPartitions\`)`)
            if (source !== name) throw new Error(`kafka source: ${journal}/${lane.partition} is the journal of another application of the group ${group} too, which reads ${source}, where this one reads ${name}: give each a group of its own, and start this one afresh with other checkpoints`)
          }
        return lane.journal.filter((record): record is KafkaEntry => 'batch' in record && record.batch > batches)
      }

      /** Reads what was read before, in the same pieces. Whether the data ended with it. */
      const again = async (entries: readonly KafkaEntry[]): Promise<boolean> => {
        for (const entry of entries) {
          if (entry.batch !== batches + 1) throw new Error(`kafka source: ${journal}/${lane.partition}: batch ${batches + 1} is gone from the journal, the next one there is ${entry.batch}: its retention is shorter than this worker was away. Start afresh with other checkpoints and another group`)
          const items: (T | Tick)[] = ticksOf(entry)
          for (const { time } of entry.ticks ?? []) newest = Math.max(newest, time)
          for (const [topic, to] of entry.runs) {
            const queue = lane.queues.get(topic)
            if (queue === undefined) throw new Error(`kafka source: the journal tells of the topic ${topic}, which is no longer read: read it too, or have the partitions begin again (\`rewindPartitions\`)`)
            while (going() && queue.next < to) {
              if (queue.paused) {
                queue.paused = false
                fetching.resume(topic)
              }
              await change()
            }
            if (!going()) return false
            let count = 0
            while (count < size(queue) && queue.items[queue.head + count]!.offset < to) count++
            if (count > 0) take(queue, count, items as T[])
          }
          const ended = entry.end === true
          await handOver({ items, again: true, ...(ended ? { end: true } : {}) }, entry)
          if (ended) return true
          if (!going()) return false
        }
        return false
      }

      const latest = new Map<string, number>()
      /** By topic, since when it has had nothing, by the wall clock. */
      const quietSince = new Map(timed.map((topic) => [topic, Date.now()]))
      let askedAt = Date.now()

      /** Topics that have had nothing for long, and have nothing now, are not waited for: time goes on there, and where that is so of all, it goes on as the wall clock does. */
      const tick = async (): Promise<void> => {
        const now = Date.now()
        if (now - askedAt < Math.min(idle, ASKED)) return
        askedAt = now
        const quiet: string[] = []
        for (const queue of lane.queues.values())
          if (now - (quietSince.get(queue.topic) ?? now) >= idle && isAtEnd(queue) && (await fetching.bounds(queue.topic)).high <= queue.seen && isAtEnd(queue)) quiet.push(queue.topic)
        const ticks = quiet.length < timed.length
          ? quiet.filter((topic) => (told.get(topic) ?? -Infinity) < newest).map((topic) => ({ topic, time: newest }))
          : isLive(now) && now - idle > newest ? [{ time: Math.min(now - idle, newest + SLICE) }] : []
        if (ticks.length === 0) return
        for (const { topic, time } of ticks as readonly { readonly topic?: string; readonly time: number }[]) {
          if (topic !== undefined) told.set(topic, time)
          newest = Math.max(newest, time)
        }
        const entry: KafkaEntry = { batch: batches + 1, runs: [], ticks }
        await handOver({ items: ticksOf(entry) }, entry)
      }
      const told = new Map<string, number>()
      const isLive = (now: number): boolean => Math.abs(now - newest) <= LIVE + now - Math.max(...quietSince.values())

      const isCaughtUp = (): boolean => [...lane.queues.values()].every((queue) => size(queue) === 0 && queue.seen >= ends.get(queue.topic)!)

      try {
        await open()
        if (mark !== undefined && (await again(await journalled()))) return true
        while (going()) {
          const slice = nextSlice<T>([...lane.queues.values()], latest)
          if (slice !== undefined) {
            for (const [topic] of slice.runs) if (quietSince.has(topic)) quietSince.set(topic, Date.now())
            for (const time of latest.values()) if (time > newest) newest = time
            await handOver({ items: slice.items }, { batch: batches + 1, runs: slice.runs })
          } else if (untilCaughtUp && isCaughtUp()) return true
          else await change(Math.min(idle, 1_000))
          if (!untilCaughtUp && going()) await tick()
        }
        return false
      } finally {
        lane.open = false
        lane.queues.clear()
        signal.removeEventListener('abort', lane.changed)
      }
    },
  }
}
