import type { CheckpointStore, Item, Sink } from '../model/index.js'

/** A sink of the same name that is handed everything and does nothing: for a dry run. */
export const muted = <T extends Item>({ name }: Pick<Sink<T>, 'name'>): Sink<T> => ({
  name,
  open: () => Promise.resolve(),
  write: () => Promise.resolve(),
  save: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
})

/** The same checkpoints, of which nothing is taken hold, and to which none is added: for a dry run beside the one that they belong to. */
export const readOnly = (store: CheckpointStore): CheckpointStore => ({
  name: store.name,
  load: () => store.peek(),
  peek: () => store.peek(),
  save: () => Promise.resolve(),
  release: () => store.release(),
})
