import type { Item } from '../../model/index.js'
import { isAtEnd, size, take } from './offset-queue.js'
import type { OffsetQueue } from './offset-queue.js'

/** What was read of a topic, up to this offset, before what comes next. */
export type Run = readonly [topic: string, to: number]

export interface Slice<T extends Item> {
  readonly items: readonly T[]
  readonly runs: readonly Run[]
}

/** Topics are kept together to this many milliseconds of event time. */
const SLACK = 5_000
/** So many of what comes next tell how far a topic is: one clock that is ahead does not hold it back. */
const AHEAD = 16
/** What lies further behind its topic than this tells nothing of how far that is. */
const STRAGGLER = 600_000
/** A slice is handed over when it has so many items. */
const ENOUGH = 2_000

const timeOf = (item: Item): number => {
  const { time } = item as { readonly time?: number }
  return item.kind === 'reading' && time !== undefined ? time : NaN
}

/** The earliest time of what comes next; -Infinity where that tells nothing: then it is not waited with. */
function nextTime({ items, head }: OffsetQueue<Item>, at: number, latest: number): number {
  let least = Infinity
  let told = false
  for (let i = head + at; i < items.length && i < head + at + AHEAD; i++) {
    const time = timeOf(items[i]!.item)
    if (!(time >= latest - STRAGGLER)) continue
    told = true
    if (time < least) least = time
  }
  return told ? least : -Infinity
}

/**
 * The next piece of several topics, side by side in event time: a topic that has come further waits for the others, but not for one that has nothing left.
 * Undefined: it must be waited for more.
 *
 * @param latest by topic, the latest time that was handed over; kept by the caller, changed here
 */
export function nextSlice<T extends Item>(queues: readonly OffsetQueue<T>[], latest: Map<string, number>): Slice<T> | undefined {
  const items: T[] = []
  const runs: Run[] = []
  while (items.length < ENOUGH) {
    const filled = queues.filter((queue) => size(queue) > 0)
    if (filled.length === 0 || queues.some((queue) => size(queue) === 0 && !isAtEnd(queue))) break
    const times = filled.map((queue) => nextTime(queue, 0, latest.get(queue.topic) ?? -Infinity))
    const until = Math.min(...times) + SLACK
    for (const queue of filled) {
      let top = latest.get(queue.topic) ?? -Infinity
      let count = 0
      while (count < size(queue) && count < ENOUGH && nextTime(queue, count, top) <= until) {
        const time = timeOf(queue.items[queue.head + count]!.item)
        if (time > top && time <= until) top = time
        count++
      }
      latest.set(queue.topic, top)
      if (count > 0) runs.push([queue.topic, take(queue, count, items)])
    }
  }
  return items.length === 0 ? undefined : { items, runs }
}
