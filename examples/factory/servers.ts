import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpointDirectory, muted, readOnly, rewindPartitions, run, runPartitions } from 'motorwatch'
import type { CheckpointStore, Item, Machines, Rule, Sink, Source } from 'motorwatch'
import { influxConnection, kafkaConnection, s3Connection } from 'motorwatch/configuration'
import { health, jobMetrics, serve } from 'motorwatch/metrics'
import { checkInflux, influxSink, pointsOf } from 'motorwatch/sinks/influx'
import { kafkaSink } from 'motorwatch/sinks/kafka'
import { checkS3, describeWaiting, lakeSink, rawSink, s3Checkpoints } from 'motorwatch/sinks/minio'
import type { S3Options } from 'motorwatch/sinks/minio'
import { parquetSink } from 'motorwatch/sinks/parquet'
import { answersOutput, byTopic, checkKafka, describeTwoPartitions, kafkaPositions, kafkaSource, kafkaTopics, seedFormatOutputs, seedTopics } from 'motorwatch/sources/kafka'
import type { KafkaBeginning } from 'motorwatch/sources/kafka'
import type { OnServers } from './is-on-servers.js'
import { outlookPoints } from './outlook-points.js'
import { factoryPipeline } from './pipeline.js'
import { kept } from './places.js'
import { machinesOfWorkers } from './machines-of-workers.js'
import { notifications } from './notifications.js'
import { partitionsView } from './partitions-view.js'
import { configured } from './configured.js'
import { loggable } from './worker-log.js'
import type { WorkerLog } from './worker-log.js'

const PARTITIONS = 6
const MONTH = 30 * 86_400_000
/** Whoever had a partition before may still be at its last checkpoint. */
const HAND_OVER = 60_000

/** `0.0.0.0:9464`, or a port alone. */
function placeOf(text: string): { readonly port: number; readonly host?: string } {
  const [port, host] = text.split(':').reverse() as [string, string | undefined]
  return { port: Number(port), ...(host === undefined ? {} : { host }) }
}

/** Sends what a source has to the topics, as plants do. */
export async function feed(source: Source<Item>, configuration: OnServers, signal: AbortSignal, onBatch: (count: number) => void): Promise<void> {
  await run<Item, Item>({ source, pipeline: () => (items) => items, sinks: [kafkaSink({ ...configured(() => kafkaConnection(configuration.kafka)), create: { partitions: PARTITIONS } })], signal, onBatch: ({ items }) => { onBatch(items.length) } })
}

export interface WatchServersOptions {
  readonly rules: readonly Rule[]
  /** Their nameplates, parameters and areas, and what was learned of them. */
  readonly machines?: Machines
  /** What the pipeline is made of, as text: a checkpoint of another one is refused. */
  readonly identity: string
  readonly untilCaughtUp: boolean
  /** Nothing is written, and it ends where the topics end now. */
  readonly dryRun: boolean
  /** Where all partitions begin again: nothing is watched. */
  readonly begin?: KafkaBeginning
  /** Where checkpoints, and what no server takes, are kept. */
  readonly out: string
  readonly signal: AbortSignal
  readonly log: WorkerLog
}

