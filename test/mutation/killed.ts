import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of a source as it was: which of its mutants, by their places, some test has killed. */
interface Killed {
  readonly hash: string
  /** As `0-13,15`. */
  readonly places: string
}

const FILE = join(import.meta.dirname, 'killed.json')

const read = (): Readonly<Record<string, Killed>> => (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Killed> : {})

/** What is on record of a source; empty where it is another one by now. */
export function killedOf(source: string, hash: string): ReadonlySet<number> {
  const known = read()[source]
  if (known?.hash !== hash || known.places === '') return new Set()
  return new Set(known.places.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number) as [number, number?]
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  }))
}

/** Puts it on record, beside what is there of other sources. */
export function keepKilled(all: readonly { readonly source: string; readonly hash: string; readonly places: readonly number[] }[]): void {
  const ranges = (places: readonly number[]): string => {
    const found: [number, number][] = []
    for (const place of [...places].sort((a, b) => a - b)) {
      const last = found.at(-1)
      if (last !== undefined && last[1] === place - 1) last[1] = place
      else found.push([place, place])
    }
    return found.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
  }
  const next = { ...read(), ...Object.fromEntries(all.map(({ source, hash, places }) => [source, { hash, places: ranges(places) }])) }
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(Object.entries(next).sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`)
}
