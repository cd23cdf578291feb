import type { SinkState } from './sink.js'
import type { Position } from './source.js'

/** One consistent cut of a run: what has been read, what the pipeline knows, and where each sink stands. */
export interface Checkpoint {
  /** Of the source that `position` belongs to. */
  readonly source: string
  readonly position: Position
  /** The timeline's save. */
  readonly timeline: Uint8Array
  readonly sinks: ReadonlyMap<string, SinkState>
  /** What the pipeline was made with; a run made with something else does not go on from here. */
  readonly pipeline: string
  /** The data had ended. */
  readonly ended: boolean
}

/** How many are kept: the newest, and some in case it is damaged. What comes before the oldest of them is not gone back to. */
export const KEPT = 3

/** Keeps checkpoints where they survive the process. */
export interface CheckpointStore {
  /** For messages. */
  readonly name: string
  /** The newest that can be read; takes hold of the store until `release`. */
  load(): Promise<Checkpoint | undefined>
  /** The newest that can be read; takes hold of nothing, so it may be asked for beside a run. */
  peek(): Promise<Checkpoint | undefined>
  /** Afterwards the last `KEPT` are kept, at most. */
  save(checkpoint: Checkpoint): Promise<void>
  release(): Promise<void>
}

/** What `save` rejects with where another run has taken hold of the store: this one must not go on in what it was at; it may take hold again by `load`, if that is still its own to do. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver'
}

/** What `load` rejects with where there are checkpoints, and none of them can be read. The store is taken hold of all the same, so that one can be saved in their place. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** `content`, which was saved as a checkpoint; throws where it was not. */
export function asCheckpoint(content: unknown): Checkpoint {
  const { source, timeline, sinks, pipeline, ended } = (content ?? {}) as Partial<Record<keyof Checkpoint, unknown>>
  const fits = typeof source === 'string' && timeline instanceof Uint8Array && sinks instanceof Map && typeof pipeline === 'string' && typeof ended === 'boolean'
  if (!fits) throw new Error('it is a save of motorwatch, but not a checkpoint of a run: expected source, timeline, sinks, pipeline and ended; move it elsewhere')
  return content as Checkpoint
}
