import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import * as E from 'fp-ts/lib/Either.js'
import type { KafkaConnection } from '../kafka/client.js'
import { takingDamaged } from '../kafka/codecs.js'
import { connectKafka, inOneLine, isForGood } from '../kafka/connect.js'
import { whyNoCoordinator } from '../kafka/coordinator.js'
import { damagedOf } from '../kafka/damaged-batch.js'
import type { DamagedBatch } from '../kafka/damaged-batch.js'
import { headersOf } from '../kafka/dead-letters.js'
import { seedEvent } from '../kafka/seed-event.js'
import { decodeItem, decoder, describeRejection, encodeItem, TakenOver } from '../model/index.js'
import type { Input, Item, PartitionedSource, Reading, Rejected, Rejection } from '../model/index.js'
import { coPartitioned } from './kafka/co-partitioned.js'
import { causes } from '../net/failure.js'
import { boundsOf } from './kafka/bounds.js'
import { Interrupted } from '../kafka/interrupted.js'
import { kafkaJournal, transactionalId } from './kafka/journal.js'
import type { KafkaOutput } from './kafka/journal.js'
import { laneSource, MOST } from './kafka/lane.js'
import type { Lane } from './kafka/lane.js'
import { size } from './kafka/offset-queue.js'
import type { OffsetQueue } from './kafka/offset-queue.js'
import { namesOf } from './kafka/names.js'
import { partitionOfMachine } from './kafka/partition-of-machine.js'
import { asJournalRecord } from './kafka/position.js'
import { countsOf, topicsOf } from './kafka/topics.js'
import { whyInterrupted } from './kafka/why-interrupted.js'

export type { KafkaConnection } from '../kafka/client.js'
export { checkKafka } from '../kafka/connect.js'
export { seedTopicOf, seedTopics } from '../kafka/seed.js'
export { kafkaTopics } from '../kafka/topics-like.js'
export { byTopic } from './kafka/by-topic.js'
export { type KafkaCommands, kafkaCommands, type KafkaCommandsOptions } from './kafka/commands.js'
export { followWorkers, type FollowWorkersOptions, type WorkersStatus } from './kafka/follow-workers.js'
export { type KafkaBeginning, kafkaPositions } from './kafka/positions.js'
export type { KafkaOutput } from './kafka/journal.js'

export interface KafkaSourceOptions<T extends Item = Reading> extends KafkaConnection {
  /** Left out: the four topics of the reference project; `kafkaTopics` finds those that match a pattern. All have the same number of partitions, and are keyed by machine: what concerns one machine has one partition number. */
  readonly topics?: readonly string[]
  /** The consumer group; left out: `anomaly_detector`. Its workers share the partitions. Names the transactional ids too. */
  readonly group?: string
  /** Left out: alarms to `anomaly_events`, what was not taken in to `motorwatch_dead_letters`; where there is a topic of commands, answers to `motorwatch_answers`. */
  readonly outputs?: readonly KafkaOutput[]
  /** One for each group. Left out: `motorwatch_journal`, with `_` and the group behind it where that is given. */
  readonly journal?: string
  /** `'caught-up'`: the data end where the topics end when each partition is taken over. Left out: they do not end. */
  readonly until?: 'caught-up'
  /** A topic of commands and of rules to be exchanged, as `encodeItem` writes them; made where it is missing. What concerns a machine is sent to its partition, all else to every one. Left out: there is none. */
  readonly commands?: string
  /** What makes an item of a message's value, which must not be kept. Left out: `decoder().decodeLine`. */
  readonly decode?: (value: Uint8Array, topic: string) => E.Either<Rejection, T>
  /** Told of a damaged batch, which is passed over and goes out as `rejected` with the range of its offsets; each time that it is read. Left out: a warning of Node's. */
  readonly onDamaged?: (batch: Rejected) => void
  /** Told when a partition cannot be gone on with for now, and why in one line; undefined: it goes on. Left out: nobody is. */
  readonly onWaiting?: (partition: string, why: string | undefined) => void
  /** Told, once for each machine, that its readings come in two partitions: then it is two machines of one name. Known only of partitions that this worker has had. Left out: a warning of Node's. */
  readonly onTwoPartitions?: (machine: string, partitions: readonly [number, number]) => void
  /** Reads, and writes nothing: no journal, no outputs, no offsets; the group is one of its own, which is removed afterwards. For a dry run beside the workers, with `until: 'caught-up'`. */
  readonly dry?: true
  /** Milliseconds of the wall clock: a topic that has had nothing for so long is waited for no longer; where that is so of all, and the data were of now, time goes on as the wall clock does. Left out: 30,000. */
  readonly idle?: number
  /** Milliseconds after which the group holds a worker for dead; left out: 10,000. */
  readonly sessionTimeout?: number
  /** Topics that are missing are made, with so many partitions. Left out: those to read must be there; the journal and the outputs are made as they are needed. */
  readonly create?: { readonly partitions: number }
}

