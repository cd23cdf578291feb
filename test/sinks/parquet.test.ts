import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fc, test } from '@fast-check/vitest'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Alarm, Anomaly, Answer, Command, Item, Reading, Rejected, Sink, Snapshot, Summary, Verdict } from '../../src/model/index.js'
import { parquetSink, type ParquetSinkOptions } from '../../src/sinks/parquet.js'

let root: string
beforeAll(async () => { root = await mkdtemp(join(tmpdir(), 'motorwatch-lake-')) })
afterAll(() => rm(root, { recursive: true, force: true }))

let count = 0
const place = (): string => join(root, `lake-${count++}`)
const HOUR = 3_600_000
const T0 = Date.UTC(2025, 11, 18, 12)

const reading = (time: number, value = 1, machine = 'M1'): Reading =>
  ({ kind: 'reading', time, machine, sensor: 'current', value, unit: 'A', quality: 'good' })
const alarm = (time: number): Alarm => ({
  kind: 'alarm', id: 'i', occurrence: 'o', time, machine: 'M1', rule: 'hot', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'zu heiß',
  raisedAt: time, value: NaN, limit: 120,
})

const pathsIn = async (dir: string): Promise<string[]> => (await readdir(dir, { recursive: true, withFileTypes: true }))
  .filter(entry => entry.isFile()).map(entry => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort()
const bytesIn = async (dir: string): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all((await pathsIn(dir)).map(async path => [path, await readFile(join(dir, path), 'base64')] as const)))
type Row = Readonly<Record<string, unknown>>
const rowsOf = async (dir: string, path: string): Promise<Row[]> => await parquetReadObjects({ file: await asyncBufferFromFile(join(dir, path)) }) as Row[]
const rowsIn = async (dir: string): Promise<Row[]> => (await Promise.all((await pathsIn(dir)).map(path => rowsOf(dir, path)))).flat()
/** The hour's folder and what follows, without number: where an object is and which stretch it covers. */
const placesIn = async (dir: string): Promise<string[]> => (await pathsIn(dir)).map(path => path.replace(/-\d+\.parquet$/, ''))

const writeAll = async (items: readonly Item[], options: Omit<ParquetSinkOptions, 'dir'> = {}): Promise<string> => {
  const dir = place()
  const sink = parquetSink({ dir, ...options })
  await sink.open()
  await sink.write(items)
  await sink.close(true)
  return dir
}

