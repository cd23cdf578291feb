import type { Item, Sink } from '../model/index.js'

export interface MemorySink<T extends Item = Item> extends Sink<T> {
  /** Everything written so far, in order. */
  readonly items: readonly T[]
}

/** Keeps what it is given, for tests and examples. The state is a length: `open(saved)` cuts back to it, and `open()` to nothing. */
export function memorySink<T extends Item = Item>(): MemorySink<T> {
  const items: T[] = []
  return {
    name: 'memory',
    items,
    async open(saved) {
      const length = saved ?? 0
      if (!Number.isSafeInteger(length) || (length as number) < 0 || (length as number) > items.length) {
        throw new Error(`memory sink: the saved state is ${JSON.stringify(saved)}; expected a length up to ${items.length}: its items do not outlive the process`)
      }
      items.length = length as number
    },
    async write(more) {
      for (const item of more) items.push(item)
    },
    async save() {
      return items.length
    },
    async close() {},
  }
}
