import { fromEnvironment, kafkaConnection } from '../configuration/index.js'
import { readDeadLetters, replayDeadLetters } from '../kafka/dead-letters.js'
import type { DeadLetter } from '../kafka/dead-letters.js'
import { formatTimestamp } from '../model/index.js'
import { readArguments } from './arguments.js'
import { counted } from './counted.js'
import type { Output } from './output.js'
import { wrongUse } from './wrong-use.js'

export const deadLettersHelp = `motorwatch dead-letters: what was not taken in, and why; and sends it again

  motorwatch dead-letters [options]                      lists them, and counts them by reason
  motorwatch dead-letters --to original [options]        what would be sent again, and where to: nothing is sent
  motorwatch dead-letters --to original --yes [options]  sends it

  --reason REASON   only these: undecodable, late, ahead, duplicate, refused
  --from TOPIC      only what lay in this topic
  --detail TEXT     only those whose detail holds this text
  --since TIME      only those written at this time or later, such as 2026-01-05T06:00:00Z
  --limit N         shows so many lines; left out: 20. All are counted, and all are sent
  --to PLACE        original: each to the topic and partition where it lay; or the name of a topic
  --yes             with --to: sends
  --topic TOPIC     of the dead letters; left out: motorwatch_dead_letters

Kafka is where MOTORWATCH_KAFKA_BROKERS says (docs/security.md names the other variables). What is sent again is the message as it lay in its topic,
with its key and headers and one more, motorwatch-replayed; where the topic has it no longer, the reading that the dead letter holds.
The dead letters stay: sent twice, it is there twice. A late reading is late again where it goes to its own topic.
Exit code: 0 done, 1 it failed, 2 wrong options.
`

const REASONS: readonly string[] = ['undecodable', 'late', 'ahead', 'duplicate', 'refused']

const expected = {
  reason: `one of ${REASONS.join(', ')}`,
  from: 'a topic',
  detail: 'a text',
  since: 'a time such as 2026-01-05T06:00:00Z',
  limit: 'a whole number',
  to: "'original' or a topic",
  topic: 'a topic',
} as const

/** 0 where it is done. */
export async function deadLettersCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const yes = args.includes('--yes')
  const { files, options, help } = readArguments(args.filter((arg) => arg !== '--yes'), expected)
  if (help) {
    line(deadLettersHelp.trimEnd())
    return 0
  }
  if (files.length > 0) throw wrongUse(`it takes options only, and there is ${files.join(', ')}`)
  const { reason, from, detail, since, to, topic = 'motorwatch_dead_letters' } = options
  if (reason !== undefined && !REASONS.includes(reason)) throw wrongUse(`--reason ${reason}: expected ${expected.reason}`)
  if (yes && to === undefined) throw wrongUse('--yes is for --to: say where they are to be sent')
  if (to === topic) throw wrongUse(`--to ${to}: there the dead letters are; expected ${expected.to}`)
  const earliest = since === undefined ? -Infinity : Date.parse(since)
  if (Number.isNaN(earliest)) throw wrongUse(`--since ${since}: expected ${expected.since}`)
  const limit = options.limit === undefined ? 20 : Number(options.limit)
  if (!Number.isSafeInteger(limit) || limit < 0) throw wrongUse(`--limit ${options.limit}: expected ${expected.limit}`)
  const connection = connected()
  const group = `motorwatch-dead-letters-${process.pid}`

  const letters: DeadLetter[] = []
  await readDeadLetters(connection, topic, group, (letter) => {
    const { rejected, origin, written } = letter
    if ((reason === undefined || rejected.reason === reason) && (from === undefined || origin?.topic === from) && (detail === undefined || rejected.detail.includes(detail)) && written >= earliest) letters.push(letter)
  })
  if (to === undefined) {
    for (const letter of letters.slice(0, limit)) line(told(letter))
    if (letters.length > limit) line(colors.dim(`... and ${letters.length - limit} more (--limit)`))
    line(`${counted(letters.length, 'dead letter')}${letters.length === 0 ? '' : `: ${tally(letters.map((letter) => letter.rejected.reason))}`}`)
    return 0
  }
  const replayed = await replayDeadLetters({ connection, letters, to, group, send: yes })
  for (const { letter, to: place, why } of replayed.slice(0, limit)) line(`${letter.at}  ${place === undefined ? colors.red(`stays: ${why}`) : `${yes ? 'sent' : 'would be sent'} to ${place}`}`)
  if (replayed.length > limit) line(colors.dim(`... and ${replayed.length - limit} more (--limit)`))
  const staying = replayed.flatMap(({ why }) => why ?? [])
  const count = replayed.length - staying.length
  line(`${counted(count, 'message')} ${yes ? 'sent' : 'would be sent; nothing was: add --yes'}${staying.length === 0 ? '' : `; ${staying.length} stay: ${tally(staying)}`}`)
  return 0
}

function connected(): ReturnType<typeof kafkaConnection> {
  try {
    const { kafka } = fromEnvironment(process.env)
    if (kafka === undefined) throw new RangeError('where is Kafka? Set MOTORWATCH_KAFKA_BROKERS=host:port')
    return kafkaConnection(kafka)
  } catch (error) {
    throw wrongUse((error as Error).message)
  }
}

const told = ({ at, written, rejected, origin }: DeadLetter): string =>
  `${at}  ${formatTimestamp(written)}  ${rejected.reason}  ${origin === undefined ? '-' : `${origin.topic}/${origin.partition}/${origin.first}${origin.last === origin.first ? '' : `-${origin.last}`}`}  ${rejected.detail}`

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
}
