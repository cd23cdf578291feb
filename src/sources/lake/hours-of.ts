import { createHash } from 'node:crypto'
import type { ObjectReader } from '../../lake/object-reader.js'
import type { LakeRange } from './lake-range.js'

export interface LakeObject {
  readonly path: string
  /** Of raw readings. */
  readonly topic?: string
}

/** The readings of an hour of event time: in one object or in many. */
export interface LakeHour {
  /** `day=2025-12-18/hour=12`, in UTC */
  readonly name: string
  /** Epoch milliseconds; NaN: what has no time. */
  readonly start: number
  /** By their paths. */
  readonly objects: readonly LakeObject[]
  /** Of the names of the objects: it tells whether they are the same. */
  readonly mark: string
}

const HOUR = 3_600_000
const PATH = /^(?:raw\/topic=([^/]+)|reading|kind=reading)\/(day=([^/]+)\/hour=([^/]+))\/[^/]+\.parquet$/

/**
 * The hours of a lake that have readings in the range, in order, those without a time last and only where no range is given.
 * Raw readings where the lake has any, else what a pipeline passed on. Rejects where there are none, and says what there is.
 */
export async function hoursOf(who: string, store: ObjectReader, { from = -Infinity, until = Infinity }: LakeRange): Promise<readonly LakeHour[]> {
  const raw = await listed(store, 'raw/topic=')
  const hours = hoursIn(raw.length > 0 ? raw : [...await listed(store, 'reading/day='), ...await listed(store, 'kind=reading/day=')])
  if (hours.length === 0) {
    throw new Error(`${who}: there are no readings in '${store.name}'; expected objects in folders reading/day=2025-12-18/hour=12/, kind=reading/... or raw/topic=.../..., as the sinks of a lake write them: name the folder above those`)
  }
  const within = hours.filter(({ start }) => (Number.isNaN(start) ? from === -Infinity && until === Infinity : start < until && start + HOUR > from))
  if (within.length === 0) {
    throw new Error(`${who}: there are no readings${from === -Infinity ? '' : ` from ${shown(from)}`}${until === Infinity ? '' : ` until ${shown(until)}`} in '${store.name}'; its hours are from ${hours[0]!.name} to ${hours.at(-1)!.name}, in UTC`)
  }
  return within
}

const shown = (time: number): string => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time))

async function listed(store: ObjectReader, prefix: string): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const path of store.list(prefix)) if (PATH.test(path)) paths.push(path)
  return paths
}

function hoursIn(paths: readonly string[]): readonly LakeHour[] {
  const hours = new Map<string, { readonly start: number; readonly objects: LakeObject[] }>()
  for (const path of [...paths].sort()) {
    const [, topic, name, day, hour] = PATH.exec(path) as unknown as readonly [string, string | undefined, string, string, string]
    const known = hours.get(name) ?? { start: Date.parse(`${day}T${hour}:00:00Z`), objects: [] }
    known.objects.push({ path, ...(topic === undefined ? {} : { topic: decoded(topic) }) })
    hours.set(name, known)
  }
  return [...hours]
    .map(([name, { start, objects }]) => ({ name, start, objects, mark: createHash('sha256').update(objects.map(({ path }) => path).join('\n')).digest('hex').slice(0, 16) }))
    .sort((a, b) => placeOf(a) - placeOf(b) || (a.name < b.name ? -1 : 1))
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a folder that no sink of ours has named
  }
}

const placeOf = ({ start }: LakeHour): number => (Number.isNaN(start) ? Number.MAX_VALUE : start)
