import type { Reading } from 'motorwatch'

/** A turn of the condition: machine, time, truth (0, 1, 2), margin. */
export type Turn = readonly [machine: string, time: number, truth: number, margin: number]

/**
 * `all(heldFor(held, above(first, limitA)), within(seen, above(second, limitB)))` for readings of two sensors a machine in order, once a second, as one would write it by hand:
 * typed arrays, one function, no closures. It keeps the same two windows, with their least (largest) margins, and says when the condition turns.
 */
export function plainWindows(readings: readonly Reading[], machines: number, held: number, seen: number, limitA: number, limitB: number, emit: { push(turn: Turn): void }): void {
  const roomA = held / 1000 + 2
  const roomB = seen / 1000 + 2
  const endA = new Float64Array(machines * roomA)
  const marginA = new Float64Array(machines * roomA)
  const endB = new Float64Array(machines * roomB)
  const marginB = new Float64Array(machines * roomB)
  const headA = new Int32Array(machines)
  const sizeA = new Int32Array(machines)
  const headB = new Int32Array(machines)
  const sizeB = new Int32Array(machines)
  const falseA = new Float64Array(machines).fill(-Infinity)
  const trueB = new Float64Array(machines).fill(-Infinity)
  const lastA = new Int8Array(machines)
  const lastB = new Int8Array(machines)
  const since = new Float64Array(machines)
  const truths = new Uint8Array(machines).fill(2)
  const index = new Map<string, number>()
  let a = NaN
  for (let i = 0; i < readings.length; i++) {
    const { machine, time, value, sensor } = readings[i]!
    if (sensor === 'current') {
      a = value - limitA
      continue
    }
    const b = limitB - value
    let m = index.get(machine)
    if (m === undefined) {
      m = index.size
      index.set(machine, m)
      since[m] = time
    }
    if (lastA[m] === 1) falseA[m] = time
    if (lastB[m] === 1) trueB[m] = time
    lastA[m] = a > 0 ? 0 : 1
    lastB[m] = b < 0 ? 1 : 0
    // the window of the first: its least margins, ends rising
    let base = m * roomA
    let head = headA[m]!
    let size = sizeA[m]!
    if (size > 0) endA[base + ((head + size - 1) % roomA)] = time
    while (size > 0 && endA[base + head]! <= time - held) {
      head = (head + 1) % roomA
      size--
    }
    while (size > 0 && marginA[base + ((head + size - 1) % roomA)]! >= a) size--
    endA[base + ((head + size) % roomA)] = Infinity
    marginA[base + ((head + size) % roomA)] = a
    headA[m] = head
    sizeA[m] = ++size
    const leastA = marginA[base + head]!
    base = m * roomB
    head = headB[m]!
    size = sizeB[m]!
    if (size > 0) endB[base + ((head + size - 1) % roomB)] = time
    while (size > 0 && endB[base + head]! <= time - seen) {
      head = (head + 1) % roomB
      size--
    }
    while (size > 0 && marginB[base + ((head + size - 1) % roomB)]! >= b) size--
    endB[base + ((head + size) % roomB)] = Infinity
    marginB[base + ((head + size) % roomB)] = b
    headB[m] = head
    sizeB[m] = ++size
    const leastB = 0 - marginB[base + head]!
    const truthA = a <= 0 || falseA[m]! > time - held ? 0 : since[m]! > time - held ? 2 : 1
    const truthB = b < 0 || trueB[m]! > time - seen ? 1 : since[m]! > time - seen ? 2 : 0
    const truth = truthA === 0 || truthB === 0 ? 0 : truthA === 2 || truthB === 2 ? 2 : 1
    if (truth !== truths[m]) {
      truths[m] = truth
      emit.push([machine, time, truth, truth === 2 ? NaN : truthA === 2 ? leastB : truthB === 2 ? leastA : Math.min(leastA, leastB)])
    }
  }
}
