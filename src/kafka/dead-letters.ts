import kafkajs from 'kafkajs'
import type { IHeaders, Message } from 'kafkajs'
import * as E from 'fp-ts/lib/Either.js'
import { decodeItem, encodeReading } from '../model/index.js'
import type { Rejected } from '../model/index.js'
import { kafkaClient } from './client.js'
import type { KafkaConnection } from './client.js'
import { connectKafka } from './connect.js'
import { piecesOf } from './pieces.js'
import { readTopic } from './read-topic.js'
import type { Bounds } from './topic-bounds.js'

const { Partitioners } = kafkajs

/** Where something lay in the log. */
export interface Place {
  readonly topic: string
  readonly partition: number
  readonly first: number
  /** Another one than `first` for a batch. */
  readonly last: number
}

export interface DeadLetter {
  /** `topic/partition/offset` of the dead letter itself. */
  readonly at: string
  /** When it was written, in epoch milliseconds. */
  readonly written: number
  readonly rejected: Rejected
  /** Where what was rejected lay; undefined: it is not known. */
  readonly origin?: Place
}

/** Of `topic/partition/offset`, or of a batch `topic/partition/first-last`. */
export function placeOf(where: string | undefined): Place | undefined {
  const [, topic, partition, first, last] = /^(.+)\/(\d+)\/(\d+)(?:-(\d+))?$/.exec(where ?? '') ?? []
  return topic === undefined ? undefined : { topic, partition: Number(partition), first: Number(first), last: Number(last ?? first) }
}

const originOf = ({ where, reading }: Rejected): Place | undefined =>
  placeOf(where) ?? (reading?.origin === undefined ? undefined : { topic: reading.origin.topic, partition: reading.origin.partition, first: reading.origin.offset, last: reading.origin.offset })

/** What a dead letter carries in its headers, for other tools: the reason, and where it lay. */
export function headersOf(rejected: Rejected): Readonly<Record<string, string>> {
  const origin = originOf(rejected)
  return { reason: rejected.reason, ...(origin === undefined ? {} : { topic: origin.topic, partition: String(origin.partition), offset: origin.first === origin.last ? String(origin.first) : `${origin.first}-${origin.last}` }) }
}

/** The dead letters that there are now, in the order of each partition. */
export async function readDeadLetters(connection: KafkaConnection, topic: string, group: string, onLetter: (letter: DeadLetter) => void): Promise<void> {
  const { kafka, admin } = await connectKafka(connection)
  const there = await admin.listTopics().finally(() => admin.disconnect())
  if (!there.includes(topic)) throw new Error(`kafka: there is no topic ${topic}: name that of the dead letters, or check that its user may read it`)
  await readTopic(kafka, { group, topic }, ({ offset, value, timestamp }, partition) => {
    const rejected = rejectedOf(value)
    if (rejected === undefined) return
    const origin = originOf(rejected)
    onLetter({ at: `${topic}/${partition}/${offset}`, written: Number(timestamp), rejected, ...(origin === undefined ? {} : { origin }) })
  })
}

function rejectedOf(value: Buffer | null): Rejected | undefined {
  let document: unknown
  try {
    document = JSON.parse(String(value))
  } catch {
    return undefined
  }
  const item = decodeItem(document)
  return E.isRight(item) && item.right.kind === 'rejected' ? item.right : undefined
}

/** Why a dead letter cannot be sent again, or what is sent. */
type Again = { readonly message: Message; readonly topic: string } | { readonly why: string }

export interface Replayed {
  readonly letter: DeadLetter
  /** Where it goes, as topic and partition; undefined: nowhere. */
  readonly to?: string
  /** Why it goes nowhere. */
  readonly why?: string
}

export interface ReplayOptions {
  readonly connection: KafkaConnection
  readonly letters: readonly DeadLetter[]
  /** `original`: each to the topic and partition where it lay. */
  readonly to: 'original' | (string & {})
  readonly group: string
  /** Left out: nothing is sent. */
  readonly send?: boolean
}

const MOST = 500
const REPLAYED = 'motorwatch-replayed'

