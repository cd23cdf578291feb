import type { Batch, Sink } from 'motorwatch'
import type { Colors } from './colors.js'

/** Shows a run to people. It is a sink like any other. */
export interface View extends Sink {
  batch(batch: Batch): void
  /** Gives the terminal back; may be called again. */
  leave(): void
}

export interface ViewOptions {
  /** What is watched: `simulation x60 of 5 machines`. */
  readonly title: string
  /** Where the live page is; absent: there is none. */
  readonly page?: string
  /** A; absent where it is not known. */
  readonly ratedCurrent?: number
  readonly out: NodeJS.WriteStream
  readonly colors: Colors
}
