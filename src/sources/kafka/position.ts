import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'

const Offset = new t.Type<number, number, unknown>('Offset', (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0, (value, context) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? t.success(value as number) : t.failure(value, context), t.identity)

/** Where a partition of a Kafka source stands. */
const Position = t.type({
  /** By topic, the offset that is read next. */
  next: t.record(t.string, Offset),
  /** How many batches have been taken in since the beginning of time. */
  batches: Offset,
  /** The latest event time that was handed over, in epoch milliseconds; -Infinity: none yet. */
  time: t.number,
})
export type KafkaPosition = t.TypeOf<typeof Position>

const Run = t.readonly(t.tuple([t.string, Offset]))

/** Without a topic: of all. */
const Tick = t.readonly(t.intersection([t.type({ time: t.number }), t.partial({ topic: t.string })]))

/** What the journal holds of a batch. */
const Entry = t.intersection([
  /** Counts the batches, from 1. */
  t.type({ batch: Offset, runs: t.readonlyArray(Run) }),
  t.partial({ ticks: t.readonlyArray(Tick), end: t.literal(true) }),
])
export type KafkaEntry = t.TypeOf<typeof Entry>

/** Whoever writes the journal from here on. */
const Opened = t.intersection([t.type({ opened: t.string }), t.partial({ /** Of the consumer group that it works for. */ group: t.string, /** The name of what it reads. */ source: t.string })])

const JournalRecord = t.union([Entry, Opened])
export type KafkaJournalRecord = t.TypeOf<typeof JournalRecord>

export function asPosition(from: unknown): KafkaPosition {
  const position = Position.decode(from)
  if (E.isRight(position)) return position.right
  throw new Error(`kafka source: cannot resume: the saved position is ${JSON.stringify(from)?.slice(0, 200)}; expected { next, batches }, as a batch of this source had it`)
}

export function asJournalRecord(value: Buffer | null, where: string): KafkaJournalRecord {
  let document: unknown
  try {
    document = JSON.parse(String(value))
  } catch {
    document = undefined
  }
  const record = JournalRecord.decode(document)
  if (E.isRight(record)) return record.right
  throw new Error(`kafka source: ${where} is no record of a journal (${PathReporter.report(record)[0]}): is something else written to that topic? Give the journal a topic of its own`)
}
