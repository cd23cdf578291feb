import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { monitor, run, runPartitions } from 'motorwatch'
import type { Item, Rule, Sink, Source } from 'motorwatch'
import { influxSink } from 'motorwatch/sinks/influx'
import { kafkaSink } from 'motorwatch/sinks/kafka'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { describeWaiting, lakeSink, rawSink, s3Checkpoints } from 'motorwatch/sinks/minio'
import type { S3Options } from 'motorwatch/sinks/minio'
import { parquetSink } from 'motorwatch/sinks/parquet'
import { byTopic, kafkaSource, seedTopics } from 'motorwatch/sources/kafka'
import type { KafkaConnection } from 'motorwatch/sources/kafka'
import type { OnServers } from './is-on-servers.js'
import { kept } from './places.js'
import { partitionsView } from './partitions-view.js'
import { WrongOption } from './wrong-option.js'

const PARTITIONS = 6
const MONTH = 30 * 86_400_000

function connectionOf({ kafka }: OnServers): KafkaConnection {
  const { KAFKA_BROKERS: brokers, KAFKA_TLS: tls, KAFKA_CA_FILE: ca, KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = kafka
  if ((mechanism ?? username ?? password) !== undefined && (mechanism === undefined || username === undefined || password === undefined))
    throw new WrongOption('MOTORWATCH_KAFKA_SASL, MOTORWATCH_KAFKA_USERNAME and MOTORWATCH_KAFKA_PASSWORD belong together: set all of them, or none')
  return {
    brokers,
    ...(ca !== undefined ? { ssl: { ca: readFileSync(ca, 'utf8') } } : tls === true ? { ssl: true } : {}),
    ...(mechanism === undefined ? {} : { sasl: { mechanism, username: username!, password: password! } }),
  }
}

/** Sends what a source has to the topics, as plants do. */
export async function feed(source: Source<Item>, configuration: OnServers, signal: AbortSignal, onBatch: (count: number) => void): Promise<void> {
  await run<Item, Item>({ source, pipeline: () => (items) => items, sinks: [kafkaSink({ ...connectionOf(configuration), create: { partitions: PARTITIONS } })], signal, onBatch: ({ items }) => { onBatch(items.length) } })
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
  await mkdir(out, { recursive: true })
  const view = partitionsView(print, (status) => { writeFileSync(join(out, 'status.json'), `${JSON.stringify(status)}\n`) })
  const connection = connectionOf(configuration)

  const onS3: S3Options | undefined = s3 && {
    endPoint: s3.S3_ENDPOINT.hostname,
    ...(s3.S3_ENDPOINT.port === '' ? {} : { port: Number(s3.S3_ENDPOINT.port) }),
    useSSL: s3.S3_ENDPOINT.protocol === 'https:',
    accessKey: s3.S3_ACCESS_KEY,
    secretKey: s3.S3_SECRET_KEY,
    ...(s3.S3_REGION === undefined ? {} : { region: s3.S3_REGION }),
    ...(s3.S3_CA_FILE === undefined ? {} : { ca: readFileSync(s3.S3_CA_FILE, 'utf8') }),
    bucket: s3.S3_BUCKET ?? 'motor-data-lake',
    create: true,
    signal,
    onWaiting: (waiting) => { view.waiting('s3', waiting === undefined ? undefined : describeWaiting(waiting)) },
  }
  const place = (partition: string): string => join(out, `partition-${partition}`)
  const points = (partition: string): readonly Sink[] => influx === undefined ? [] : [influxSink({
    url: influx.INFLUX_URL.href,
    token: influx.INFLUX_TOKEN,
    org: influx.INFLUX_ORG ?? 'motor_org',
    bucket: influx.INFLUX_BUCKET ?? 'motor_bucket',
    create: { retention: MONTH },
    deadLetters: jsonlSink({ path: join(place(partition), 'refused-points.jsonl') }),
    signal,
    onStatus: (status) => { view.waiting('influx', status.state === 'waiting' ? status.text : undefined) },
  })]
  const lake = (partition: string): readonly Sink[] => [
    onS3 === undefined
      ? parquetSink({ dir: join(place(partition), kept.lake), kinds: ['reading', 'snapshot', 'summary', 'alarm'] })
      : lakeSink({ ...onS3, partition, kinds: ['snapshot', 'summary', 'alarm'] }),
  ]
  return runPartitions({
    source: kafkaSource({ ...connection, ...(kafka.KAFKA_GROUP === undefined ? {} : { group: kafka.KAFKA_GROUP }), commands: 'motorwatch_commands', create: { partitions: PARTITIONS }, ...(untilCaughtUp ? { until: 'caught-up' } : {}) }),
    pipeline: monitor(rules, byTopic(seedTopics)),
    sinks: (partition) => [...points(partition), ...lake(partition), view.sink(partition)],
    ...(onS3 === undefined ? {} : { inputs: () => [rawSink(onS3)] }),
    checkpoints: { store: (partition) => (onS3 === undefined ? join(place(partition), kept.checkpoints) : s3Checkpoints({ ...onS3, prefix: `checkpoints/${kafka.KAFKA_GROUP ?? 'anomaly_detector'}/partition-${partition}` })), pipeline: identity },
    signal,
    onBatch: ({ items }) => { view.batch(items.length) },
  }).finally(() => { view.leave() })
}
