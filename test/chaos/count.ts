/** A batch as the journal holds it. This file uses none of the library: it counts what it has done. */
export interface JournalEntry {
  readonly batch: number
  readonly runs: readonly (readonly [topic: string, to: number])[]
  readonly ticks?: readonly { readonly time: number; readonly topic?: string }[]
  readonly end?: true
}

/** The batches of one partition's journal, and how often a worker has taken it over. Throws where they do not follow each other, each once. */
export function batchesOf(values: readonly string[]): { readonly entries: readonly JournalEntry[]; readonly opened: number } {
  const records = values.map((value) => JSON.parse(value) as JournalEntry | { readonly opened: string })
  const entries = records.filter((record) => 'batch' in record)
  for (const [i, { batch }] of entries.entries()) if (batch !== i + 1) throw new Error(`the journal has batch ${batch} where ${i + 1} is due`)
  return { entries, opened: records.length - entries.length }
}

export interface Difference {
  readonly what: string
  /** How many there should be. */
  readonly expected: number
  readonly lost: number
  /** There, and should not be: a second time, or at all. */
  readonly duplicated: number
  /** The first ones, for people. */
  readonly examples: readonly string[]
}

/** Each of `expected` should be in `found`, as often, and nothing else. */
export function differenceOf(what: string, expected: Iterable<string>, found: Iterable<string>): Difference {
  const left = new Map<string, number>()
  let count = 0
  for (const one of expected) {
    left.set(one, (left.get(one) ?? 0) + 1)
    count++
  }
  let duplicated = 0
  const examples: string[] = []
  for (const one of found) {
    const due = left.get(one) ?? 0
    if (due > 0) left.set(one, due - 1)
    else {
      duplicated++
      if (examples.length < 3) examples.push(`too many: ${one}`)
    }
  }
  let lost = 0
  for (const [one, due] of left) {
    lost += due
    if (due > 0 && examples.length < 6) examples.push(`lost: ${one}`)
  }
  return { what, expected: count, lost, duplicated, examples }
}

/** At how many places two sequences are not the same. */
export const differing = (a: readonly string[], b: readonly string[]): number => {
  let count = Math.abs(a.length - b.length)
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) count++
  return count
}
