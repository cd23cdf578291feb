import type { Item } from './item.js'

/** What a sink must be told to go on exactly where a checkpoint was taken: plain data (whatever structuredClone copies). */
export type SinkState = unknown

/**
 * Takes in outputs. After `save` has resolved, everything written before it is either durable or within the saved state:
 * `open(saved)` takes the sink back to exactly that moment, undoing or overwriting whatever was written later.
 * So a checkpoint is usable as soon as it is written. Calls never overlap.
 */
export interface Sink<T extends Item = Item> {
  readonly name: string
  /** What `save` gives where nothing has been written: opened with it, a sink begins again in a place that holds something, and overwrites that with what comes again. Absent: as when `saved` is. */
  readonly empty?: SinkState
  /** Called once before the first `write`; `saved` is absent on a fresh start. */
  open(saved?: SinkState): Promise<void>
  write(items: readonly T[]): Promise<void>
  save(): Promise<SinkState>
  /** `completed`: the data have ended, so half-filled pieces are written too. Otherwise nothing half-filled is written. */
  close(completed: boolean): Promise<void>
}