/** Of the reference project: alarms, and what was not taken in. */
export const seedOutputs: readonly KafkaOutput[] = [
  { topic: 'anomaly_events', kinds: ['alarm'] },
  { topic: 'motorwatch_dead_letters', kinds: ['rejected'] },
]

/** What has come of commands: for a page, and for whoever else has sent them. */
export const answersOutput: KafkaOutput = { topic: 'motorwatch_answers', kinds: ['answer'] }

/** On request: `anomaly_events` holds each anomalous reading in the very format of the reference project, and alarms go to `motorwatch_alarms`. */
export const seedFormatOutputs: readonly KafkaOutput[] = [
  { topic: 'anomaly_events', kinds: ['anomaly'], encode: seedEvent },
  { topic: 'motorwatch_alarms', kinds: ['alarm'] },
  { topic: 'motorwatch_dead_letters', kinds: ['rejected'] },
]

const RAW = 1_000

const byMachine = (item: Item): ReturnType<NonNullable<KafkaOutput['encode']>> => ({
  key: (item as { readonly machine?: string }).machine ?? null, value: encodeItem(item), ...(item.kind === 'rejected' ? { headers: headersOf(item as Rejected) } : {}),
})

/**
 * Topics of readings, shared by the workers of a consumer group, as partitions for `runPartitions`: each is the same partition number of all topics, with one timeline, one transactional id, one checkpoint.
 *
 * A batch, what was made of it for other topics, and the group's offsets are one transaction. What is read behind a checkpoint is read again in the very order that the journal holds, so it makes the same;
 * what goes to topics is there exactly once for readers of committed messages. A worker that is taken over is fenced first.
 *
 * Reads gzip, snappy, lz4 and zstd. A message that cannot be decoded, and one without a value, goes out as `rejected` with `topic/partition/offset`;
 * a batch whose checksum is wrong, or that cannot be decompressed, as one `rejected` with `topic/partition/first-last`, and `onDamaged` is told: its messages are lost, and what lies behind them is read.
 * Topics are read side by side in event time: one that has come further waits for the others while those have something left, and a reading is late by its own topic: give `byTopic(topics)` to `monitor` or `inOrder`.
 *
 * `read` rejects at once where a topic is missing, where topics differ in their number of partitions, where the log no longer has what a checkpoint wants, and where a topic was made anew. What Kafka itself interrupts is tried again for ever.
 */
