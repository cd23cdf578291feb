import { randomUUID } from 'node:crypto'
import type { Kafka, Message, Producer, Transaction } from 'kafkajs'
import type { Item, Journal } from '../../model/index.js'
import { quickRetry } from '../../kafka/client.js'
import { Interrupted } from '../../kafka/interrupted.js'
import { piecesOf } from '../../kafka/pieces.js'
import { causes } from '../../net/failure.js'
import type { KafkaEntry, KafkaJournalRecord, KafkaPosition } from './position.js'

/** What the pipeline makes that goes to a topic. */
export interface KafkaOutput {
  readonly topic: string
  readonly kinds: readonly string[]
  /** Left out: the item as JSON, under its machine's name as key; of what was rejected, the headers `reason`, `topic`, `partition` and `offset` tell too. */
  readonly encode?: (item: Item) => { readonly key: string | null; readonly value: string; readonly headers?: Readonly<Record<string, string>> }
}

export interface KafkaJournalOptions {
  readonly kafka: Kafka
  /** Of the source. */
  readonly name: string
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly outputs: readonly (Required<KafkaOutput> & { /** How many partitions the topic has. */ readonly partitions: number })[]
}

/** Where nothing has been read. */
const NOTHING: KafkaPosition = { next: {}, batches: 0, time: -Infinity }

/** Of the one producer that writes a partition of the journal, whoever has it. */
export const transactionalId = (group: string, journal: string, partition: number): string => `${group}-${journal}-${partition}`

/**
 * A topic that holds, in one transaction for each batch: what was read, the outputs for other topics, and the offsets of the consumer group. So each is there once, whatever dies.
 * `open` fences whoever had the transactional id before. When anything fails, whether the batch is in the journal can only be found by reading it: `append` rejects with `Interrupted`.
 */
export function kafkaJournal({ kafka, name, group, topic, partition, outputs }: KafkaJournalOptions): Journal {
  let producer: Producer | undefined

  const record = (value: KafkaJournalRecord): Message => ({ partition, key: 'batch' in value ? 'batch' : 'opened', value: JSON.stringify(value) })

  const inTransaction = async (work: (transaction: Transaction) => Promise<void>): Promise<void> => {
    if (producer === undefined) throw new Error('the journal is not open')
    const transaction = await producer.transaction()
    try {
      await work(transaction)
      await transaction.commit()
    } catch (error) {
      await transaction.abort().catch(() => undefined)
      throw error
    }
  }

  return {
    name: `kafka:${topic}/${partition}`,
    async open() {
      producer = kafka.producer({ transactionalId: transactionalId(group, topic, partition), idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, transactionTimeout: 30_000, retry: quickRetry })
      await producer.connect()
      const opened = randomUUID()
      await inTransaction(async (transaction) => {
        await transaction.send({ topic, messages: [record({ opened, group, source: name })] })
      })
      return opened
    },
    async append({ position, entry, end }, items) {
      const { next, batches } = (position ?? NOTHING) as KafkaPosition
      const what: KafkaEntry = { ...(entry as KafkaEntry | undefined ?? { batch: batches + 1, runs: [] }), ...(end === true ? { end } : {}) }
      try {
        await inTransaction(async (transaction) => {
          await transaction.send({ topic, messages: [record(what)] })
          // One partition a send: a send over several may lose what it has acknowledged when a leader moves.
          for (const { topic, kinds, encode, partitions } of outputs) {
            const messages = items.filter(({ kind }) => kinds.includes(kind)).map((item) => ({ ...encode(item), partition: partition % partitions }))
            for (const piece of piecesOf(messages)) await transaction.send({ topic, messages: [...piece] })
          }
          const offsets = Object.entries(next).map(([topic, offset]) => ({ topic, partitions: [{ partition, offset: String(offset) }] }))
          if (offsets.length > 0) await transaction.sendOffsets({ consumerGroupId: group, topics: offsets })
        })
      } catch (error) {
        // Without a cause: it is none of those that are tried again.
        if (causes(error).some(({ type }) => type === 'MESSAGE_TOO_LARGE'))
          throw new Error(`a message is larger than its topic takes: raise max.message.bytes of ${[topic, ...outputs.map((output) => output.topic)].join(', ')}`)
        throw new Interrupted(`a transaction has failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    },
    async close() {
      await producer?.disconnect()
      producer = undefined
    },
  }
}
