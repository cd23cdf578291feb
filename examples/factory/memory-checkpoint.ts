import type { Checkpoint, CheckpointStore } from 'motorwatch'

/** The newest checkpoint, for as long as the process lives: a partition that is interrupted goes on from it. */
export function memoryCheckpoint(name: string): CheckpointStore {
  let kept: Checkpoint | undefined
  return {
    name,
    load: async () => kept,
    peek: async () => kept,
    save: async (checkpoint) => { kept = checkpoint },
    release: async () => undefined,
  }
}
