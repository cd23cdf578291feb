import { Kafka, logLevel } from 'kafkajs'

const clientOf = (brokers: readonly string[]): Kafka => new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 100, retries: 20 } })

export interface Message {
  readonly partition: number
  readonly offset: number
  readonly key: string | undefined
  readonly value: string
}

/** All that readers of committed messages see of a topic, in the order of each partition; or with what was aborted. It uses none of the library. */
export async function committed(brokers: readonly string[], topic: string, { uncommitted = false } = {}): Promise<readonly Message[]> {
  const kafka = clientOf(brokers)
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]))
  await admin.disconnect()
  const messages: Message[] = []
  const seen = new Map<number, number>()
  const consumer = kafka.consumer({ groupId: `reader-${Math.random()}`, maxWaitTimeInMs: 100, readUncommitted: uncommitted, retry: { initialRetryTime: 100, retries: 20 } })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let finish = (): void => undefined
  const finished = new Promise<void>((resolve) => { finish = resolve })
  const check = (): void => {
    if ([...ends].every(([partition, end]) => end === 0 || (seen.get(partition) ?? 0) >= end)) finish()
  }
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    seen.set(partition, Number(lastOffset) + 1)
    check()
  })
  await consumer.run({ autoCommit: false, eachBatch: async ({ batch }) => {
    await Promise.resolve()
    for (const { offset, key, value } of batch.messages) messages.push({ partition: batch.partition, offset: Number(offset), key: key?.toString(), value: String(value) })
  } })
  check()
  await finished
  await consumer.disconnect()
  return messages
}

export async function createTopics(brokers: readonly string[], topics: readonly string[], numPartitions: number): Promise<void> {
  const admin = clientOf(brokers).admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: false, topics: topics.map((topic) => ({ topic, numPartitions })) })
  while ((await admin.fetchTopicMetadata({ topics: [...topics] }).then(({ topics: found }) => found.some(({ partitions }) => partitions.some(({ leader }) => leader < 0)), () => true)))
    await new Promise((resolve) => setTimeout(resolve, 100))
  await admin.disconnect()
}

/** Sends texts as they are; `null` is a tombstone. */
export async function send(brokers: readonly string[], topic: string, partition: number, values: readonly (string | null)[], key = 'm'): Promise<void> {
  const producer = clientOf(brokers).producer()
  await producer.connect()
  await producer.send({ topic, messages: values.map((value) => ({ partition, key, value })) })
  await producer.disconnect()
}
