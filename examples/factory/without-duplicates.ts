import type { Rejected, Sink } from 'motorwatch'

/** Duplicates are counted, and nobody has to look at them. */
export function withoutDuplicates(sink: Sink): Sink {
  return { ...sink, write: (items) => sink.write(items.filter((item) => item.kind !== 'rejected' || (item as Rejected).reason !== 'duplicate')) }
}
