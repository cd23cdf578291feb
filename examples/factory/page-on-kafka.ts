import { setTimeout as sleep } from 'node:timers/promises'
import { rewindPartitions, runPartitions } from 'motorwatch'
import type { Alarm, CheckpointStore, Machines, Reading, Rule, Sink } from 'motorwatch'
import { kafkaConnection } from 'motorwatch/configuration'
import { gathered, plant, servePage } from 'motorwatch/page'
import type { AlarmsKnown, Plant } from 'motorwatch/page'
import { byTopic, checkKafka, describeTwoPartitions, followWorkers, kafkaCommands, kafkaPositions, kafkaSource, kafkaTopics, seedTopics } from 'motorwatch/sources/kafka'
import type { KafkaConnection, WorkersStatus } from 'motorwatch/sources/kafka'
import { configured } from './configured.js'
import type { OnServers } from './is-on-servers.js'
import { memoryCheckpoint } from './memory-checkpoint.js'
import type { Options } from './options.js'
import { plantMeasures } from './plant-measures.js'
import { watchedPipeline } from './watched-pipeline.js'
import type { WorkerLog } from './worker-log.js'
import { printable } from './words.js'

/** Curves, states and nearest limits begin with what was written in the last so many milliseconds. */
const BEFORE = 15 * 60_000
const AGAIN = 5_000
/** Alarms are measured so many milliseconds of the plant's time behind it, and not while more readings wait for workers than come in so many milliseconds: so far workers may be apart. */
const MEASURED = 60_000
const CLOSE = 10_000
/** Nothing was found out of Kafka for so long: it does not answer. */
const SILENCE = 10_000

export interface PageOnKafkaOptions {
  readonly rules: NonNullable<Options['rules']>
  readonly web: NonNullable<Options['web']>
  readonly machines?: Machines
  readonly signal: AbortSignal
  readonly log: WorkerLog
}

/**
 * One page of the plant that all workers of a group watch. Alarms are what the workers have made of them, in `anomaly_events`; what readings alone tell (curves, states, nearest limits) is made of them here.
 * It writes nothing but commands, and is no worker: there may be any number of these, at any time. Resolves when it is told to stop.
 */
export async function pageOnKafka({ kafka }: OnServers, { rules: { name, rules }, web, machines, signal, log }: PageOnKafkaOptions): Promise<void> {
  const connection = configured(() => kafkaConnection(kafka))
  await checkKafka(connection)
  const topics = kafka.KAFKA_TOPICS instanceof RegExp ? await kafkaTopics(connection, kafka.KAFKA_TOPICS) : kafka.KAFKA_TOPICS ?? seedTopics
  const group = kafka.KAFKA_GROUP ?? 'anomaly_detector'
  const { zone, ...at } = web
  const register = machines === undefined ? {} : { machines }
  const seen = plant({ rules, ...register, apart: true })
  const before = gathered()
  const measures = plantMeasures()
  const partitionOf = new Map<string, number>()
  const commands = kafkaCommands(connection)
  let status: WorkersStatus = { state: 'reading', left: 0, behind: 0, workers: 0, cut: false }
  let toldAt = performance.now()
  let sampled = { at: toldAt, readings: 0, came: 0 }
  let isKnown = false
  let told = ''

  const page = await servePage({
    ...at, plant: seen, about: { title: `${kafka.KAFKA_BROKERS.map(printable).join(', ')}, rules: ${printable(name)}`, mode: 'live', ...(zone === undefined ? {} : { zone }) },
    command: (command) => commands.put(command, partitionOf.get(command.machine ?? '')),
    alarms: () => knownOf(performance.now() - toldAt > SILENCE ? { ...status, state: 'lost' } : status, before.earliest),
  })
  log(`-- the page is at ${page.url}`, { event: 'page' })

  const onStatus = (now: WorkersStatus): void => {
    status = now
    toldAt = performance.now()
    if (!isKnown && now.state === 'known') {
      isKnown = true
      seen.take(before.take())
    }
    if (toldAt - sampled.at >= CLOSE) sampled = { at: toldAt, readings: seen.readings, came: seen.readings - sampled.readings }
    if (now.state === 'known' && now.behind <= sampled.came) seen.take(measures.until(seen.time - MEASURED))
    const { state, workers, why = '' } = now
    const text = state === 'missing' || state === 'lost' ? `waiting: ${why}` : state === 'reading' ? 'reading the alarms of before' : `all alarms are known, ${workers === 0 ? 'and no worker is at work' : 'workers are at work'}`
    if (text !== told) log(`-- ${text}`, { event: state === 'missing' || state === 'lost' ? 'waiting' : 'status', state, workers })
    told = text
  }
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const works = [
    followWorkers({
      ...connection, topics, group, results: [kafka.KAFKA_EVENTS === 'seed' ? 'motorwatch_alarms' : 'anomaly_events', 'motorwatch_answers'], signal: both, onStatus,
      onItems: (items, { topic, partition }) => {
        measures.add(items.filter((item): item is Alarm => item.kind === 'alarm'), `${topic}/${partition}`)
        if (isKnown) seen.take(items)
        else before.add(items, `${topic}/${partition}`)
        for (const { machine } of items as readonly { readonly machine?: string }[]) if (machine !== undefined && !partitionOf.has(machine)) partitionOf.set(machine, partition)
      },
      onStrange: (where, why) => { log(`-- passed over ${where}: ${why}`, { event: 'strange', level: 'warn', where }) },
    }),
    showReadings({ connection, topics, group, rules, ...register, seen, signal: both, log, isThere: () => told !== '' && status.state !== 'missing' && status.state !== 'lost', onReading: ({ machine, origin }) => { if (origin !== undefined) partitionOf.set(machine, origin.partition) } }),
  ]
  for (const work of works) work.catch(() => { stop.abort() })
  await Promise.allSettled(works)
  page.ended('stopped')
  await commands.close()
  await page.close()
  await Promise.all(works)
}

