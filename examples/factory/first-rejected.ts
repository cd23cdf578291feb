import type { Item, Rejected, Sink } from 'motorwatch'
import { printable } from './words.js'

const KEPT = 3

/** Remembers the first inputs that were not taken in, in words; duplicates are none of them. */
export function firstRejected(): Sink & { words(): readonly string[] } {
  let first: readonly string[] = []
  return {
    name: 'first rejected',
    words: () => first,
    async open(saved) {
      first = (saved as readonly string[] | undefined) ?? []
    },
    async write(items) {
      if (first.length < KEPT) first = [...first, ...items.filter(isRejected).map(told)].slice(0, KEPT)
    },
    save: async () => first,
    async close() {},
  }
}

function isRejected(item: Item): item is Rejected {
  return item.kind === 'rejected' && (item as Rejected).reason !== 'duplicate'
}

function told({ where, reason, detail }: Rejected): string {
  return printable(`${where ?? reason}: ${detail}`)
}
