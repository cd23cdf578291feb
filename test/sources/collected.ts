import type { Batch, Item, Position, Source } from '../../src/model/index.js'

/** All batches of a source, up to the end or until so many have come. */
export async function collected<T extends Item>(source: Source<T>, { from, most = Infinity }: { readonly from?: Position; readonly most?: number } = {}): Promise<{ readonly batches: readonly Batch<T>[]; readonly items: readonly T[]; readonly ended: boolean }> {
  const batches: Batch<T>[] = []
  const stop = new AbortController()
  const ended = await source.read(async (batch) => {
    batches.push(batch)
    if (batches.length === most) stop.abort()
  }, { signal: stop.signal, ...(from === undefined ? {} : { from }) })
  return { batches, items: batches.flatMap(({ items }) => items), ended }
}
