import type { Kafka, KafkaMessage } from 'kafkajs'
import { takingDamaged } from './codecs.js'
import { damagedOf } from './damaged-batch.js'

export interface Bounds {
  readonly from: number
  /** Behind the last one. */
  readonly to: number
}

/** What there is of a topic now, by partition. */
export async function boundsOf(kafka: Kafka, topic: string): Promise<ReadonlyMap<number, Bounds>> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => [partition, { from: Number(low), to: Number(high) }]))
  } finally {
    await admin.disconnect()
  }
}

/**
 * Reads the committed messages of a topic within these bounds once, as a consumer group of that name, which commits nothing and is removed afterwards.
 * What is no longer there is left out, and damaged batches are, with a warning.
 */
export async function readTopic(kafka: Kafka, group: string, topic: string, wanted: ReadonlyMap<number, Bounds>, onMessage: (message: KafkaMessage, partition: number) => void): Promise<void> {
  const there = await boundsOf(kafka, topic)
  const left = new Map([...wanted].flatMap(([partition, { from, to }]) => {
    const { from: low, to: high } = there.get(partition) ?? { from: 0, to: 0 }
    const bounds = { from: Math.max(from, low), to: Math.min(to, high) }
    return bounds.from < bounds.to ? [[partition, bounds] as const] : []
  }))
  if (left.size === 0) return
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 200, maxBytesPerPartition: 4_194_304, allowAutoTopicCreation: false })
  let finish = (): void => undefined
  let fail = (_: unknown): void => undefined
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  const next = new Map<number, number>()
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => { if (!restart) fail(error) })
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    const bounds = left.get(partition)
    // What was fetched before it was told where to begin does not count.
    if (bounds === undefined || Number(lastOffset) < bounds.from || !next.has(partition)) return
    if (Number(lastOffset) + 1 < bounds.to) return
    left.delete(partition)
    consumer.pause([{ topic, partitions: [partition] }])
    if (left.size === 0) finish()
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    consumer.on(consumer.events.GROUP_JOIN, () => {
      for (const partition of there.keys()) {
        const bounds = left.get(partition)
        if (bounds === undefined) {
          consumer.pause([{ topic, partitions: [partition] }])
          continue
        }
        const from = next.get(partition) ?? bounds.from
        next.set(partition, from)
        consumer.seek({ topic, partition, offset: String(from) })
      }
    })
    await takingDamaged(() => consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        await Promise.resolve()
        const bounds = left.get(partition)
        if (bounds === undefined) return
        for (const message of messages) {
          const offset = Number(message.offset)
          if (offset < (next.get(partition) ?? Infinity) || offset >= bounds.to) continue
          next.set(partition, offset + 1)
          const damaged = damagedOf(message.headers)
          if (damaged === undefined) onMessage(message, partition)
          else if (damaged !== 'passed') process.emitWarning(`kafka: ${topic}/${partition}/${damaged.first}-${damaged.last} is passed over: ${damaged.why}`)
        }
      },
    }))
    await finished
  } finally {
    await consumer.disconnect()
    const admin = kafka.admin()
    await admin.connect()
    await admin.deleteGroups([group]).catch(() => undefined)
    await admin.disconnect()
  }
}
