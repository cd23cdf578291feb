import kafkajs from 'kafkajs'
import type { Kafka, Message, Producer } from 'kafkajs'
import { kafkaClient } from '../../kafka/client.js'
import type { KafkaConnection } from '../../kafka/client.js'
import { inOneLine } from '../../kafka/connect.js'
import { encodeItem } from '../../model/index.js'
import type { Command } from '../../model/index.js'
import { causes } from '../../net/failure.js'

export interface KafkaCommandsOptions extends KafkaConnection {
  /** Left out: `motorwatch_commands`. */
  readonly topic?: string
}

/** What operators ask for, on its way to the workers of a `kafkaSource({ commands })`. */
export interface KafkaCommands {
  /**
   * Resolves when all in-sync replicas have it; rejects within about ten seconds, in one line, where that is not known.
   *
   * @param partition of the machine that is meant: left out, where Kafka's own clients place its name, and a command without a machine goes to all partitions
   */
  put(command: Command, partition?: number): Promise<void>
  close(): Promise<void>
}

const { Partitioners } = kafkajs
const PATIENCE = { retries: 3, connectionTimeout: 1_000, requestTimeout: 3_000 }

/** Connects when the first is sent. Each is sent once: it is not tried again where that might send it twice. */
export function kafkaCommands({ topic = 'motorwatch_commands', ...connection }: KafkaCommandsOptions): KafkaCommands {
  const partitioner = Partitioners.DefaultPartitioner()
  let open: { readonly producer: Producer; readonly partitions: Parameters<typeof partitioner>[0]['partitionMetadata'] } | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const opened = async (): Promise<NonNullable<typeof open>> => {
    if (open !== undefined) return open
    const kafka = kafkaClient(connection, PATIENCE)
    const partitions = await partitionsOf(kafka, topic)
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner, retry: { initialRetryTime: 100, retries: PATIENCE.retries } })
    await producer.connect()
    return open = { producer, partitions }
  }

  const send = async (command: Command, partition?: number): Promise<void> => {
    const { producer, partitions } = await opened()
    const message: Message = { key: command.machine ?? null, value: encodeItem(command) }
    const to = partition !== undefined ? [partition]
      : command.machine === undefined ? partitions.map(({ partitionId }) => partitionId).sort((a, b) => a - b)
      : [partitioner({ topic, partitionMetadata: partitions, message })]
    // One partition a send: one over several may lose what it has acknowledged when a leader moves.
    for (const each of to) await producer.send({ topic, acks: -1, messages: [{ ...message, partition: each }] })
  }

  const close = async (): Promise<void> => {
    await open?.producer.disconnect().catch(() => undefined)
    open = undefined
  }

  return {
    put(command, partition) {
      const sent = turn.then(() => send(command, partition)).catch(async (error: unknown) => {
        // The numbers by which a broker tells a message that comes twice are not to be used for another one.
        await close()
        const known = inOneLine(connection, error)
        throw known === error ? new Error(`kafka: ${topic} has not taken it: ${(causes(error).at(-1)?.message ?? String(error)).split('\n')[0]}`, { cause: error }) : known
      })
      turn = sent.catch(() => undefined)
      return sent
    },
    close,
  }
}

async function partitionsOf(kafka: Kafka, topic: string): Promise<Parameters<ReturnType<typeof Partitioners.DefaultPartitioner>>[0]['partitionMetadata']> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    if (!(await admin.listTopics()).includes(topic)) throw new Error(`there is no such topic: a worker makes it when it starts`)
    return (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? []
  } finally {
    await admin.disconnect()
  }
}
