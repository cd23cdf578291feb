import type { Reading, Tick } from '../../model/index.js'

/** For `inOrder` and `monitor` over topics that are read together: a reading is late by its own topic, and the slowest topic rules until it has had nothing for `idle`. */
export const byTopic = (topics: readonly string[]): { readonly source: (item: Reading | Tick) => string | undefined; readonly sources: readonly string[] } => ({
  source: (item) => (item.kind === 'tick' ? item.source : item.origin?.topic),
  sources: topics,
})
