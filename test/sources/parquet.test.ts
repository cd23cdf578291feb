import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Item, Reading, Rejected } from '../../src/model/index.js'
import { decoder } from '../../src/model/index.js'
import { parquetSink, type ParquetSinkOptions } from '../../src/sinks/parquet.js'
import { parquetSource, type ParquetSourceOptions } from '../../src/sources/parquet.js'
import { collected } from './collected.js'

let root: string
beforeAll(async () => { root = await mkdtemp(join(tmpdir(), 'motorwatch-lake-source-')) })
afterAll(() => rm(root, { recursive: true, force: true }))

let count = 0
const place = (): string => join(root, `lake-${count++}`)
const HOUR = 3_600_000
const T0 = Date.UTC(2025, 11, 18, 12)
const referenceFile = join(import.meta.dirname, '../../../shared/data/reference-sensor-data.jsonl')
const absent = existsSync(referenceFile) ? '' : ' (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'

const reading = (time: number, value = 1, machine = 'M1'): Reading => ({ kind: 'reading', time, machine, sensor: 'current', value, unit: 'A', quality: 'good' })

const written = async (items: readonly Item[], options: Omit<ParquetSinkOptions, 'dir'> = {}): Promise<string> => {
  const dir = place()
  const sink = parquetSink({ dir, ...options })
  await sink.open()
  await sink.write(items)
  await sink.close(true)
  return dir
}
const readAll = async (dir: string, range: Omit<ParquetSourceOptions, 'dir'> = {}): Promise<readonly (Reading | Rejected)[]> => (await collected(parquetSource({ dir, ...range }))).items
const objectsIn = async (dir: string): Promise<readonly string[]> => (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.parquet')).sort().map((name) => join(dir, name))

const byTime = (readings: readonly Reading[]): readonly Reading[] => [...readings].sort((a, b) => a.time - b.time)
const asTexts = (items: readonly Item[]): readonly string[] => items.map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()

/** Times in whole microseconds, as the lake keeps them. */
const time = fc.integer({ min: T0 * 1_000, max: (T0 + 5 * HOUR) * 1_000 }).map((micros) => micros / 1_000)
const anyReading: fc.Arbitrary<Reading> = fc.record({
  kind: fc.constant('reading' as const), time, machine: fc.string({ unit: 'grapheme' }), sensor: fc.constantFrom('current', 'voltage'), value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  unit: fc.constantFrom('A', 'V'), quality: fc.constantFrom('good' as const, 'suspect' as const),
}, { requiredKeys: ['kind', 'time', 'machine', 'sensor', 'value', 'quality'] })
const cutting = fc.record({ rows: fc.constantFrom(1, 7, 50_000), every: fc.constantFrom(HOUR, 600_000) })

describe('what a sink has written comes out', () => {
  test.prop([fc.array(anyReading, { minLength: 1, maxLength: 60 }), cutting], { numRuns: 40 })('all of it, hour by hour, by time', async (readings, options) => {
    const items = await readAll(await written([...readings, { kind: 'own', time: T0 } as Item], options))
    expect(asTexts(items)).toEqual(asTexts(readings))
    expect(items.map((item) => item.time)).toEqual(byTime(readings).map((each) => each.time))
  })

  test.prop([fc.array(anyReading, { minLength: 1, maxLength: 60 }), cutting, time, time], { numRuns: 40 })('of a range: from the one time until the other', async (readings, options, a, b) => {
    fc.pre(a !== b)
    const [from, until] = [Math.min(a, b), Math.max(a, b)]
    const expected = readings.filter((each) => each.time >= from && each.time < until)
    const hourHas = readings.some((each) => each.time < Math.floor((until - 1e-3) / HOUR + 1) * HOUR && each.time >= Math.floor(from / HOUR) * HOUR)
    const dir = await written(readings, options)
    if (hourHas) expect(asTexts(await readAll(dir, { from, until }))).toEqual(asTexts(expected))
    else await expect(readAll(dir, { from, until })).rejects.toThrow(/there are no readings from .* until /)
  })

  test('those of one time in the order in which they were written', async () => {
    const readings = Array.from({ length: 50 }, (_, i) => reading(T0 + (i % 2) * 1_000, i))
    expect(await readAll(await written(readings, { rows: 7 }))).toEqual(byTime(readings))
  })

  test('a reading that is there twice comes twice', async () => {
    expect(await readAll(await written([reading(T0), reading(T0)]))).toEqual([reading(T0), reading(T0)])
  })

  test.skipIf(absent !== '')(`the reference file, by time${absent}`, async () => {
    const { decodeLine } = decoder()
    const readings = (await readFile(referenceFile, 'utf8')).split('\n').flatMap((line) => {
      const decoded = decodeLine(line)
      return decoded._tag === 'Right' ? [decoded.right] : []
    })
    expect(readings.length).toBeGreaterThan(1_000)
    const items = await readAll(await written(readings, { rows: 1_000 }))
    expect(items).toEqual(byTime(readings))
  })
})

describe('batches and positions', () => {
  const readings = Array.from({ length: 5_000 }, (_, i) => reading(T0 + (i % 4_900) * 2_000, i))

  test('at most 1,000, none over two hours, progress to 1', async () => {
    const { batches, ended } = await collected(parquetSource({ dir: await written(readings, { rows: 400 }) }))
    expect(ended).toBe(true)
    expect(batches.map(({ items }) => items.length)).toEqual([1_000, 900, 1_000, 800, 1_000, 300])
    const progress = batches.map((batch) => batch.progress!)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })

  test('resumed from any of them, it reads on exactly there', async () => {
    const dir = await written(readings, { rows: 400 })
    const whole = await collected(parquetSource({ dir }))
    for (const [i, { position }] of whole.batches.entries()) {
      const rest = await collected(parquetSource({ dir }), { from: JSON.parse(JSON.stringify(position)) as unknown })
      expect(rest).toEqual({ batches: whole.batches.slice(i + 1), items: whole.batches.slice(i + 1).flatMap(({ items }) => items), ended: true })
    }
  })

  test.prop([fc.array(anyReading, { minLength: 1, maxLength: 40 }), cutting, fc.nat()], { numRuns: 20 })('the same of any lake and any range', async (all, options, n) => {
    const dir = await written(all, options)
    const range = { from: T0 + HOUR / 2 }
    fc.pre(all.some((each) => each.time >= T0 + HOUR / 2))
    const whole = await collected(parquetSource({ dir, ...range }))
    const cut = n % whole.batches.length
    const rest = await collected(parquetSource({ dir, ...range }), { from: whole.batches[cut]!.position })
    expect([...whole.batches.slice(0, cut + 1), ...rest.batches]).toEqual(whole.batches)
  })

  test('told to stop, it hands over nothing more', async () => {
    const source = parquetSource({ dir: await written(readings) })
    const { batches, ended } = await collected(source, { most: 2 })
    expect([batches.length, ended]).toEqual([2, false])
    expect(await source.read(async () => { throw new Error('none') }, { signal: AbortSignal.abort() })).toBe(false)
  })

  test('where accept rejects, read does', async () => {
    const source = parquetSource({ dir: await written([reading(T0)]) })
    await expect(source.read(async () => { throw new Error('no room') }, { signal: new AbortController().signal })).rejects.toThrow(/^no room$/)
  })

  test('the objects of the hour where it stood are others: it is refused, and says what to do', async () => {
    const dir = await written(readings, { rows: 400 })
    const { batches } = await collected(parquetSource({ dir }), { most: 1 })
    const [first] = await objectsIn(dir)
    await rm(first!)
    await expect(collected(parquetSource({ dir }), { from: batches[0]!.position })).rejects.toThrow(/parquet source: cannot resume: the objects of day=2025-12-18\/hour=12, where it stood, .* start afresh, from that hour on/)
    await expect(collected(parquetSource({ dir }), { from: { file: 'x' } })).rejects.toThrow(/the saved position is \{"file":"x"\}; expected \{ hour, rows, mark \}/)
  })
})

describe('only the hours of the range are opened', () => {
  test('others may be broken', async () => {
    const dir = await written([reading(T0), reading(T0 + HOUR), reading(T0 + 2 * HOUR)])
    const [first, , last] = await objectsIn(dir)
    await truncate(first!, 10)
    await truncate(last!, 10)
    expect(await readAll(dir, { from: T0 + HOUR, until: T0 + 2 * HOUR })).toEqual([reading(T0 + HOUR)])
    expect((await readAll(dir)).map(({ kind }) => kind)).toEqual(['rejected', 'reading', 'rejected'])
  })
})

describe('nothing is lost in silence', () => {
  test('an object that is broken: once, with its name and what to do', async () => {
    const dir = await written(Array.from({ length: 6 }, (_, i) => reading(T0 + i, i)), { rows: 2 })
    const [first, second] = await objectsIn(dir)
    await truncate(second!, 40)
    const items = await readAll(dir)
    expect(items).toEqual([
      { kind: 'rejected', time: T0, reason: 'undecodable', where: second, detail: expect.stringMatching(/^this is no Parquet object of readings \(.+\); what it held is missing: bring it back, or move it away$/) as string },
      ...[0, 1, 4, 5].map((i) => reading(T0 + i, i)),
    ])
    for (const bytes of ['', 'no Parquet', 'PAR1PAR1', `PAR1${'x'.repeat(50)}PAR1`]) {
      await writeFile(first!, bytes)
      expect((await readAll(dir)).filter(({ kind }) => kind === 'rejected')).toHaveLength(2)
    }
  })

  test('an object of other columns', async () => {
    const dir = await written([reading(T0)])
    const [first] = await objectsIn(dir)
    await writeFile(first!, new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'time', data: ['noon'], type: 'STRING' }] })))
    expect(await readAll(dir)).toEqual([expect.objectContaining({ detail: expect.stringContaining("(it has no column 'time' of the type time, and the columns of readings are time, machine, sensor, value, quality)") as string })])
  })

  test('a row that is no reading, also one without a time', async () => {
    const odd = [reading(T0), { ...reading(T0 + 1), value: NaN }, { ...reading(T0 + 2), quality: 'fine' }, { kind: 'reading', time: NaN }] as unknown as readonly Reading[]
    const dir = await written(odd)
    const [object, unknown] = await objectsIn(dir)
    expect(await readAll(dir)).toEqual([
      reading(T0),
      { kind: 'rejected', time: T0 + 1, reason: 'undecodable', detail: 'value: got NaN, expected a finite number', where: `${object}:2` },
      { kind: 'rejected', time: T0 + 2, reason: 'undecodable', detail: 'quality: got "fine", expected good or suspect', where: `${object}:3` },
      { kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'time: got null, expected a timestamp', where: `${unknown}:1` },
    ])
    expect(await readAll(dir, { from: T0 })).toHaveLength(3)
  })

  test('what is not there', async () => {
    const dir = await written([{ kind: 'own', time: T0 } as Item])
    await expect(readAll(dir)).rejects.toThrow(/parquet source: there are no readings in '.*\/'; expected objects in folders reading\/day=/)
    await expect(readAll(join(dir, 'nowhere'))).rejects.toThrow(/parquet source: there is no folder '.*nowhere' \(looked for .*\); expected the folder of a lake/)
    await writeFile(join(dir, 'file'), '')
    await expect(readAll(join(dir, 'file'))).rejects.toThrow(/is a file; expected the folder of a lake/)
    const other = await written([reading(T0), reading(T0 + 30 * HOUR)])
    await expect(readAll(other, { from: T0 + 2 * HOUR, until: T0 + 3 * HOUR })).rejects
      .toThrow(/no readings from 2025-12-18T14:00:00.000Z until 2025-12-18T15:00:00.000Z in '.*'; its hours are from day=2025-12-18\/hour=12 to day=2025-12-19\/hour=18, in UTC/)
    expect(() => parquetSource({ dir: '' })).toThrow(/`dir` is empty/)
    expect(() => parquetSource({ dir, from: 2, until: 1 })).toThrow(/from is 2 and until 1; expected epoch milliseconds, and from before until/)
  })
})

test('a copy of a bucket, and files that are none of the lake', async () => {
  const dir = await written([reading(T0), reading(T0 + 1)])
  const [object] = await objectsIn(dir)
  const copy = join(place(), 'reading/day=2025-12-18/hour=12/20251218T120000Z-partition-3-00000000.parquet')
  await mkdir(dirname(copy), { recursive: true })
  await writeFile(copy, await readFile(object!))
  await writeFile(join(dirname(copy), 'README.md'), 'mine')
  await writeFile(join(dirname(copy), '../../../raw'), 'mine')
  expect(await readAll(join(dirname(copy), '../../..'))).toEqual([reading(T0), reading(T0 + 1)])
})
