import type { Batch, Item, Reading, Source, Summary } from '../../src/model/index.js'

const HOUR = 3_600_000
const T0 = Date.UTC(2025, 11, 18, 22)
/** Readings of one log. */
export const READINGS = 15_000
/** Objects are cut by so many. */
export const ROWS = 100
const BATCH = 250
const PARTITIONS = 3

/** Reading number `n` of a log of three partitions, over three hours and midnight, in which one clock is wrong; `value` is its number. */
export const readingOf = (topic: string, n: number): Reading => ({
  kind: 'reading', time: T0 + Math.floor(n / READINGS * 3 * HOUR) + (n % 97 === 0 ? -5 * HOUR : 0), machine: `M${n % 7}`, sensor: 'pressure', value: n, unit: 'Pa', quality: n % 11 === 0 ? 'suspect' : 'good',
  origin: { topic, partition: n % PARTITIONS, offset: Math.floor(n / PARTITIONS) },
})

/** Every tenth reading makes a summary. */
export const outputsOf = (item: Item): readonly Item[] => {
  const { time, machine, sensor, value } = item as Reading
  const summary: Summary = { kind: 'summary', time, machine, sensor, start: time, end: time, values: { mean: value } }
  return value % 10 === 0 ? [item, summary] : [item]
}

export function logSource(topic: string): Source<Item> {
  return {
    name: topic,
    async read(accept, { from, signal }) {
      for (let n = (from as number | undefined) ?? 0; n < READINGS; n += BATCH) {
        if (signal.aborted) return false
        const batch: Batch<Item> = { items: Array.from({ length: BATCH }, (_, i) => readingOf(topic, n + i)), position: n + BATCH }
        await accept(batch)
      }
      return true
    },
  }
}
