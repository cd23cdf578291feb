import { join } from 'node:path'
import { monitor, runPartitions } from '../../../src/pipelines/index.js'
import { reference } from '../../../src/rules/index.js'
import { influxSink } from '../../../src/sinks/influx.js'
import { jsonlSink } from '../../../src/sinks/jsonl.js'
import { lakeSink, rawSink, s3Checkpoints } from '../../../src/sinks/minio.js'
import { byTopic, kafkaSource, seedTopics } from '../../../src/sources/kafka.js'
import type { Input, Output } from '../../../src/model/index.js'
import type { MonitorOptions, RunPartitionsOptions } from '../../../src/pipelines/index.js'
import type { Addresses } from '../addresses.js'
import { createTopics } from './topic.js'

/** What one worker does, as plain data: it goes to another process. */
export interface Job {
  readonly brokers: readonly string[]
  readonly topics: readonly string[]
  /** Names what is written, too. */
  readonly group: string
  readonly untilCaughtUp: boolean
  /** For what has no server. */
  readonly dir: string
  readonly influx?: Addresses['influx']
  readonly s3?: Addresses['minio']
  readonly idle?: number
  readonly monitor?: MonitorOptions
  /** Left out: alarms and answers, and dead letters, go to topics. */
  readonly outputs?: false
}

export interface Tell {
  /** What was read of a partition, and how much. */
  readonly onBatch?: (count: number, partition: string) => void
  /** An attempt has failed at that server. */
  readonly onWaiting?: (server: 'influx' | 's3') => void
}

/** Makes jobs with topics of their own, named after nobody else's. `prefix` begins the names, and `dir` holds what has no server. */
export function jobs(brokers: readonly string[], prefix: string, dir: () => string): (partitions: number, more?: Partial<Job>) => Promise<Job> {
  let number = 0
  return async (partitions, more = {}) => {
    const group = `${prefix}${Date.now().toString(36)}${number++}`
    const topics = seedTopics.map((topic) => `${group}_${topic}`)
    await createTopics(brokers, topics, partitions)
    return { brokers, topics, group, untilCaughtUp: true, dir: join(dir(), group), ...more }
  }
}

export const eventsOf = ({ group }: Pick<Job, 'group'>): string => `${group}_events`
export const deadLettersOf = ({ group }: Pick<Job, 'group'>): string => `${group}_dead_letters`
export const commandsOf = ({ group }: Pick<Job, 'group'>): string => `${group}_commands`

export const sourceOptionsOf = ({ brokers, topics, group, untilCaughtUp, idle, outputs }: Job) => ({
  brokers, topics, group, journal: `${group}_journal`, commands: commandsOf({ group }), sessionTimeout: 2_000,
  outputs: outputs === false ? [] : [{ topic: eventsOf({ group }), kinds: ['alarm', 'answer'] }, { topic: deadLettersOf({ group }), kinds: ['rejected'] }],
  ...(untilCaughtUp ? { until: 'caught-up' as const } : {}), ...(idle === undefined ? {} : { idle }),
})

export function optionsOf(job: Job, signal: AbortSignal, { onBatch, onWaiting }: Tell = {}): RunPartitionsOptions<Input, Output> {
  const { topics, group, dir, influx, s3, monitor: options } = job
  const url = s3 && new URL(s3.endpoint)
  const onS3 = s3 && url && { endPoint: url.hostname, port: Number(url.port), useSSL: false, accessKey: s3.accessKey, secretKey: s3.secretKey, bucket: s3.bucket, create: true, signal, onWaiting: (waiting: unknown) => { if (waiting !== undefined) onWaiting?.('s3') } }
  return {
    source: kafkaSource(sourceOptionsOf(job)),
    pipeline: monitor(reference, { ...byTopic(topics), ...options }),
    sinks: (partition) => [
      ...(influx === undefined ? [] : [influxSink({ ...influx, deadLetters: jsonlSink({ path: join(dir, `refused-${partition}.jsonl`) }), signal, onStatus: ({ state }) => { if (state === 'waiting') onWaiting?.('influx') } })]),
      ...(onS3 === undefined ? [] : [lakeSink({ ...onS3, prefix: group, partition, kinds: ['snapshot', 'summary', 'alarm'] })]),
    ],
    ...(onS3 === undefined ? {} : { inputs: () => [rawSink({ ...onS3, prefix: group })] }),
    checkpoints: { store: (partition) => (onS3 === undefined ? join(dir, `checkpoints-${partition}`) : s3Checkpoints({ ...onS3, prefix: `${group}-checkpoints/${partition}` })), every: '1s' },
    signal,
    onBatch: ({ items }, partition) => { onBatch?.(items.length, partition) },
  }
}

export const work = (job: Job, signal: AbortSignal, tell: Tell = {}): Promise<boolean> => runPartitions(optionsOf(job, signal, tell))
