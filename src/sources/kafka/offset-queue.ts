import type { Item } from '../../model/index.js'

/** What has been fetched of one topic partition and not been handed over yet. */
export interface OffsetQueue<T extends Item> {
  readonly topic: string
  readonly items: { readonly offset: number; readonly item: T }[]
  /** How many of `items` have been handed over. */
  head: number
  /** The offset that is fetched next. */
  next: number
  /** All below this has been looked at: as `next`, and beyond it where nothing but marks of transactions lay. */
  seen: number
  /** The end of the topic partition as far as is known: the offset of what will be written next. */
  end: number
  paused: boolean
}

export const offsetQueue = <T extends Item>(topic: string, next: number, end: number): OffsetQueue<T> => ({ topic, items: [], head: 0, next, seen: next, end, paused: false })

export const size = ({ items, head }: OffsetQueue<Item>): number => items.length - head

export const isAtEnd = (queue: OffsetQueue<Item>): boolean => size(queue) === 0 && queue.seen >= queue.end

/** Hands over `count` of them; gives what is behind the last one, as an offset. */
export function take<T extends Item>(queue: OffsetQueue<T>, count: number, into: T[]): number {
  const { items } = queue
  for (const last = queue.head + count; queue.head < last; queue.head++) into.push(items[queue.head]!.item)
  const to = items[queue.head - 1]!.offset + 1
  if (queue.head > 4_096 || queue.head === items.length) {
    items.splice(0, queue.head)
    queue.head = 0
  }
  return to
}
