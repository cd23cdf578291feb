import { randomUUID } from 'node:crypto'
import type { Admin, Kafka } from 'kafkajs'
import { connectKafka } from '../../kafka/connect.js'
import { readTopic } from '../../kafka/read-topic.js'
import { topicBounds } from '../../kafka/topic-bounds.js'
import type { Bounds } from '../../kafka/topic-bounds.js'
import type { Item } from '../../model/index.js'
import type { KafkaSourceOptions } from '../kafka.js'
import { namesOf } from './names.js'
import { asJournalRecord } from './position.js'
import type { KafkaPosition } from './position.js'

/**
 * `committed`: where the group stands. `earliest`, `latest`: the present ends of the topics. A number: the first messages that were written at that time, in epoch milliseconds, or later.
 * `journal`: the first batch that the journal holds, which with all that follow is handed over again as it was.
 */
export type KafkaBeginning = 'committed' | 'earliest' | 'latest' | 'journal' | number

/** So much of the end of the journal is read first, to find its last batch. */
const TAIL = 1_000

/**
 * Positions of a `kafkaSource` of these options, by partition, for `rewindPartitions`.
 * Rejects where workers of the group are at work, where a topic is missing, and for `journal` where topics or journal no longer hold their beginning: what is gone cannot be made again.
 */
export async function kafkaPositions<T extends Item>(options: KafkaSourceOptions<T>, to: KafkaBeginning): Promise<ReadonlyMap<string, KafkaPosition>> {
  const { topics, group, journal } = namesOf(options)
  const { kafka, admin } = await connectKafka(options)
  try {
    const { groups: [described] } = await admin.describeGroups([group])
    const workers = described?.members.length ?? 0
    if (workers > 0) throw new Error(`kafka source: ${workers} worker${workers > 1 ? 's' : ''} of the group ${group} ${workers > 1 ? 'are' : 'is'} at work: stop ${workers > 1 ? 'them' : 'it'} first. One that was killed is forgotten after some seconds`)
    const there = new Set(await admin.listTopics())
    const missing = topics.filter((topic) => !there.has(topic))
    if (missing.length > 0) throw new Error(`kafka source: there is no topic ${missing.join(', ')}: nothing was read from there yet`)
    const bounds = new Map<string, ReadonlyMap<number, Bounds>>()
    for (const topic of topics) bounds.set(topic, await topicBounds(admin, topic))
    const written = there.has(journal) ? await topicBounds(admin, journal) : new Map<number, Bounds>()
    if (to === 'journal') refuseWhereGone(new Map([...bounds, [journal, written]]))
    const last = to === 'journal' ? new Map<number, number>() : await lastBatches(kafka, journal, written)
    const offsets = await offsetsOf(admin, { group, topics, bounds, to })
    const partitions = [...(bounds.get(topics[0]!)?.keys() ?? [])].sort((a, b) => a - b)
    return new Map(partitions.map((partition) => [String(partition), {
      next: Object.fromEntries(topics.map((topic) => [topic, offsets.get(topic)?.get(partition) ?? bounds.get(topic)?.get(partition)?.low ?? 0])),
      batches: last.get(partition) ?? 0,
      time: -Infinity,
    }]))
  } finally {
    await admin.disconnect()
  }
}

function refuseWhereGone(all: ReadonlyMap<string, ReadonlyMap<number, Bounds>>): void {
  for (const [topic, partitions] of all)
    for (const [partition, { low }] of partitions)
      if (low > 0) throw new Error(`kafka source: ${topic}/${partition} begins at offset ${low} by now: what was before is gone, and cannot be made again. What is there can be read as new: rewind to 'earliest'`)
}

interface Asked {
  readonly group: string
  readonly topics: readonly string[]
  readonly bounds: ReadonlyMap<string, ReadonlyMap<number, Bounds>>
  readonly to: KafkaBeginning
}

/** By topic and partition; what is left out begins at the beginning. */
async function offsetsOf(admin: Admin, { group, topics, bounds, to }: Asked): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const all = async (offset: (topic: string) => Promise<readonly { readonly partition: number; readonly offset: string }[]>): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> =>
    new Map(await Promise.all(topics.map(async (topic) => [topic, new Map((await offset(topic)).flatMap(({ partition, offset }) => (Number(offset) < 0 ? [] : [[partition, Number(offset)] as const])))] as const)))
  if (to === 'committed') {
    const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] })
    return all((topic) => Promise.resolve(committed.find((each) => each.topic === topic)?.partitions ?? []))
  }
  if (typeof to === 'number') return all((topic) => admin.fetchTopicOffsetsByTimestamp(topic, to))
  return all((topic) => Promise.resolve(to === 'latest' ? [...bounds.get(topic)!].map(([partition, { high }]) => ({ partition, offset: String(high) })) : []))
}

/** By partition of the journal, the number of its last batch. */
async function lastBatches(kafka: Kafka, journal: string, written: ReadonlyMap<number, Bounds>): Promise<ReadonlyMap<number, number>> {
  const last = new Map<number, number>()
  const look = async (from: (bounds: Bounds) => number): Promise<void> => {
    const wanted = new Map([...written].filter(([partition, { low, high }]) => low < high && !last.has(partition)).map(([partition, bounds]) => [partition, { low: from(bounds), high: bounds.high }]))
    if (wanted.size === 0) return
    await readTopic(kafka, { group: `motorwatch-rewind-${randomUUID()}`, topic: journal, wanted }, ({ value, offset }, partition) => {
      const record = asJournalRecord(value, `${journal}/${partition}/${offset}`)
      if ('batch' in record) last.set(partition, record.batch)
    })
  }
  await look(({ low, high }) => Math.max(low, high - TAIL))
  await look(({ low }) => low)
  return last
}
