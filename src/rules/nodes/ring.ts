/** A queue of pairs of numbers, 16 B each and an eighth of them to spare: plain data. */
export interface Ring {
  pairs: number[]
  head: number
  size: number
}

export const ring = (): Ring => ({ pairs: [], head: 0, size: 0 })

/** The place of the i-th pair's first number; its second stands behind it. */
export function at(ring: Ring, i: number): number {
  const place = (ring.head + i) * 2
  return place >= ring.pairs.length ? place - ring.pairs.length : place
}

export function push(ring: Ring, first: number, second: number): void {
  if (ring.size * 2 === ring.pairs.length) resize(ring, ring.size + Math.max(4, ring.size >> 3))
  const place = at(ring, ring.size)
  ring.pairs[place] = first
  ring.pairs[place + 1] = second
  ring.size++
}

export function shift(ring: Ring): void {
  ring.head = (ring.head + 1) * 2 >= ring.pairs.length ? 0 : ring.head + 1
  ring.size--
  if (ring.size >= 4 && ring.size * 8 < ring.pairs.length) resize(ring, ring.size + (ring.size >> 3) + 4)
}

export function clear(ring: Ring): void {
  ring.pairs = []
  ring.head = 0
  ring.size = 0
}

function resize(ring: Ring, room: number): void {
  const pairs = new Array<number>(room * 2).fill(0.5)
  for (let i = 0; i < ring.size; i++) {
    const place = at(ring, i)
    pairs[i * 2] = ring.pairs[place]!
    pairs[i * 2 + 1] = ring.pairs[place + 1]!
  }
  ring.pairs = pairs
  ring.head = 0
}
