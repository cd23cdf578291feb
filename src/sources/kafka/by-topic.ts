import type { Item, Reading } from '../../model/index.js'

/** For `inOrder` and `monitor` over topics that are read together: a reading is late by its own topic, and a topic that has nothing for a minute is not waited for. */
export const byTopic = (topics: readonly string[]): { readonly source: (item: Item) => string | undefined; readonly sources: readonly string[]; readonly idle: '1m' } => ({
  source: (item) => (item.kind === 'reading' ? (item as Reading).origin?.topic : undefined),
  sources: topics,
  idle: '1m',
})
