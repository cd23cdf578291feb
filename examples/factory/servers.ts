import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { monitor, run, runPartitions } from 'motorwatch'
import type { Item, Rule, Sink, Source } from 'motorwatch'
import { influxConnection, kafkaConnection, s3Connection } from 'motorwatch/configuration'
import { checkInflux, influxSink } from 'motorwatch/sinks/influx'
import { kafkaSink } from 'motorwatch/sinks/kafka'
import { checkS3, describeWaiting, lakeSink, rawSink, s3Checkpoints } from 'motorwatch/sinks/minio'
import type { S3Options } from 'motorwatch/sinks/minio'
import { parquetSink } from 'motorwatch/sinks/parquet'
import { byTopic, checkKafka, kafkaSource, seedTopics } from 'motorwatch/sources/kafka'
import type { OnServers } from './is-on-servers.js'
import { kept } from './places.js'
import { partitionsView } from './partitions-view.js'
import { configured } from './configured.js'

const PARTITIONS = 6
const MONTH = 30 * 86_400_000

/** Sends what a source has to the topics, as plants do. */
export async function feed(source: Source<Item>, configuration: OnServers, signal: AbortSignal, onBatch: (count: number) => void): Promise<void> {
  await run<Item, Item>({ source, pipeline: () => (items) => items, sinks: [kafkaSink({ ...configured(() => kafkaConnection(configuration.kafka)), create: { partitions: PARTITIONS } })], signal, onBatch: ({ items }) => { onBatch(items.length) } })
}

export interface WatchServersOptions {
  readonly rules: readonly Rule[]
  /** What the pipeline is made of, as text: a checkpoint of another one is refused. */
  readonly identity: string
  readonly untilCaughtUp: boolean
  /** Where checkpoints, and what no server takes, are kept. */
  readonly out: string
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

/** One worker: readings from Kafka; alarms and dead letters to Kafka; alarms, summaries and anomalies to InfluxDB; raw data, summaries, snapshots and alarms to the lake on S3, checkpoints too. What is not configured stays in `out`. Whether the data have ended. */
export async function watchServers(configuration: OnServers, { rules, identity, untilCaughtUp, out, signal, print }: WatchServersOptions): Promise<boolean> {
  const { kafka, influx, s3 } = configuration
  const [connection, onInflux, onS3] = configured(() => [
    kafkaConnection(kafka),
    influx && { ...influxConnection(influx), create: { retention: MONTH } },
    s3 && { ...s3Connection(s3), create: true },
  ] as const)
  // One that does not answer now is told of now; one that goes away later is waited for.
  await Promise.all([checkKafka(connection), onInflux && checkInflux(onInflux), onS3 && checkS3(onS3)])
  await mkdir(out, { recursive: true })
  const view = partitionsView(print, (status) => { writeFileSync(join(out, 'status.json'), `${JSON.stringify(status)}\n`) })

  const objects: S3Options | undefined = onS3 && { ...onS3, signal, onWaiting: (waiting) => { view.waiting('s3', waiting === undefined ? undefined : describeWaiting(waiting)) } }
  const place = (partition: string): string => join(out, `partition-${partition}`)
  const points = (): readonly Sink[] => onInflux === undefined ? [] : [influxSink({
    ...onInflux,
    deadLetters: kafkaSink({ ...connection, kinds: ['rejected'], topic: () => 'motorwatch_dead_letters' }),
    signal,
    onStatus: (status) => { view.waiting('influx', status.state === 'waiting' ? status.text : undefined) },
  })]
  const lake = (partition: string): readonly Sink[] => [
    objects === undefined
      ? parquetSink({ dir: join(place(partition), kept.lake), kinds: ['reading', 'snapshot', 'summary', 'alarm'] })
      : lakeSink({ ...objects, partition, kinds: ['snapshot', 'summary', 'alarm'] }),
  ]
  return runPartitions({
    source: kafkaSource({ ...connection, ...(kafka.KAFKA_GROUP === undefined ? {} : { group: kafka.KAFKA_GROUP }), commands: 'motorwatch_commands', create: { partitions: PARTITIONS }, ...(untilCaughtUp ? { until: 'caught-up' } : {}) }),
    pipeline: monitor(rules, byTopic(seedTopics)),
    sinks: (partition) => [...points(), ...lake(partition), view.sink(partition)],
    ...(objects === undefined ? {} : { inputs: () => [rawSink(objects)] }),
    checkpoints: { store: (partition) => (objects === undefined ? join(place(partition), kept.checkpoints) : s3Checkpoints({ ...objects, prefix: `checkpoints/${kafka.KAFKA_GROUP ?? 'anomaly_detector'}/partition-${partition}` })), pipeline: identity },
    signal,
    onBatch: ({ items }) => { view.batch(items.length) },
  }).finally(() => { view.leave() })
}
