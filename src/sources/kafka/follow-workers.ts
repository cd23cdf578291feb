import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Consumer } from 'kafkajs'
import * as E from 'fp-ts/lib/Either.js'
import { kafkaClient } from '../../kafka/client.js'
import type { KafkaConnection } from '../../kafka/client.js'
import { takingDamaged } from '../../kafka/codecs.js'
import { connectKafka, inOneLine, isForGood } from '../../kafka/connect.js'
import { whyNoCoordinator } from '../../kafka/coordinator.js'
import { damagedOf } from '../../kafka/damaged-batch.js'
import { seedTopics } from '../../kafka/seed.js'
import { decodeItem } from '../../model/index.js'
import type { Item } from '../../model/index.js'
import { causes } from '../../net/failure.js'
import { howFar } from './how-far.js'
import type { HowFar } from './how-far.js'

export interface FollowWorkersOptions extends KafkaConnection {
  /** What workers write to; left out: `anomaly_events` and `motorwatch_answers`. Read from its beginning, as far as it is retained, and on. */
  readonly results?: readonly string[]
  /** What workers read; left out: the four topics of the reference project. Not read here: it is counted what of it they have not judged. */
  readonly topics?: readonly string[]
  /** The consumer group of the workers; left out: `anomaly_detector`. It is looked at, and not joined. */
  readonly group?: string
  readonly signal: AbortSignal
  /** What workers have made, each once, in the order of its partition. */
  readonly onItems: (items: readonly Item[], from: { readonly topic: string; readonly partition: number }) => void
  /** Told each second or two how far that is. */
  readonly onStatus: (status: WorkersStatus) => void
  /** What is in these topics and nothing of ours, or damaged: it is passed over. */
  readonly onStrange?: (where: string, why: string) => void
}

export interface WorkersStatus extends Omit<HowFar, 'ahead' | 'ends'> {
  /** `missing`: there are no such topics yet, so no worker has ever run. `reading`: what was there at the beginning, or three quarters of a minute ago, has not all been read. `known`: it has. `lost`: Kafka does not answer; the numbers are the last that were known. */
  readonly state: 'missing' | 'reading' | 'known' | 'lost'
  /** Of `missing` and `lost`, in one line. */
  readonly why?: string
}

const EVERY = 1_000
/** One broker of several that is down is passed by. */
const ATTEMPT = { retries: 3, connectionTimeout: 1_000, requestTimeout: 2_000 }
/** So many looks ago: longer than a transaction of a worker that was killed hides what others have written behind it. */
const AGO = 45
/** A leader that is new may say for a moment that its log ends earlier. */
const SURE = 10

/**
 * Reads what the workers of a group make, of all partitions and from the beginning on, and takes no part in their work: it joins a group of its own of a name that nobody has, which commits nothing.
 * So there may be any number of these, begun and ended at any time. Reads committed messages only: what it hands over is there exactly once.
 *
 * Resolves when it is told to stop. Rejects in some seconds where Kafka cannot be reached at the beginning, or a right is missing, and where a topic was made anew.
 * What goes away later, Kafka itself or a topic's leader, is told by `onStatus`, and waited for.
 *
 * @example
 * await followWorkers({ brokers: ['localhost:9092'], signal, onItems: (items) => { console.log(items) }, onStatus: ({ state }) => { console.log(state) } })
 */
