import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'

/** By series, the times and values of all its readings in this order, as a digest. */
export interface Content {
  readonly readings: number
  readonly copies: number
  readonly series: ReadonlyMap<string, string>
}

export interface InputContent extends Content {
  /** How much a reading comes behind the latest before it, at most; milliseconds. */
  readonly lateness: number
}

type Series = Map<string, [time: number, value: number][]>

const add = (all: Series, key: string, time: number, value: number): void => {
  const own = all.get(key)
  if (own === undefined) all.set(key, [[time, value]])
  else own.push([time, value])
}

const digestsOf = (all: Series): Content => {
  let [readings, copies] = [0, 0]
  const series = new Map<string, string>()
  for (const key of [...all.keys()].sort()) {
    const sorted = (all.get(key) ?? []).sort(([a, x], [b, y]) => a - b || x - y)
    const once = sorted.filter(([time, value], i) => i === 0 || sorted[i - 1]![0] !== time || sorted[i - 1]![1] !== value)
    readings += once.length
    copies += sorted.length - once.length
    series.set(key, createHash('sha256').update(Float64Array.from(once.flat())).digest('hex'))
  }
  return { readings, copies, series }
}

/** What a file of readings says, each once, without any code of ours. */
export async function inputContent(path: string): Promise<InputContent> {
  const all: Series = new Map()
  let latest = -Infinity
  let lateness = 0
  for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n')) {
    const { timestamp, machine_id, sensor_type, value } = JSON.parse(line) as Record<'timestamp' | 'machine_id' | 'sensor_type', string> & { value: number }
    const time = Date.parse(timestamp)
    add(all, `${machine_id} ${sensor_type}`, time, value)
    lateness = Math.max(lateness, latest - time)
    latest = Math.max(latest, time)
  }
  return { ...digestsOf(all), lateness }
}

/** What the readings of a lake say. A reading that it holds twice is a copy. `suspects`: the values of the suspect ones. */
export async function lakeContent(dir: string): Promise<Content & { readonly suspects: readonly number[] }> {
  const all: Series = new Map()
  const suspects: number[] = []
  const folder = join(dir, 'kind=reading')
  for (const name of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.parquet'))) {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, name)), columns: ['time', 'machine', 'sensor', 'value', 'quality'] })
    for (const { time, machine, sensor, value, quality } of rows as { time: Date; machine: string; sensor: string; value: number; quality: string }[]) {
      add(all, `${machine} ${sensor}`, time.getTime(), value)
      if (quality === 'suspect') suspects.push(value)
    }
  }
  return { ...digestsOf(all), suspects }
}

/** Every file that a run has left, but for its checkpoints, as a digest of its bytes. */
export async function filesOf(dir: string): Promise<Readonly<Record<string, string>>> {
  const entries = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1)).filter((path) => !path.startsWith('checkpoints'))
  return Object.fromEntries(await Promise.all(paths.sort().map(async (path) => [path, createHash('sha256').update(await readFile(join(dir, path))).digest('hex')])))
}
