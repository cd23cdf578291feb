/** An entry knows its place in the queue, so that it can be moved and removed without a search. */
export interface QueueEntry {
  /** Epoch milliseconds. */
  at: number
  /** Index in the queue, -1 while it is not in it. Written by the queue only. */
  place: number
}

/** A binary heap of timers, earliest first; `tie` orders those of the same time. All operations cost O(log n). */
export interface TimerQueue<T extends QueueEntry> {
  /** The earliest time, Infinity where there is none. */
  earliest(): number
  /** Adds the entry, or moves it to another time. */
  put(entry: T, at: number): void
  remove(entry: T): void
  /** Takes out the earliest entry. */
  pop(): T | undefined
  size(): number
  clear(): void
}

export function timerQueue<T extends QueueEntry>(tie: (a: T, b: T) => number): TimerQueue<T> {
  let heap: T[] = []

  const before = (a: T, b: T): boolean => a.at < b.at || (a.at === b.at && tie(a, b) < 0)

  const up = (entry: T, from: number): void => {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      const other = heap[parent]!
      if (!before(entry, other)) break
      heap[place] = other
      other.place = place
      place = parent
    }
    heap[place] = entry
    entry.place = place
  }

  const down = (entry: T, from: number): void => {
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      const other = heap[child]!
      if (!before(other, entry)) break
      heap[place] = other
      other.place = place
      place = child
    }
    heap[place] = entry
    entry.place = place
  }

  const remove = (entry: T): void => {
    const place = entry.place
    if (place < 0) return
    entry.place = -1
    const last = heap.pop()!
    if (last === entry) return
    if (place > 0 && before(last, heap[(place - 1) >> 1]!)) up(last, place)
    else down(last, place)
  }

  return {
    earliest: () => (heap.length === 0 ? Infinity : heap[0]!.at),
    put(entry, at) {
      if (entry.place < 0) {
        entry.at = at
        heap.push(entry)
        up(entry, heap.length - 1)
      } else {
        const earlier = at < entry.at
        entry.at = at
        if (earlier) up(entry, entry.place)
        else down(entry, entry.place)
      }
    },
    remove,
    pop() {
      const first = heap[0]
      if (first !== undefined) remove(first)
      return first
    },
    size: () => heap.length,
    clear() {
      for (const entry of heap) entry.place = -1
      heap = []
    },
  }
}