export function kafkaSource<T extends Item = Reading>(options: KafkaSourceOptions<T>): PartitionedSource<T | Input> {
  const { commands, dry = false, until, idle = 30_000, sessionTimeout = 10_000, onDamaged = warnOfDamaged, onWaiting = () => undefined, onTwoPartitions = warnOfTwoPartitions } = options
  const { name, topics, timed: sensorTopics, group, journal } = namesOf(options)
  const outputs = dry ? [] : options.outputs ?? (commands === undefined ? seedOutputs : [...seedOutputs, answersOutput])
  const member = dry ? `${group}-dry-run-${randomUUID()}` : group
  const machineIn = partitionOfMachine(onTwoPartitions)
  const decode = options.decode ?? (decoder().decodeLine as unknown as (value: Uint8Array) => E.Either<Rejection, T>)

  const itemOf = (value: Buffer | null, topic: string, where: () => string): T | Rejected => {
    const decoded = value === null ? TOMBSTONE : topic === commands ? decodeCommand<T>(value) : decode(value, topic)
    if (E.isRight(decoded)) return decoded.right
    return { kind: 'rejected', time: NaN, reason: 'undecodable', detail: describeRejection(decoded.left), where: where(), raw: String(value?.subarray(0, 4 * RAW) ?? '').slice(0, RAW) }
  }

  return {
    name,
    read: (serve, { signal }) => read(serve, signal).catch(async (error: unknown) => { throw inOneLine(options, await whyNoCoordinator(options, error, { group })) }),
  }

  async function read(serve: Parameters<PartitionedSource<T | Input>['read']>[0], signal: AbortSignal): Promise<boolean> {
    const { kafka, admin } = await connectKafka(options)
    const partitionsOf = await throughElections(() => topicsOf(admin, dry
      ? { topics: sensorTopics, like: commands === undefined ? [] : [commands], made: [], create: undefined }
      : { topics: sensorTopics, like: [journal, ...(commands === undefined ? [] : [commands])], made: outputs.map(({ topic }) => topic), create: options.create?.partitions }))
      .catch(async (error: unknown) => {
        await admin.disconnect()
        throw error
      })
    const consumer = kafka.consumer({
      groupId: member, partitionAssigners: [coPartitioned], sessionTimeout, rebalanceTimeout: Math.max(sessionTimeout, 10_000), heartbeatInterval: Math.max(200, sessionTimeout / 10),
      maxWaitTimeInMs: 200, maxBytesPerPartition: 4_194_304, retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 60 }, allowAutoTopicCreation: false,
    })
    return await work(kafka, admin, consumer, partitionsOf, serve, signal)
  }

  async function work(kafka: Kafka, admin: Admin, consumer: Consumer, partitionsOf: ReadonlyMap<string, number>, serve: Parameters<PartitionedSource<T | Input>['read']>[0], signal: AbortSignal): Promise<boolean> {
    const lanes = new Map<number, { readonly lane: Lane<T | Rejected>; readonly controller: AbortController; readonly done: Promise<void> }>()
    const before = new Map<number, Promise<void>>()
    const ended = new Set<number>()
    const waits = new Set<number>()
    let failure: { readonly error: unknown } | undefined
    let finish = (): void => undefined
    const finished = new Promise<void>((resolve) => { finish = resolve })
    const fail = (error: unknown): void => {
      failure ??= { error }
      finish()
    }

    const begin = (partition: number): void => {
      const controller = new AbortController()
      const lane: Lane<T | Rejected> = { partition, queues: new Map(), journal: [], open: false, changed: () => undefined, fail: () => undefined }
      const serving = async (): Promise<void> => {
        await before.get(partition)
        const told = AbortSignal.any([signal, controller.signal])
        for (let tries = 0; !told.aborted && failure === undefined; tries++) {
          try {
            const is = await serve({
              id: String(partition),
              source: laneSource({ name, group, lane, topics, timed: sensorTopics, journal, fetching: fetching(partition), untilCaughtUp: until === 'caught-up', idle }),
              ...(dry ? {} : { journal: kafkaJournal({
                kafka, name, group, topic: journal, partition,
                outputs: outputs.map(({ encode = byMachine, ...output }) => ({ ...output, encode, partitions: partitionsOf.get(output.topic) ?? 1 })),
              }) }),
              signal: controller.signal,
            })
            if (is) ended.add(partition)
            if (is && until === 'caught-up' && [...lanes.keys()].every((each) => ended.has(each))) finish()
            return
          } catch (failed) {
            const id = transactionalId(group, journal, partition)
            const error = await whyNoCoordinator(options, failed, dry ? { group: member } : { transactionalId: id })
            if (!isInterrupted(error) || isForGood(options, error)) throw error
            waits.add(partition)
            onWaiting(String(partition), whyInterrupted(error, { partition, group, transactionalId: id }))
            await sleep(Math.min(250 * 2 ** tries, 5_000), undefined, { signal: told }).catch(() => undefined) // told to stop
          }
        }
      }
      const done = serving().catch(fail)
      before.set(partition, done)
      lanes.set(partition, { lane, controller, done })
    }

    const fetching = (partition: number) => ({
      bounds: (topic: string) => boundsOf(admin, topic, partition),
      begin(topic: string, offset: number) {
        if (waits.delete(partition)) onWaiting(String(partition), undefined)
        consumer.seek({ topic, partition, offset: String(offset) })
        consumer.resume([{ topic, partitions: [partition] }])
      },
      pause(topic: string) { consumer.pause([{ topic, partitions: [partition] }]) },
      resume(topic: string) { consumer.resume([{ topic, partitions: [partition] }]) },
    })

    const skipped = async (partition: number, { topic, next }: OffsetQueue<Item>, lane: Lane<T | Rejected>): Promise<void> => {
      consumer.seek({ topic, partition, offset: String(next) })
      const { low } = await fetching(partition).bounds(topic)
      if (low > next) lane.fail(new Error(`kafka source: ${topic}/${partition} has lost offsets ${next} to ${low - 1} before they were read: retention is shorter than this worker is slow. Raise retention.ms; to go on without them, have the partitions begin again (\`rewindPartitions\`)`))
    }

    const fetched = ({ batch, pause: hold }: Pick<EachBatchPayload, 'batch' | 'pause'>): void => {
      const { topic, partition } = batch
      const lane = lanes.get(partition)?.lane
      const queue = lane?.queues.get(topic)
      if (lane?.open !== true || queue === undefined) {
        hold()
        return
      }
      const from = Number((batch as unknown as { readonly fetchedOffset: string }).fetchedOffset)
      if (from > queue.next) {
        // Fetched before it was told where to go on; or what it was to fetch is gone, and kafkajs went on elsewhere.
        void skipped(partition, queue, lane)
        return
      }
      for (const { offset, value, headers } of batch.messages) {
        const at = Number(offset)
        if (at < queue.next) continue
        const damaged = damagedOf(headers)
        if (damaged !== undefined) {
          if (damaged === 'passed') continue
          const item = damagedBatch(damaged, `${topic}/${partition}`)
          if (topic === journal) lane.fail(new Error(`kafka source: ${item.where} of the journal: ${item.detail}; what was read and written is not known: have the partitions begin again (\`rewindPartitions\`)`))
          else {
            onDamaged(item)
            queue.items.push({ offset: at, item })
          }
          continue
        }
        const where = (): string => `${topic}/${partition}/${offset}`
        if (topic === journal) lane.journal.push(asJournalRecord(value, where()))
        else {
          const item = itemOf(value, topic, where)
          if (item.kind === 'reading') machineIn((item as unknown as Reading).machine, partition)
          queue.items.push({ offset: at, item: item.kind === 'reading' ? { ...item, origin: { topic, partition, offset: at } } : item })
        }
      }
      queue.next = Math.max(queue.next, Number(batch.lastOffset()) + 1)
      queue.seen = Math.max(queue.seen, queue.next)
      queue.end = Math.max(queue.end, Number(batch.highWatermark))
      if (size(queue) > MOST) {
        queue.paused = true
        hold()
      }
      lane.changed()
    }

    const joined = (assigned: readonly number[]): void => {
      for (const [partition, { controller }] of lanes)
        if (!assigned.includes(partition)) {
          lanes.delete(partition)
          controller.abort()
        }
      for (const partition of assigned) {
        const has = lanes.get(partition)
        if (has === undefined) begin(partition)
        else if (has.lane.open) for (const { topic, next } of has.lane.queues.values()) consumer.seek({ topic, partition, offset: String(next) })
      }
    }

    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      joined(memberAssignment[topics[0]!] ?? [])
    })
    // What holds nothing but marks of transactions is told of here alone.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset, highWatermark } }) => {
      const lane = lanes.get(partition)?.lane
      const queue = lane?.queues.get(topic)
      if (lane?.open !== true || queue === undefined) return
      queue.seen = Math.max(queue.seen, Number(lastOffset) + 1)
      queue.end = Math.max(queue.end, Number(highWatermark))
      lane.changed()
    })
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) fail(error)
    })

    let counting: NodeJS.Timeout | undefined
    const count = async (): Promise<void> => {
      const grown = await countsOf(admin, [...topics, ...(dry ? [] : [journal])]).then((counts) => counts.find(([topic, partitions]) => partitions !== partitionsOf.get(topic)), () => undefined)
      if (grown !== undefined) fail(new Error(`kafka source: ${grown[0]} has ${grown[1]} partitions by now, and had ${partitionsOf.get(grown[0])} when this worker began: machines go to other partitions, and what is known of them does not. Give all topics that are read together, and the journal ${journal}, as many; then have all partitions begin again (\`rewindPartitions\`), or start with another group`))
    }

    try {
      await consumer.connect()
      await consumer.subscribe({ topics: dry ? [...topics] : [...topics, journal], fromBeginning: true })
      await takingDamaged(() => consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 64, eachBatch: async (payload) => { await Promise.resolve(); fetched(payload) } }))
      signal.addEventListener('abort', finish)
      counting = setInterval(() => { void count() }, COUNTED * sessionTimeout)
      if (!signal.aborted) await finished
    } finally {
      clearInterval(counting)
      signal.removeEventListener('abort', finish)
      for (const { controller } of lanes.values()) controller.abort()
      await Promise.all(before.values())
      await consumer.disconnect().catch(() => undefined)
      if (dry) await admin.deleteGroups([member]).catch(() => undefined)
      await admin.disconnect().catch(() => undefined)
    }
    if (failure !== undefined) throw failure.error
    return !signal.aborted
  }
}