export async function followWorkers({ results = ['anomaly_events', 'motorwatch_answers'], topics = seedTopics, group = 'anomaly_detector', signal, onItems, onStatus, onStrange = () => undefined, ...connection }: FollowWorkersOptions): Promise<void> {
  const own = `${group}-page-${randomUUID()}`
  /** By topic and partition, the offset that is read next, and behind which all has been looked at. */
  const next = new Map<string, number>()
  const seen = new Map<string, number>()
  let status: WorkersStatus = { state: 'reading', left: 0, behind: 0, workers: 0, cut: false }
  const tell = (change: Partial<WorkersStatus>): void => {
    const { why: _, ...before } = status
    onStatus(status = { ...before, ...change })
  }

  const { kafka, admin: first } = await connectKafka(connection)
  try {
    await untilThere(first, [...results, ...topics], signal, (missing) => { tell({ state: 'missing', why: `there is no topic ${missing.join(', ')} yet: no worker has run, or its user may not see it` }) })
  } finally {
    await first.disconnect().catch(() => undefined)
  }
  if (signal.aborted) return

  const stop = new AbortController()
  const told = AbortSignal.any([signal, stop.signal])
  const pause = (milliseconds = EVERY): Promise<void> => sleep(milliseconds, undefined, { signal: told }).catch(() => undefined) // told to stop
  const orForGood = async (error: unknown): Promise<void> => {
    const known = await whyNoCoordinator(connection, error, { group: own })
    if (isForGood(connection, known)) throw inOneLine(connection, known)
  }

  let isLooked = false
  let hasJoined = false

  const follow = async (): Promise<void> => {
    // kafkajs tries for a minute to join a group that it has no right to: the look tells that at once.
    while (!told.aborted && !isLooked) await pause(100)
    while (!told.aborted) {
      const consumer = kafka.consumer({
        groupId: own, maxWaitTimeInMs: 200, maxBytesPerPartition: 4_194_304, retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 60 }, allowAutoTopicCreation: false,
      })
      try {
        consumer.on(consumer.events.GROUP_JOIN, () => { hasJoined = true })
        await readOn(consumer, results, { next, seen, signal: told, onItems, onStrange })
      } catch (error) {
        await orForGood(error)
        await pause()
      } finally {
        await consumer.disconnect().catch(() => undefined)
      }
    }
  }

  const look = async (): Promise<void> => {
    let admin: Admin | undefined
    const before: HowFar['ends'][] = []
    let shorter = 0
    try {
      while (!told.aborted) {
        try {
          if (admin === undefined) await (admin = kafkaClient(connection, ATTEMPT).admin()).connect()
          const { ahead, ends, ...numbers } = await howFar(admin, { results, topics, group, own, seen })
          shorter = ahead === undefined ? 0 : shorter + 1
          if (shorter >= SURE) throw new MadeAnew(`kafka: ${ahead} ends before what was read of it: the topic was made anew. Start again, to read it from its beginning`)
          isLooked = true
          before.push(ends)
          if (before.length > AGO) before.shift()
          tell({ ...numbers, state: hasJoined && [...before[0]!].every(([place, end]) => (seen.get(place) ?? 0) >= end) ? 'known' : 'reading' })
        } catch (error) {
          if (error instanceof MadeAnew) throw error
          await orForGood(error)
          if (told.aborted) break
          tell({ state: 'lost', why: `kafka: ${(causes(error).at(-1)?.message ?? String(error)).split('\n')[0]}` })
          await admin?.disconnect().catch(() => undefined)
          admin = undefined
        }
        await pause()
      }
    } finally {
      await admin?.disconnect().catch(() => undefined)
    }
  }

  const both = [follow(), look()]
  for (const each of both) each.catch(() => { stop.abort() })
  await Promise.allSettled(both)
  await forget(connection, own)
  await Promise.all(both)
}

async function forget(connection: KafkaConnection, group: string): Promise<void> {
  const admin = kafkaClient(connection, ATTEMPT).admin()
  await admin.connect().then(() => admin.deleteGroups([group])).catch(() => undefined)
  await admin.disconnect().catch(() => undefined)
}

class MadeAnew extends Error {}

async function untilThere(admin: Admin, topics: readonly string[], signal: AbortSignal, onMissing: (topics: readonly string[]) => void): Promise<void> {
  while (!signal.aborted) {
    const there = await admin.listTopics().catch(() => undefined)
    const missing = topics.filter((topic) => there?.includes(topic) === false)
    if (there !== undefined && missing.length === 0) return
    if (missing.length > 0) onMissing(missing)
    await sleep(EVERY, undefined, { signal }).catch(() => undefined) // told to stop
  }
}

interface Reading {
  readonly next: Map<string, number>
  readonly seen: Map<string, number>
  readonly signal: AbortSignal
  readonly onItems: FollowWorkersOptions['onItems']
  readonly onStrange: NonNullable<FollowWorkersOptions['onStrange']>
}

/** Until it is told to stop; rejects where kafkajs gives up. */
async function readOn(consumer: Consumer, topics: readonly string[], { next, seen, signal, onItems, onStrange }: Reading): Promise<void> {
  let finish = (): void => undefined
  let fail = (_: unknown): void => undefined
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  finished.catch(() => undefined)
  const ahead = (map: Map<string, number>, place: string, to: number): void => { map.set(place, Math.max(map.get(place) ?? 0, to)) }
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => { if (!restart) fail(error) })
  // Without offsets that are committed it would begin at the beginning each time that it joins.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
    for (const [topic, partitions] of Object.entries(memberAssignment))
      for (const partition of partitions) {
        const from = next.get(`${topic}/${partition}`)
        if (from !== undefined) consumer.seek({ topic, partition, offset: String(from) })
      }
  })
  // What holds nothing but marks of transactions is told of here alone.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => { ahead(seen, `${topic}/${partition}`, Number(lastOffset) + 1) })
  signal.addEventListener('abort', finish)
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await takingDamaged(() => consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        await Promise.resolve()
        const place = `${topic}/${partition}`
        const items: Item[] = []
        for (const { offset, value, headers } of messages) {
          if (Number(offset) < (next.get(place) ?? 0)) continue
          ahead(next, place, Number(offset) + 1)
          const damaged = damagedOf(headers)
          const item = damaged === undefined ? itemOf(value) : E.left(damaged === 'passed' ? undefined : damaged.why)
          if (E.isRight(item)) items.push(item.right)
          else if (item.left !== undefined) onStrange(`${place}/${offset}`, item.left)
        }
        if (items.length > 0) onItems(items, { topic, partition })
      },
    }))
    if (!signal.aborted) await finished
  } finally {
    signal.removeEventListener('abort', finish)
  }
}

function itemOf(value: Buffer | null): E.Either<string | undefined, Item> {
  try {
    return decodeItem(JSON.parse(String(value)))
  } catch {
    return E.left('it is no JSON')
  }
}