/** `earliest`: of the alarms that were read, in epoch milliseconds. */
function knownOf({ state, left, behind, workers, cut, why }: WorkersStatus, earliest: number): AlarmsKnown {
  return {
    state: state === 'missing' || (state === 'known' && workers === 0) ? 'unwatched' : state,
    left, behind, workers, ...(cut && !Number.isNaN(earliest) ? { from: earliest } : {}), ...(why === undefined ? {} : { why }),
  }
}

interface ShowReadings {
  readonly connection: KafkaConnection
  readonly topics: readonly string[]
  readonly group: string
  readonly rules: readonly Rule[]
  readonly machines?: Machines
  readonly seen: Plant
  readonly signal: AbortSignal
  readonly log: WorkerLog
  readonly isThere: () => boolean
  readonly onReading: (reading: Reading) => void
}

/** Rejects where it never came about; what goes wrong later is begun again, with the readings that are then of the last minutes. */
async function showReadings({ connection, topics, group, rules, machines, seen, signal, log, isThere, onReading }: ShowReadings): Promise<void> {
  const pause = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { signal }).catch(() => undefined) // told to stop
  const sinks = (): readonly Sink[] => [{ name: 'page', open: async () => undefined, write: async (items) => { seen.take(items) }, save: async () => undefined, close: async () => undefined }]
  const from = {
    ...connection, topics, group: `${group}-page`, dry: true as const,
    onTwoPartitions: (machine: string, partitions: readonly [number, number]) => { log(`-- ${describeTwoPartitions(machine, partitions)}`, { event: 'two-partitions', level: 'error', machine, partitions }) },
  }
  let began = false
  while (!signal.aborted && !isThere()) await pause(500)
  while (!signal.aborted) {
    try {
      const source = kafkaSource(from)
      const stores = new Map<string, CheckpointStore>()
      const store = (partition: string): CheckpointStore => {
        const found = stores.get(partition) ?? memoryCheckpoint(`page ${partition}`)
        stores.set(partition, found)
        return found
      }
      await rewindPartitions({ source, sinks, checkpoints: { store }, positions: await kafkaPositions(from, Date.now() - BEFORE), sinksToo: false })
      began = true
      await runPartitions({
        source, pipeline: watchedPipeline(rules, { ...byTopic(topics), ...(machines === undefined ? {} : { machines }) }), sinks, checkpoints: { store }, signal,
        onBatch: ({ items }) => {
          seen.batch({ items })
          for (const item of items) if (item.kind === 'reading') onReading(item)
        },
      })
    } catch (error) {
      if (!began) throw error
      log(`-- readings: ${error instanceof Error ? error.message : String(error)}; beginning again`, { event: 'again', level: 'warn' })
      await pause(AGAIN)
    }
  }
}
