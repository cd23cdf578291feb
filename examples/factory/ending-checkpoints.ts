import type { CheckpointStore, Input, Position, Source } from 'motorwatch'

/**
 * The same checkpoints, for a run that ends with its data. One that has ended has closed its windows and files, and cannot go on;
 * `load` rejects where data have come since, so that they are not passed over in silence.
 */
export function endingCheckpoints(store: CheckpointStore, source: Source<Input>, { out, pipeline, signal }: { readonly out: string; readonly pipeline: string; readonly signal: AbortSignal }): CheckpointStore {
  return {
    ...store,
    async load() {
      const checkpoint = await store.load()
      const ours = checkpoint?.source === source.name && checkpoint.pipeline === pipeline
      if (ours && checkpoint.ended && (await goesOn(source, checkpoint.position, signal)))
        throw new Error(`the run in ${out} has ended, and ${source.name} has more data now than it has read: a run that has ended does not go on, and none of them were read; `
          + `start afresh in another directory (--out), which reads all of them, or remove ${out}`)
      return checkpoint
    },
  }
}

async function goesOn(source: Source<Input>, from: Position, stop: AbortSignal): Promise<boolean> {
  const look = new AbortController()
  let more = false
  await source.read(async () => {
    more = true
    look.abort()
  }, { signal: AbortSignal.any([look.signal, stop]), ...(from === undefined ? {} : { from }) })
  return more
}
