import type { Batch, CheckpointStore, Input, Item, Output, PartitionedSource, Sink } from '../model/index.js'
import type { Duration, Pipeline } from '../time/index.js'
import { checkpointDirectory } from './checkpoints.js'
import { run } from './run.js'

export interface RunPartitionsOptions<In extends Item, Out extends Item> {
  readonly source: PartitionedSource<In>
  /** Made anew for each partition, on a timeline of its own. */
  readonly pipeline: Pipeline<In, Out>
  /** Of one partition; asked for each time it is taken over. */
  readonly sinks: (partition: string) => readonly Sink[]
  /** Of one partition: those that are handed what was read, as it came. */
  readonly inputs?: (partition: string) => readonly Sink[]
  readonly checkpoints: {
    /** Of one partition: a directory of its own, or a store of one's own. Where several workers share the partitions, all of them must reach it. */
    readonly store: (partition: string) => string | CheckpointStore
    /** As for `run`. */
    readonly every?: Duration
    readonly pipeline?: string
  }
  /** Stops the run in order. */
  readonly signal: AbortSignal
  /** Called after each batch. */
  readonly onBatch?: (batch: Batch<In>, partition: string) => void
}

/**
 * Runs a pipeline over the partitions of a source, each with its own timeline, sinks and checkpoints, as `run` does with one. Partitions come and go with the workers that share them:
 * one that is taken over goes on from its newest checkpoint, and makes again what was made since.
 *
 * Resolves to `true` when the data of all partitions have ended, to `false` when it was stopped. Rejects with the first error, when all that is at work has stopped.
 *
 * @example
 * await runPartitions({
 *   source: kafkaSource({ brokers: ['localhost:9092'], group: 'anomaly_detector' }),
 *   pipeline: monitor(reference),
 *   sinks: (partition) => [lakeSink({ ...s3, bucket: 'motor-data-lake', partition })],
 *   checkpoints: { store: (partition) => `checkpoints/${partition}` },
 *   signal,
 * })
 */
export async function runPartitions<In extends Item = Input, Out extends Item = Output>(options: RunPartitionsOptions<In, Out>): Promise<boolean> {
  const { source, pipeline, sinks, checkpoints: { store, ...checkpoints }, onBatch } = options
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  return source.read(async (partition) => {
    const { ended } = await run<In, Out>({
      source: partition.source,
      pipeline,
      sinks: sinks(partition.id),
      ...(options.inputs === undefined ? {} : { inputs: options.inputs(partition.id) }),
      ...(partition.journal === undefined ? {} : { journal: partition.journal }),
      checkpoints: { store: handedOver(store(partition.id)), ...checkpoints },
      signal: AbortSignal.any([signal, partition.signal]),
      ...(onBatch === undefined ? {} : { onBatch: (batch) => { onBatch(batch, partition.id) } }),
    })
    return ended
  }, { signal }).catch((error: unknown) => {
    failed.abort()
    throw error
  })
}

/** Whoever had the partition before may still be at its last checkpoint. */
const HAND_OVER = 60_000

const handedOver = (store: string | CheckpointStore): CheckpointStore => (typeof store === 'string' ? checkpointDirectory(store, { patience: HAND_OVER }) : store)