/**
 * Sends what was rejected again: the message itself, byte by byte with its key and headers, where the log still has it; else what the dead letter holds of it.
 * It carries the header `motorwatch-replayed`, with the place of its dead letter. Each call sends again; the dead letters stay.
 */
export async function replayDeadLetters({ connection, letters, to, group, send = false }: ReplayOptions): Promise<readonly Replayed[]> {
  const kafka = kafkaClient(connection)
  const originals = new Map<string, { readonly key: Buffer | null; readonly value: Buffer | null; readonly headers: IHeaders }>()
  for (const [topic, wanted] of placesByTopic(letters))
    await readTopic(kafka, { group, topic, wanted: new Map([...wanted].map(([partition, offsets]) => [partition, around(offsets)])) }, ({ offset, key, value, headers = {} }, partition) => {
      if (wanted.get(partition)?.has(Number(offset)) === true) originals.set(`${topic}/${partition}/${offset}`, { key, value, headers })
    })

  const again = (letter: DeadLetter): Again => {
    const { rejected, origin, at } = letter
    if (origin !== undefined && origin.first !== origin.last) return { why: 'its batch is damaged: there is nothing left of it' }
    const topic = to === 'original' ? origin?.topic : to
    if (topic === undefined) return { why: 'where it came from is not known: name a topic' }
    const partition = to === 'original' && origin !== undefined ? { partition: origin.partition } : {}
    const original = origin === undefined ? undefined : originals.get(`${origin.topic}/${origin.partition}/${origin.first}`)
    const headers = { [REPLAYED]: at }
    if (original !== undefined) return original.value === null ? { why: 'it has no value (a tombstone)' } : { topic, message: { ...partition, ...original, headers: { ...original.headers, ...headers } } }
    if (rejected.reading !== undefined) return { topic, message: { ...partition, key: rejected.reading.machine, value: encodeReading(rejected.reading), headers } }
    return { why: 'the log has it no longer, and the dead letter only its beginning' }
  }

  const results: Replayed[] = []
  const byTopic = new Map<string, Message[]>()
  for (const letter of letters) {
    const is = again(letter)
    if ('why' in is) results.push({ letter, why: is.why })
    else {
      results.push({ letter, to: is.message.partition === undefined ? is.topic : `${is.topic}/${is.message.partition}` })
      const there = byTopic.get(is.topic)
      if (there === undefined) byTopic.set(is.topic, [is.message])
      else there.push(is.message)
    }
  }
  if (send) await sendAll(connection, byTopic)
  return results
}

function around(offsets: ReadonlySet<number>): Bounds {
  let [first, last] = [Infinity, -Infinity]
  for (const offset of offsets) [first, last] = [Math.min(first, offset), Math.max(last, offset)]
  return { low: first, high: last + 1 }
}

function placesByTopic(letters: readonly DeadLetter[]): ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<number>>> {
  const places = new Map<string, Map<number, Set<number>>>()
  for (const { origin } of letters) {
    if (origin === undefined || origin.first !== origin.last) continue
    const partitions = places.get(origin.topic) ?? new Map<number, Set<number>>()
    places.set(origin.topic, partitions.set(origin.partition, (partitions.get(origin.partition) ?? new Set<number>()).add(origin.first)))
  }
  return places
}

async function sendAll(connection: KafkaConnection, byTopic: ReadonlyMap<string, readonly Message[]>): Promise<void> {
  const kafka = kafkaClient(connection)
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  try {
    // One partition a send: one over several may lose what it has acknowledged when a leader moves.
    for (const [topic, messages] of byTopic) {
      const placed = new Map<number | undefined, Message[]>()
      for (const message of messages) {
        const there = placed.get(message.partition)
        if (there === undefined) placed.set(message.partition, [message])
        else there.push(message)
      }
      for (const [partition, all] of placed) {
        for (const piece of piecesOf(all, partition === undefined ? 1 : MOST)) await producer.send({ topic, acks: -1, messages: [...piece] })
      }
    }
  } finally {
    await producer.disconnect()
  }
}
