import kafkajs from 'kafkajs'
import type { Admin, Message, Producer } from 'kafkajs'
import type { KafkaConnection } from '../kafka/client.js'
import { connectKafka } from '../kafka/connect.js'
import { headersOf } from '../kafka/dead-letters.js'
import { makeTopics } from '../kafka/make-topics.js'
import { piecesOf } from '../kafka/pieces.js'
import { seedTopicOf } from '../kafka/seed.js'
import { encodeItem, encodeReading } from '../model/index.js'
import type { Item, Reading, Rejected, Sink } from '../model/index.js'

export type { KafkaConnection } from '../kafka/client.js'

export interface KafkaSinkOptions extends KafkaConnection {
  /** Only items of these kinds are sent, the others passed over. Left out: readings. */
  readonly kinds?: readonly string[]
  /** Left out: readings to the topics of the reference project by their sensor; all else to `motorwatch_` and its kind. */
  readonly topic?: (item: Item) => string
  /** Topics that are missing are made, with so many partitions. Left out: they must be there. */
  readonly create?: { readonly partitions: number }
}

const { Partitioners } = kafkajs
const MOST = 5_000

const topicOf = (item: Item): string => (item.kind === 'reading' ? seedTopicOf((item as Reading).sensor) : `motorwatch_${item.kind}`)

/**
 * Sends items to topics as JSON, readings as the wire has them, under their machine's name as key: what concerns one machine is in one partition, as Kafka's own clients place it. `write` resolves when all in-sync replicas have them.
 * At least once: what is written again is sent again. What must be there exactly once goes through `outputs` of `kafkaSource`.
 *
 * @example
 * await run({ source: jsonlSource({ input: 'readings.jsonl' }), pipeline: () => (readings) => readings, sinks: [kafkaSink({ brokers: ['localhost:9092'] })] })
 */
export function kafkaSink<T extends Item = Item>({ kinds = ['reading'], topic = topicOf, create, ...connection }: KafkaSinkOptions): Sink<T> {
  const wanted = new Set(kinds)
  const partitioner = Partitioners.DefaultPartitioner()
  const partitions = new Map<string, Parameters<typeof partitioner>[0]['partitionMetadata']>()
  let admin: Admin | undefined
  let producer: Producer | undefined

  const placed = async (name: string, message: Message): Promise<Message> => {
    if (!partitions.has(name)) {
      if (!(await admin!.listTopics()).includes(name)) {
        if (create === undefined) throw new Error(`kafka sink: there is no topic ${name}. Make it, with as many partitions as those that are read with it, or let it be made: \`create: { partitions: 6 }\``)
        await makeTopics(admin!, [name], create.partitions)
      }
      const { topics } = await admin!.fetchTopicMetadata({ topics: [name] })
      partitions.set(name, topics[0]?.partitions ?? [])
    }
    return { ...message, partition: partitioner({ topic: name, partitionMetadata: partitions.get(name)!, message }) }
  }

  return {
    name: `kafka:${connection.brokers.join(',')}`,
    async open() {
      const connected = await connectKafka(connection)
      admin = connected.admin
      producer = connected.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner })
      await producer.connect()
    },
    async write(items) {
      const byPlace = new Map<string, { readonly topic: string; readonly messages: Message[] }>()
      for (const item of items) {
        if (!wanted.has(item.kind)) continue
        const name = topic(item)
        const value = item.kind === 'reading' ? encodeReading(item as unknown as Reading) : encodeItem(item)
        const message = await placed(name, { key: (item as { readonly machine?: string }).machine ?? null, value, ...(item.kind === 'rejected' ? { headers: headersOf(item as unknown as Rejected) } : {}) })
        const place = `${name}/${message.partition}`
        const there = byPlace.get(place)
        if (there === undefined) byPlace.set(place, { topic: name, messages: [message] })
        else there.messages.push(message)
      }
      // One partition a send: one over several may lose what it has acknowledged when a leader moves.
      for (const { topic: name, messages } of byPlace.values())
        for (const piece of piecesOf(messages, MOST)) await producer!.send({ topic: name, messages: [...piece], acks: -1 })
    },
    save: () => Promise.resolve({}),
    async close() {
      await producer?.disconnect()
      await admin?.disconnect()
      producer = undefined
    },
  }
}
