import type { Input, Item } from './item.js'
import type { Journal } from './journal.js'
import type { ReadOptions, Source } from './source.js'

/** A part of the input that has a timeline, sinks and checkpoints of its own. What concerns one machine is in one partition. */
export interface Partition<T extends Item = Input> {
  /** The same wherever it is worked on: for names of checkpoints and objects. */
  readonly id: string
  readonly source: Source<T>
  readonly journal?: Journal
  /** Aborted when another worker takes it over. */
  readonly signal: AbortSignal
}

/**
 * Hands over partitions, each as long as it is this worker's to work on. `serve` resolves to `true` when a partition's data have ended, to `false` when it was told to stop.
 * `read` resolves to `true` when all have ended, to `false` when it was told to stop, and rejects with the first error that cannot be mended by serving the partition again.
 */
export interface PartitionedSource<T extends Item = Input> {
  readonly name: string
  read(serve: (partition: Partition<T>) => Promise<boolean>, options: Pick<ReadOptions, 'signal'>): Promise<boolean>
}
