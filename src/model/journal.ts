import type { Item } from './item.js'
import type { Batch } from './source.js'

/**
 * Keeps what moves a pipeline and is not in its source's data by position alone (the order in which partitions were read, ticks), together with what it makes for readers that must have it exactly once.
 * A batch is in the journal before any of its effects is seen elsewhere. So after a crash the same batches come again, the pipeline makes the same of them, and what the journal carries is not written twice.
 */
export interface Journal<T extends Item = Item> {
  /** For messages. */
  readonly name: string
  /** Called once, before reading: shuts out for good whoever wrote it before. Resolves to the mark up to which the source hands over what is in the journal already. */
  open(): Promise<unknown>
  /** Makes durable, all together or not at all, that this batch has been taken in and those of its outputs that the journal carries. Never called for a batch that comes `again`. */
  append(batch: Batch<Item>, outputs: readonly T[]): Promise<void>
  close(): Promise<void>
}