describe('where objects are', () => {
  test('by kind, and by day and hour of event time in UTC', async () => {
    const dir = await writeAll([
      reading(T0), reading(T0 + HOUR - 1), reading(T0 + 12 * HOUR), alarm(T0), reading(Date.UTC(2026, 0, 1, 3)), { kind: 'my own/kind', time: T0 } as Item, { kind: 'timeless' },
    ])
    expect(await pathsIn(dir)).toEqual([
      'kind=alarm/day=2025-12-18/hour=12/20251218T120000Z-00000001.parquet',
      'kind=my%20own%2Fkind/day=2025-12-18/hour=12/20251218T120000Z-00000003.parquet',
      'kind=reading/day=2025-12-18/hour=12/20251218T120000Z-00000000.parquet',
      'kind=reading/day=2025-12-19/hour=00/20251219T000000Z-00000002.parquet',
      'kind=reading/day=2026-01-01/hour=03/20260101T030000Z-00000004.parquet',
      'kind=timeless/day=unknown/hour=unknown/unknown-00000005.parquet',
    ])
  })

  test('a part of an hour has objects of its own, a full one is cut by rows', async () => {
    const items = [0, 1, 2, 3, 4].map(i => reading(T0 + i, i)).concat(reading(T0 + 600_000))
    const dir = await writeAll(items, { every: 600_000, rows: 2 })
    expect(await placesIn(dir)).toEqual([
      ...Array.from({ length: 3 }, () => 'kind=reading/day=2025-12-18/hour=12/20251218T120000Z'), 'kind=reading/day=2025-12-18/hour=12/20251218T121000Z',
    ])
    expect((await rowsIn(dir)).map(row => row['value'])).toEqual([0, 1, 2, 3, 4, 1])
  })

  test('only the kinds that are asked for', async () => {
    expect(await placesIn(await writeAll([reading(T0), alarm(T0)], { kinds: ['alarm'] }))).toEqual(['kind=alarm/day=2025-12-18/hour=12/20251218T120000Z'])
  })

  test('an hour is cut when event time is five minutes past it, of every kind; a late item opens a further object of it', async () => {
    const dir = place()
    const sink = parquetSink({ dir })
    await sink.open()
    await sink.write([reading(T0), alarm(T0), reading(T0 + HOUR), reading(T0 + HOUR + 299_999), { kind: 'rejected', time: T0 + 1e10, reason: 'ahead', detail: '' } as Rejected])
    expect(await pathsIn(dir)).toEqual([])
    await sink.write([reading(T0 + HOUR + 300_000)])
    expect(await placesIn(dir)).toEqual(['kind=alarm/day=2025-12-18/hour=12/20251218T120000Z', 'kind=reading/day=2025-12-18/hour=12/20251218T120000Z'])
    await sink.write([reading(T0 + 5), reading(T0 + 2 * HOUR)])
    expect(await pathsIn(dir)).toHaveLength(2)
    await sink.write([reading(T0 + 2 * HOUR + 300_000)])
    expect(await placesIn(dir)).toEqual([
      'kind=alarm/day=2025-12-18/hour=12/20251218T120000Z', 'kind=reading/day=2025-12-18/hour=12/20251218T120000Z',
      'kind=reading/day=2025-12-18/hour=12/20251218T120000Z', 'kind=reading/day=2025-12-18/hour=13/20251218T130000Z',
    ])
    await sink.close(false)
    expect(await pathsIn(dir)).toHaveLength(4)
  })

  test('times all over the calendar keep no more than 64 objects open', async () => {
    const dir = place()
    const sink = parquetSink({ dir })
    await sink.open()
    await sink.write(Array.from({ length: 200 }, (_, i) => ({ kind: 'rejected', time: i % 7 === 0 ? NaN : T0 - i * HOUR, reason: 'late', detail: '' })))
    const { pieces } = await sink.save() as { readonly pieces: readonly unknown[] }
    expect(pieces).toHaveLength(64)
    await sink.close(true)
    expect(await rowsIn(dir)).toHaveLength(200)
  })
})

