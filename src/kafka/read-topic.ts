import type { Kafka, KafkaMessage } from 'kafkajs'
import { takingDamaged } from './codecs.js'
import { damagedOf } from './damaged-batch.js'
import { topicBounds } from './topic-bounds.js'
import type { Bounds } from './topic-bounds.js'

/** What there is of a topic now, by partition. */
export async function boundsNow(kafka: Kafka, topic: string): Promise<ReadonlyMap<number, Bounds>> {
  const admin = kafka.admin()
  await admin.connect()
  return topicBounds(admin, topic).finally(() => admin.disconnect())
}

/**
 * Reads the committed messages of a topic, all that there are now or those within the bounds that are given, once, as a consumer group of that name, which commits nothing and is removed afterwards.
 * What is no longer there is left out, and damaged batches are, with a warning.
 */
export async function readTopic(kafka: Kafka, { group, topic, wanted }: { readonly group: string; readonly topic: string; readonly wanted?: ReadonlyMap<number, Bounds> }, onMessage: (message: KafkaMessage, partition: number) => void): Promise<void> {
  const there = await boundsNow(kafka, topic)
  const left = new Map([...(wanted ?? there)].flatMap(([partition, { low, high }]) => {
    const is = there.get(partition) ?? { low: 0, high: 0 }
    const bounds: Bounds = { low: Math.max(low, is.low), high: Math.min(high, is.high) }
    return bounds.low < bounds.high ? [[partition, bounds] as const] : []
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
    if (bounds === undefined || Number(lastOffset) < bounds.low || !next.has(partition)) return
    if (Number(lastOffset) + 1 < bounds.high) return
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
        const from = next.get(partition) ?? bounds.low
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
          if (offset < (next.get(partition) ?? Infinity) || offset >= bounds.high) continue
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
