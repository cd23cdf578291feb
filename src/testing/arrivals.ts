import type { Input, Reading, Tick } from '../model/index.js'

export interface ArrivalOptions {
  /** In milliseconds: no item arrives this much behind the latest of its source, or more than that. */
  readonly lateness: number
  /** As in `inOrder`: an item for which it returns `undefined` belongs to all sources. Left out: there is one. */
  readonly source?: (item: Reading | Tick) => string | undefined
  /** Which of the items that may come next does, from 0 (the earliest) to 1 (the latest); again from the first when they run out. None: in order. */
  readonly choices: readonly number[]
  /** Which inputs come once more: their indexes. Others than those of readings are passed over. */
  readonly repeated?: readonly number[]
}

/**
 * The same inputs in another order of arrival, in which each is at most `lateness` behind the latest of its own source; sources are interleaved at will.
 * `inputs` are readings and ticks in order of time. Other kinds are left out: they take effect where they arrive.
 */
export function arrivals(inputs: readonly Input[], { lateness, source, choices, repeated = [] }: ArrivalOptions): readonly Input[] {
  const again = new Set(repeated)
  const waiting: (Reading | Tick)[] = inputs.flatMap((item, i): readonly (Reading | Tick)[] => {
    if (item.kind === 'reading') return again.has(i) ? [item, item] : [item]
    return item.kind === 'tick' ? [item] : []
  })
  const sourceOf = source ?? (() => '')
  const arrived: Input[] = []
  while (waiting.length > 0) {
    const possible = mayCome(waiting, lateness, sourceOf)
    const choice = choices.length === 0 ? 0 : choices[arrived.length % choices.length]!
    const at = possible[Math.min(possible.length - 1, Math.floor(choice * possible.length))]!
    arrived.push(...waiting.splice(at, 1))
  }
  return arrived
}

/** An item may come when it makes none of those that wait too late: its sources have no waiting one that is more than `lateness` earlier. */
function mayCome(waiting: readonly (Reading | Tick)[], lateness: number, sourceOf: (item: Reading | Tick) => string | undefined): readonly number[] {
  const earliest = new Map<string, number>()
  let earliestOfAll = Infinity
  let earliestTick = Infinity
  for (const item of waiting) {
    const source = sourceOf(item)
    earliestOfAll = Math.min(earliestOfAll, item.time)
    if (source === undefined) earliestTick = Math.min(earliestTick, item.time)
    else earliest.set(source, Math.min(earliest.get(source) ?? Infinity, item.time))
  }
  return waiting.flatMap((item, i) => {
    const source = sourceOf(item)
    const first = source === undefined ? earliestOfAll : Math.min(earliestTick, earliest.get(source)!)
    return item.time - first <= lateness ? [i] : []
  })
}