describe('columns', () => {
  const typesOf = async (dir: string): Promise<Record<string, string>> => {
    const [path] = await pathsIn(dir)
    const schema = parquetSchema(await parquetMetadataAsync(await asyncBufferFromFile(join(dir, path as string))))
    return Object.fromEntries(schema.children.map(({ element }) => [element.name, element.converted_type ?? element.type ?? '']))
  }

  test('reading: the time is a UTC timestamp to the microsecond', async () => {
    const { unit: _unit, ...unitless } = reading(T0 + 0.125, -1.5)
    const dir = await writeAll([reading(T0 + 1), unitless])
    expect(await typesOf(dir)).toEqual({ time: 'TIMESTAMP_MICROS', machine: 'UTF8', sensor: 'UTF8', value: 'DOUBLE', unit: 'UTF8', quality: 'UTF8' })
    expect(await rowsIn(dir)).toEqual([
      { time: new Date(T0 + 1), machine: 'M1', sensor: 'current', value: 1, unit: 'A', quality: 'good' },
      { time: new Date(T0), machine: 'M1', sensor: 'current', value: -1.5, unit: null, quality: 'good' },
    ])
    const [path] = await pathsIn(dir)
    const file = await asyncBufferFromFile(join(dir, path as string))
    const parsers = { timestampFromMicroseconds: (micros: bigint) => micros }
    const exact = await parquetReadObjects({ file, parsers: parsers }) as Row[]
    expect(exact.map(row => row['time'])).toEqual([BigInt(T0 + 1) * 1_000n, BigInt(T0) * 1_000n + 125n])
    const time = parquetSchema(await parquetMetadataAsync(file)).children[0]?.element
    expect(time?.logical_type).toEqual({ type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' })
  })

  test('summary: each number of `values` is a column, null where an item has none', async () => {
    const base = { kind: 'summary', time: T0 + 60_000, machine: 'M1', start: T0, end: T0 + 60_000 } as const
    const items = [
      { ...base, sensor: 'current', values: { mean: 1, day: 2 } }, { ...base, key: 'k', status: 'partial', values: { count: 3, mean: NaN, bins: [1, 2] } },
    ] as unknown as Summary[]
    const dir = await writeAll(items)
    expect(await typesOf(dir)).toEqual({
      time: 'TIMESTAMP_MICROS', machine: 'UTF8', sensor: 'UTF8', key: 'UTF8', start: 'TIMESTAMP_MICROS', end: 'TIMESTAMP_MICROS', status: 'UTF8', other: 'UTF8',
      count: 'DOUBLE', mean: 'DOUBLE', 'values.day': 'DOUBLE',
    })
    const common = { time: new Date(T0 + 60_000), machine: 'M1', start: new Date(T0), end: new Date(T0 + 60_000) }
    expect(await rowsIn(dir)).toEqual([
      { ...common, sensor: 'current', key: null, status: null, other: null, count: null, mean: 1, 'values.day': 2 },
      { ...common, sensor: null, key: 'k', status: 'partial', other: '{"bins":[1,2]}', count: 3, mean: NaN, 'values.day': null },
    ])
  })

  test('all other kinds', async () => {
    const one = async (item: Item): Promise<Row | undefined> => (await rowsIn(await writeAll([item])))[0]
    const time = new Date(T0)
    const asRow = { machine: 'M1', sensor: 'current', value: 1, unit: 'A', quality: 'good' }
    expect(await one(alarm(T0))).toEqual({
      time, machine: 'M1', rule: 'hot', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'zu heiß', raisedAt: time, sensor: null, value: NaN, limit: 120, unit: null,
      level: null, noData: null, by: null, why: null, until: null, since: null, clears: null, inhibitedBy: null, id: 'i', occurrence: 'o',
    })
    expect(await one({ kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'd', where: 'f:1', raw: '{' } as Rejected)).toEqual({
      time: null, reason: 'undecodable', detail: 'd', where: 'f:1', by: null, machine: null, sensor: null, value: null, unit: null, quality: null, raw: '{',
    })
    expect(await one({ kind: 'rejected', time: T0, reason: 'late', detail: 'd', by: 5, reading: reading(T0) } as Rejected)).toMatchObject({ time, by: 5, ...asRow })
    expect(await one({ kind: 'anomaly', time: T0, machine: 'M1', reading: reading(T0), classes: ['thermal'] } as Anomaly)).toEqual({ time, ...asRow, classes: '["thermal"]' })
    expect(await one({ kind: 'snapshot', time: T0, machine: 'M1', values: { current: 1 }, missing: ['voltage'] } as Snapshot))
      .toEqual({ time, machine: 'M1', values: '{"current":1}', missing: '["voltage"]' })
    const verdict = { kind: 'verdict', time: T0, machine: 'M1', condition: 'c', truth: true, margin: 2 } as Verdict
    expect(await one(verdict)).toEqual({ time, machine: 'M1', condition: 'c', truth: true, margin: 2, signal: null, value: null, limit: null, since: null })
    const unknown: Verdict = { ...verdict, truth: 'unknown', margin: NaN }
    expect(await one(unknown)).toMatchObject({ truth: null, margin: NaN })
    expect(await one({ kind: 'command', time: T0, name: 'shelve', by: 'me', until: T0 } as Command)).toMatchObject({ time, name: 'shelve', by: 'me', until: time, why: null })
    expect(await one({ ...alarm(T0), state: 'shelved', status: 'shelved', raisedAt: NaN, level: 'trip', noData: true, by: 'me', why: 'noisy', until: T0 } as Alarm))
      .toMatchObject({ status: 'shelved', raisedAt: null, level: 'trip', noData: true, by: 'me', why: 'noisy', until: time })
    const command: Command = { kind: 'command', time: T0, name: 'acknowledge', machine: 'M1', by: 'me' }
    expect(await one({ kind: 'answer', time: T0, machine: 'M1', command, accepted: false, reason: 'hot: there is nothing to acknowledge', transitions: [] } as Answer))
      .toEqual({ time, machine: 'M1', accepted: false, reason: 'hot: there is nothing to acknowledge', transitions: '[]', command: JSON.stringify(command) })
    expect(await one({ kind: 'own', time: T0, deep: { a: [1] } } as Item)).toEqual({ time, json: `{"kind":"own","time":${T0},"deep":{"a":[1]}}` })
    expect(await one({ kind: 'own', time: 'soon' } as Item)).toEqual({ time: null, json: '{"kind":"own","time":"soon"}' })
    expect(await one({ kind: 'reading', time: 1e300, machine: 7, sensor: null, value: 'x' } as unknown as Item))
      .toEqual({ time: null, machine: '7', sensor: null, value: null, unit: null, quality: null })
  })
})

describe('saving and restoring', () => {
  const time = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5 * HOUR }).map(offset => T0 + offset) }, fc.constant(T0 + 1e11), fc.constant(T0 - 1e9), fc.constant(NaN),
  )
  const item = fc.tuple(time, fc.constantFrom('reading', 'summary', 'own', 'rejected'), fc.dictionary(fc.constantFrom('mean', 'max', 'time'), fc.double(), { noNullPrototype: true }))
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: fc.array(item, { maxLength: 12 }) }, fc.constantFrom('save' as const, 'crash' as const, 'stop' as const)), { maxLength: 20 })
  let serial = 0
  const itemOf = ([time, kind, values]: readonly [number, string, Record<string, number>]): Item => {
    const machine = `M${serial++}`
    return (kind === 'reading' ? reading(time, 1, machine)
      : kind === 'summary' ? { kind, time, machine, start: time, end: time, values }
        : kind === 'rejected' ? { kind, time, reason: 'late', detail: machine } : { kind, time, machine }) as Item
  }

  test.prop([steps, fc.constantFrom(1, 3, 50_000), fc.constantFrom(HOUR, 600_000)], { numRuns: 30 })(
    'any writes, saves, crashes and restores leave the objects of an undisturbed run, byte by byte, with each row once', async (steps, rows, every) => {
      const [dir, calm] = [place(), place()]
      let sink: Sink = parquetSink({ dir, rows, every })
      await sink.open()
      let kept: Item[][] = []
      let written: Item[][] = []
      let saved = structuredClone(await sink.save())
      for (const step of steps) {
        if (step === 'save') {
          saved = structuredClone(await sink.save())
          kept = [...written]
        } else if (typeof step === 'string') {
          if (step === 'stop') await sink.close(false)
          sink = parquetSink({ dir, rows, every })
          await sink.open(saved)
          written = [...kept]
        } else {
          const items = step.map(itemOf)
          await sink.write(items)
          written.push(items)
        }
      }
      await sink.close(true)

      const all = written.flat()
      const other = parquetSink({ dir: calm, rows, every })
      await other.open()
      for (const one of all) await other.write([one])
      await other.close(true)
      expect(await bytesIn(dir)).toEqual(await bytesIn(calm))

      const markOf = (row: Row): unknown => row['machine'] ?? row['detail'] ?? (JSON.parse(row['json'] as string) as Row)['machine']
      expect((await rowsIn(dir)).map(markOf).sort()).toEqual(all.map(one => markOf(one as unknown as Row)).sort())
      await Promise.all([dir, calm].map(path => rm(path, { recursive: true, force: true })))
    })

  test('what it saved does not change when more is written', async () => {
    const sink = parquetSink({ dir: place() })
    await sink.open()
    await sink.write([reading(T0)])
    const saved = await sink.save()
    const copy = structuredClone(saved)
    await sink.write([reading(T0, 2)])
    expect(saved).toEqual(copy)
    await sink.open(saved)
    await sink.write([reading(T0, 3)])
    expect(saved).toEqual(copy)
  })

  test('a write that failed has changed nothing, and the same items written again are there once', async () => {
    const dir = place()
    const sink = parquetSink({ dir, rows: 2 })
    await sink.open()
    await sink.write([reading(T0, 0)])
    await writeFile(join(dir, 'kind=alarm'), 'in the way')
    const before = await sink.save()
    const items = [reading(T0, 1), reading(T0, 2), alarm(T0), alarm(T0)]
    await expect(sink.write(items)).rejects.toThrow(/parquet sink: cannot write '.*kind=alarm.*\.parquet': (ENOTDIR|EEXIST)/)
    expect(await sink.save()).toEqual(before)
    await rm(join(dir, 'kind=alarm'))
    await sink.write(items)
    await sink.close(true)
    expect((await rowsIn(dir)).map(row => row['value'])).toEqual([NaN, NaN, 0, 1, 2])
    const circular = { kind: 'own', self: {} }
    circular.self = circular
    const state = await sink.save()
    await expect(sink.write([reading(T0), circular])).rejects.toThrow(/circular/i)
    expect(await sink.save()).toEqual(state)
  })

  test('a fresh start refuses objects of an earlier run, and clears up only what was half written', async () => {
    const dir = await writeAll([reading(T0)])
    const [path] = await pathsIn(dir)
    await expect(parquetSink({ dir }).open()).rejects.toThrow(/holds objects of an earlier run \('.*00000000\.parquet'\).*move or remove them, or name another place/)
    expect(await pathsIn(dir)).toEqual([path])
    const left = place()
    await mkdir(dirname(join(left, path as string)), { recursive: true })
    await writeFile(join(left, `${path}.tmp`), 'half')
    await writeFile(join(left, 'README.md'), 'mine')
    await writeFile(join(dirname(join(left, path as string)), 'other.parquet.tmp'), 'mine')
    await parquetSink({ dir: left }).open()
    expect(await pathsIn(left)).toEqual(['README.md', 'kind=reading/day=2025-12-18/hour=12/other.parquet.tmp'])
  })

  test('refuses options and states that cannot be', async () => {
    expect(() => parquetSink({ dir: 'x', rows: 0 })).toThrow(/rows is 0; expected/)
    expect(() => parquetSink({ dir: 'x', every: 7_000_001 })).toThrow(/every is 7000001 ms; expected a part of an hour/)
    await expect(parquetSink({ dir: place() }).open({ file: 1 })).rejects.toThrow(/saved state is \{"file":1\}; expected what `save`/)
  })

  const items = Array.from({ length: 40 }, (_, i) => reading(T0 + i, i))
  test.each(['in the middle of writing an object', 'between the temporary file and its name', 'right after the rename'])('kill -9 %s, then restored', async moment => {
    const dir = place()
    const module = fileURLToPath(new URL('../../src/sinks/parquet.ts', import.meta.url))
    const script = `
      import fs from 'node:fs/promises'
      import { syncBuiltinESMExports } from 'node:module'
      const moment = ${JSON.stringify(moment)}
      let armed = false
      const here = () => { process.send('here'); return new Promise(() => {}) }
      const { open, rename } = fs
      fs.open = async (path, ...rest) => {
        const handle = await open(path, ...rest)
        if (armed && moment.includes('middle') && path.endsWith('.tmp')) {
          handle.writeFile = async bytes => { await handle.write(bytes, 0, bytes.length >> 1); await handle.sync(); await here() }
        }
        return handle
      }
      fs.rename = async (...paths) => {
        if (armed && moment.includes('between')) await here()
        await rename(...paths)
        if (armed && moment.includes('right after')) await here()
      }
      syncBuiltinESMExports()
      const { parquetSink } = await import(${JSON.stringify(module)})
      const sink = parquetSink({ dir: ${JSON.stringify(dir)}, rows: 10 })
      const items = ${JSON.stringify(items)}
      await sink.open()
      await sink.write(items.slice(0, 15))
      const saved = await sink.save()
      await sink.write(items.slice(15, 25))
      process.send({ saved: { ...saved, sweepAt: String(saved.sweepAt) } })
      armed = true
      setInterval(() => {}, 1000)
      await sink.write(items.slice(25))`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    let saved: { readonly sweepAt: unknown } | undefined
    const closed = once(child, 'close')
    child.on('message', message => {
      if (message === 'here') child.kill('SIGKILL')
      else saved = (message as { readonly saved: { readonly sweepAt: unknown } }).saved
    })
    expect((await closed)[1]).toBe('SIGKILL')
    const left = await pathsIn(dir)
    expect(left.filter(path => path.endsWith('.tmp'))).toHaveLength(moment.includes('right after') ? 0 : 1)
    expect(left.filter(path => path.endsWith('.parquet'))).toHaveLength(moment.includes('right after') ? 3 : 2)

    const sink = parquetSink({ dir, rows: 10 })
    await sink.open({ ...saved, sweepAt: Number(saved?.sweepAt) })
    expect((await rowsIn(dir)).map(row => row['value'])).toEqual(items.slice(0, 10).map(({ value }) => value))
    await sink.write(items.slice(15))
    await sink.close(true)
    expect(await bytesIn(dir)).toEqual(await bytesIn(await writeAll(items, { rows: 10 })))
    expect((await rowsIn(dir)).map(row => row['value'])).toEqual(items.map(({ value }) => value))
  })
})