const damagedBatch = ({ first, last, why }: DamagedBatch, place: string): Rejected =>
  ({ kind: 'rejected', time: NaN, reason: 'undecodable', detail: `batch: got a damaged one of ${last - first + 1} messages, ${why}, expected one that can be read`, where: `${place}/${first}-${last}` })

function warnOfDamaged({ where, detail }: Rejected): void {
  process.emitWarning(`kafka source: passed over ${where}: ${detail}`)
}

function warnOfTwoPartitions(machine: string, partitions: readonly [number, number]): void {
  process.emitWarning(`kafka source: ${describeTwoPartitions(machine, partitions)}`)
}

/** In one line, and what to do. */
export const describeTwoPartitions = (machine: string, [first, second]: readonly [number, number]): string =>
  `the machine ${machine} comes in two partitions, ${first} and ${second}, and is watched as two machines of one name: whoever writes it must choose the partition by the machine alone (its name as the key, and the same partitioner everywhere)`

/** The numbers of partitions are looked at again after so many session time-outs. */
const COUNTED = 3

const TOMBSTONE: E.Either<Rejection, never> = E.left({ field: 'line', got: 'no value (a tombstone)', expected: 'one JSON object' })

function decodeCommand<T extends Item>(value: Uint8Array): E.Either<Rejection, T> {
  let document: unknown
  try {
    document = JSON.parse(Buffer.from(value).toString())
  } catch {
    return E.left({ field: 'line', got: 'no JSON', expected: 'a command or rules, as one JSON object' })
  }
  const item = decodeItem(document)
  if (E.isLeft(item)) return E.left({ field: 'command', got: item.left, expected: 'a command or rules' })
  return item.right.kind === 'command' || item.right.kind === 'rules' ? E.right(item.right as unknown as T) : E.left({ field: 'kind', got: item.right.kind, expected: 'command or rules' })
}

/** Kafka itself has failed, or another worker has taken over: what was done is found out by reading the journal again. */
const isInterrupted = (error: unknown): boolean =>
  causes(error).some((cause) => cause instanceof Interrupted || cause instanceof TakenOver || cause.name?.startsWith('KafkaJS'))

/** At the start: brokers that are being elected, or have just gone, are asked again. */
const START = 60_000

async function throughElections<R>(ask: () => Promise<R>): Promise<R> {
  for (const until = Date.now() + START; ;) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error) || Date.now() > until) throw error
      await sleep(500)
    }
  }
}

const isPassing = (error: unknown): boolean => causes(error).some((cause) => (cause as { readonly retriable?: unknown }).retriable === true)
