import type { Input, Item } from './item.js'

/** Where a source stands: plain data that only the source itself reads, as JSON. */
export type Position = unknown

export interface Batch<T extends Item = Input> {
  readonly items: readonly T[]
  /** Reading on from here continues right behind this batch. */
  readonly position: Position
  /** 0 to 1: how much of the source has been read, where that is known. */
  readonly progress?: number
  /** How many messages are known to wait behind it; absent: the source does not know. */
  readonly behind?: number
  /** Plain data from which the source can hand over this very batch again, where that does not follow from the position before it: in what order partitions were read, a tick. For a `Journal` to keep. */
  readonly entry?: unknown
  /** It was handed over before, and is in the journal with what was made of it. */
  readonly again?: true
  /** The data end with it. Needed only of one that comes `again`. */
  readonly end?: true
}

export interface ReadOptions {
  /** The `position` of the last batch that was taken in; absent: from the start. */
  readonly from?: Position
  /** What the journal's `open` returned: first the source hands over again what the journal holds behind `from`, up to there. */
  readonly mark?: unknown
  /** Aborted: `read` hands over nothing more and resolves. */
  readonly signal: AbortSignal
}

/**
 * Hands over batches in order. `accept` resolves when there is room for the next batch: that is the back-pressure,
 * and a source never has more than one batch outstanding. Where `accept` rejects, `read` rejects with the same error.
 * `read` resolves to `true` when the data have ended for good, and to `false` when it was told to stop.
 */
export interface Source<T extends Item = Input> {
  /** For messages, and to notice a checkpoint of another source. */
  readonly name: string
  read(accept: (batch: Batch<T>) => Promise<void>, options: ReadOptions): Promise<boolean>
  /** Told of the position of each checkpoint (undefined: none has been accepted yet) as soon as it is durable. What lies before the last `KEPT` of one run is not read again: a source that keeps what it has handed over may remove it. */
  saved?(position: Position): Promise<void>
}
