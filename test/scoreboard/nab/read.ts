import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Labelled } from './score.js'

export interface NabFile extends Labelled {
  readonly name: string
  readonly times: readonly number[]
  readonly values: readonly number[]
  /** The rows of its labels, where the folder has them. */
  readonly labels: readonly number[]
}

const timeOf = (text: string): number => Date.parse(`${text.replace(' ', 'T').replace(/(\.\d{3})\d*$/, '$1')}Z`)

/** The files of a folder laid out as the benchmark is: `*` / `*.csv` with `timestamp,value`, and `windows.json` beside them. Those without an entry there are left out. */
export function readNab(folder: string): readonly NabFile[] {
  const json = <T>(name: string): T | undefined => (existsSync(join(folder, name)) ? (JSON.parse(readFileSync(join(folder, name), 'utf8')) as T) : undefined)
  const windows = json<Readonly<Record<string, readonly (readonly [string, string])[]>>>('windows.json')
  if (windows === undefined) throw new RangeError(`${folder}: expected windows.json, with the begin and end of each labelled window by file`)
  const labels = json<Readonly<Record<string, readonly string[]>>>('labels.json')
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
    .flatMap((group) => readdirSync(join(folder, group)).filter((name) => name.endsWith('.csv')).map((name) => `${group}/${name}`))
  return names.sort().filter((name) => windows[name] !== undefined).map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(','))
    const times = lines.map(([time = '']) => timeOf(time))
    const values = lines.map(([, value]) => Number(value))
    const bad = times.findIndex((time, row) => Number.isNaN(time) || Number.isNaN(values[row]))
    if (bad >= 0) throw new RangeError(`${join(folder, name)}:${bad + 2}: expected a time and a number, found ${lines[bad]!.join(',')}`)
    const rowOf = (time: string, from: 'first' | 'last'): number => {
      const at = timeOf(time)
      return from === 'first' ? times.findIndex((each) => each >= at) : times.findLastIndex((each) => each <= at)
    }
    return {
      name, times, values, rows: values.length,
      windows: windows[name]!.map(([first, last]) => [rowOf(first, 'first'), rowOf(last, 'last')] as const),
      labels: (labels?.[name] ?? []).map((time) => rowOf(time, 'first')),
    }
  })
}
