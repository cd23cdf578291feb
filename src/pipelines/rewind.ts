import { KEPT, Unreadable } from '../model/index.js'
import type { CheckpointStore, Item, PartitionedSource, Position } from '../model/index.js'
import { Timeline } from '../time/index.js'
import { checkpointDirectory } from './checkpoints.js'
import type { RunPartitionsOptions } from './run-partitions.js'

export interface RewindOptions<In extends Item, Out extends Item> extends Pick<RunPartitionsOptions<In, Out>, 'sinks' | 'inputs'> {
  readonly source: Pick<PartitionedSource<In>, 'name'>
  readonly checkpoints: Pick<RunPartitionsOptions<In, Out>['checkpoints'], 'store' | 'pipeline'>
  /** By partition, where it is to be read on from. */
  readonly positions: ReadonlyMap<string, Position>
  /**
   * `false`: what the pipeline knows is forgotten, and sinks go on behind what they have: what is made again is made a second time. `true`: sinks begin again too, and overwrite what they have with what comes again:
   * right only where the source hands over again all that it ever has.
   */
  readonly sinksToo: boolean
}

/**
 * Has partitions read on from other positions, with nothing known of what was before. The options are those of the `runPartitions` that goes on there, and no such run must be at work.
 * Its former checkpoints are gone then: what the journal holds from here on does not follow from them.
 *
 * @example
 * const source = { brokers: ['localhost:9092'], group: 'anomaly_detector' }
 * await rewindPartitions({
 *   source: kafkaSource(source),
 *   sinks: (partition) => [lakeSink({ ...s3, bucket: 'motor-data-lake', partition })],
 *   checkpoints: { store: (partition) => `checkpoints/${partition}` },
 *   positions: await kafkaPositions(source, 'earliest'),
 *   sinksToo: false,
 * })
 */
export async function rewindPartitions<In extends Item, Out extends Item>({ source, sinks, inputs = () => [], checkpoints: { store: storeOf, pipeline = '' }, positions, sinksToo }: RewindOptions<In, Out>): Promise<void> {
  for (const [partition, position] of positions) {
    const place = storeOf(partition)
    const store: CheckpointStore = typeof place === 'string' ? checkpointDirectory(place) : place
    try {
      const before = await store.load().catch((error: unknown) => {
        if (error instanceof Unreadable) return undefined
        throw error
      })
      const states = [...sinks(partition), ...inputs(partition)].map(({ name, empty }) => [name, sinksToo ? empty : before?.sinks.get(name)] as const)
      const checkpoint = { source: source.name, position, timeline: new Timeline().save(), sinks: new Map(states), pipeline, ended: false }
      for (let i = 0; i < KEPT; i++) await store.save(checkpoint)
    } finally {
      await store.release()
    }
  }
}