/** One worker: readings from Kafka; alarms and dead letters to Kafka; alarms, summaries and anomalies to InfluxDB; raw data, summaries, snapshots and alarms to the lake on S3, checkpoints too. What is not configured stays in `out`. Whether the data have ended. */
export async function watchServers(configuration: OnServers, { rules, machines, identity, untilCaughtUp, dryRun, begin, out, signal, log }: WatchServersOptions): Promise<boolean> {
  const { kafka, influx, s3, job: how } = configuration
  const [connection, onInflux, onS3] = configured(() => [
    kafkaConnection(kafka),
    influx && { ...influxConnection(influx), create: { retention: MONTH } },
    s3 && { ...s3Connection(s3), create: !dryRun },
  ] as const)
  const telling = await notifications(configuration)
  // One that does not answer now is told of now; one that goes away later is waited for.
  await Promise.all([checkKafka(connection), onInflux && !dryRun && checkInflux(onInflux), onS3 && checkS3(onS3)])
  const topics = kafka.KAFKA_TOPICS instanceof RegExp ? await kafkaTopics(connection, kafka.KAFKA_TOPICS) : kafka.KAFKA_TOPICS ?? seedTopics
  if (!dryRun) await mkdir(out, { recursive: true })
  const state = health(Date.now, (what, why) => { log(why === undefined ? `-- ${what} is back` : `-- waiting: ${why}`, { event: why === undefined ? 'back' : 'waiting', level: why === undefined ? 'info' : 'warn', server: what }) })
  const metrics = jobMetrics()
  const waiting = (what: string, why: string | undefined): void => {
    state.waiting(what, why)
    metrics.waiting(what, why)
  }
  const served = how?.HTTP === undefined ? undefined : await serve({ ...placeOf(how.HTTP), register: metrics.register, health: state.report })
  log(served === undefined ? '-- no metrics are served: MOTORWATCH_HTTP is not set' : `-- ${served.url}/metrics and /health`, { event: 'started', configuration: loggable(configuration) })
  const expected = [...machines?.values() ?? []].filter(({ expectedSince }) => expectedSince !== undefined).map(({ id }) => id)
  if (expected.length > 0) log(`-- expectedSince of ${expected.slice(0, 3).join(', ')}${expected.length > 3 ? `, ... (${expected.length})` : ''} is not looked at: which partition a machine is in is not known before it is heard`, { event: 'not-expected', level: 'warn', machines: expected })
  const view = partitionsView(log, state, (status) => { if (!dryRun) writeFileSync(join(out, 'status.json'), `${JSON.stringify(status)}\n`) })

  const objects: S3Options | undefined = onS3 && { ...onS3, signal, onWaiting: (wait) => { waiting('s3', wait === undefined ? undefined : describeWaiting(wait)) } }
  const place = (partition: string): string => join(out, `partition-${partition}`)
  const points = (): readonly Sink[] => onInflux === undefined ? [] : [influxSink({
    ...onInflux,
    points: (item) => outlookPoints(item) ?? pointsOf(item),
    deadLetters: kafkaSink({ ...connection, kinds: ['rejected'], topic: () => 'motorwatch_dead_letters' }),
    signal,
    onStatus: (status) => { waiting('influx', status.state === 'waiting' ? status.text : undefined) },
  })]
  const lake = (partition: string): readonly Sink[] => [
    objects === undefined
      ? parquetSink({ dir: join(place(partition), kept.lake), kinds: ['reading', 'snapshot', 'summary', 'alarm'] })
      : lakeSink({ ...objects, partition, kinds: ['snapshot', 'summary', 'alarm'] }),
  ]
  const source = {
    ...connection, topics, ...(kafka.KAFKA_GROUP === undefined ? {} : { group: kafka.KAFKA_GROUP }), ...(kafka.KAFKA_EVENTS === 'seed' ? { outputs: [...seedFormatOutputs, answersOutput] } : {}), commands: 'motorwatch_commands', create: { partitions: PARTITIONS },
    ...(untilCaughtUp || dryRun ? { until: 'caught-up' as const } : {}), ...(dryRun ? { dry: true as const } : {}),
    onWaiting: (partition: string, why: string | undefined) => { waiting(`partition ${partition}`, why) },
    onTwoPartitions: (machine: string, partitions: readonly [number, number]) => { log(`-- ${describeTwoPartitions(machine, partitions)}`, { event: 'two-partitions', level: 'error', machine, partitions }) },
  }
  const told = (partition: string): Sink => telling({ out: place(partition), partition, onWaiting: (target, wait) => { waiting(`${target} of partition ${partition}`, wait === undefined ? undefined : describeWaiting(wait)) } })
  const written = (partition: string): readonly Sink[] => [...[...points(), ...lake(partition), told(partition)].map((sink) => metrics.sink(sink)), metrics.outputs(partition)]
  const raw = objects === undefined ? {} : { inputs: () => [metrics.sink(rawSink(objects))].map((sink) => (dryRun ? muted<Item>(sink) : sink)) }
  const checkpoints = (partition: string): CheckpointStore =>
    metrics.checkpoints(objects === undefined ? checkpointDirectory(join(place(partition), kept.checkpoints), { patience: HAND_OVER }) : s3Checkpoints({ ...objects, prefix: `checkpoints/${kafka.KAFKA_GROUP ?? 'anomaly_detector'}/partition-${partition}` }), partition)
  const job = {
    source: kafkaSource(source),
    pipeline: factoryPipeline(rules, { ...byTopic(topics), ...(machines === undefined ? {} : { machines: machinesOfWorkers(machines) }) }),
    sinks: (partition: string) => [...written(partition).map((sink) => (dryRun ? muted(sink) : sink)), view.sink(partition)],
    ...raw,
    checkpoints: { store: (partition: string) => (dryRun ? readOnly(checkpoints(partition)) : checkpoints(partition)), pipeline: identity },
  }
  const work = async (): Promise<boolean> => {
    if (begin === undefined) {
      return runPartitions({
        ...job,
        signal,
        onBatch: (batch, partition) => {
          view.batch(batch.items.length)
          metrics.batch(batch, partition)
        },
      })
    }
    const positions = await kafkaPositions(source, begin)
    for (const [partition, { next }] of positions) log(`-- partition ${partition} begins at ${Object.entries(next).map(([topic, offset]) => `${topic} ${offset}`).join(', ')}`, { event: 'rewound', partition, next })
    await rewindPartitions({ ...job, positions, sinksToo: begin === 'journal' })
    return true
  }
  return work().finally(async () => {
    view.leave()
    await served?.close()
  })
}
