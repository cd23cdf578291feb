import { fc, test } from '@fast-check/vitest'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect } from 'vitest'
import type { Item, Reading } from '../../src/model/index.js'
import { rawIn } from '../../src/sinks/minio/raw-sink.js'
import { contentOf, memoryStore, type MemoryStore } from './memory-store.js'

const HOUR = 3_600_000
const T0 = Date.UTC(2025, 11, 18, 12)
const NAME = 'raw'

const reading = (time: number, offset: number, partition = 3, topic = 'sensor_pressure_stream'): Reading =>
  ({ kind: 'reading', time, machine: 'M1', sensor: 'pressure', value: offset, unit: 'Pa', quality: 'good', origin: { topic, partition, offset } })

const rowsIn = async ({ objects }: MemoryStore): Promise<Record<string, unknown>[]> =>
  (await Promise.all([...objects.values()].map(bytes => parquetReadObjects({ file: bytes.slice().buffer })))).flat()
const pathsIn = ({ objects }: MemoryStore): string[] => [...objects.keys()].sort()

const writeAll = async (items: readonly Item[], rows: number, store = memoryStore()): Promise<MemoryStore> => {
  const sink = rawIn(store, { name: NAME, rows })
  await sink.open()
  await sink.write(items)
  await sink.close(true)
  return store
}

/** A log of two partitions: times that go on, jump over hours, and clocks that are wrong now and then; offsets with gaps, as marks of transactions leave them. */
const log = fc.array(
  fc.record({
    partition: fc.constantFrom(0, 1),
    step: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 200_000 }) }, fc.constant(2 * HOUR)),
    wrong: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(-26 * HOUR, 1e9)),
    gap: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 9 })),
  }), { maxLength: 150 },
).map(steps => {
  const next = [0, 0]
  let time = T0
  return steps.map(({ partition, step, wrong, gap }) => {
    const offset = (next[partition] as number) + gap
    next[partition] = offset + 1
    return reading((time += step) + wrong, offset, partition)
  })
})
const rows = fc.constantFrom(1, 7, 20, 1_000)

describe('the log is in the lake', () => {
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: fc.nat(20) }, fc.constantFrom('save' as const, 'crash' as const, 'fail before' as const, 'fail after' as const)), { maxLength: 30 })

  test.prop([log, rows, steps], { numRuns: 60 })('once, byte for byte the same, however it is parted, saved, killed, failed and read again', async (log, rows, steps) => {
    const calm = await writeAll(log, rows)
    const store = memoryStore()
    let sink = rawIn(store, { name: NAME, rows })
    await sink.open()
    let at = 0
    let saved = { at, state: structuredClone(await sink.save()) }
    const write = async (count: number): Promise<void> => {
      await sink.write(log.slice(at, at + count))
      at += count
    }
    for (const step of steps) {
      if (step === 'save') saved = { at, state: structuredClone(await sink.save()) }
      else if (step === 'crash') {
        sink = rawIn(store, { name: NAME, rows })
        await sink.open(saved.state)
        at = saved.at
      } else if (typeof step === 'string') {
        store.failing = [step === 'fail before' ? 'before' : 'after']
        const before = structuredClone(await sink.save())
        await write(20).catch(async () => expect(await sink.save()).toEqual(before))
        store.failing = []
      } else await write(step)
    }
    await write(log.length)
    await sink.close(true)
    expect(contentOf(store)).toEqual(contentOf(calm))

    const origins = (await rowsIn(store)).map(({ partition, offset }) => `${Number(partition)}/${Number(offset)}`)
    expect(origins.sort()).toEqual(log.map(({ origin }) => `${origin?.partition}/${origin?.offset}`).sort())
  })

  test.prop([log, rows, fc.array(fc.tuple(fc.nat(150), fc.nat(150)), { maxLength: 4 })], { numRuns: 60 })(
    'once, when parts of it are read and read again by runs that know nothing of each other', async (log, rows, parts) => {
      const store = memoryStore()
      for (const [from, count] of parts) await writeAll(log.slice(from, from + count), rows, store)
      await writeAll(log, rows, store)
      const origins = (await rowsIn(store)).map(({ partition, offset }) => `${Number(partition)}/${Number(offset)}`)
      expect(origins.sort()).toEqual(log.map(({ origin }) => `${origin?.partition}/${origin?.offset}`).sort())
      for (const [path, bytes] of store.objects) {
        const [, from, to] = /offset-(\d+)-(\d+)\.parquet$/.exec(path) ?? []
        for (const { offset, time } of await parquetReadObjects({ file: bytes.slice().buffer }) as { offset: bigint, time: Date }[]) {
          expect(Number(offset)).toBeGreaterThanOrEqual(Number(from))
          expect(Number(offset)).toBeLessThanOrEqual(Number(to))
          expect(path).toContain(`day=${time.toISOString().slice(0, 10)}/hour=${time.toISOString().slice(11, 13)}/`)
        }
      }
    })

  test('begun in the middle, it is cut as if read from the beginning from the next multiple of `rows` on', async () => {
    const log = Array.from({ length: 60 }, (_, i) => reading(T0 + i * 1_000, i))
    const after = (store: MemoryStore): string[] => pathsIn(store).filter(path => Number(/offset-(\d+)/.exec(path)?.[1]) >= 20)
    expect(after(await writeAll(log.slice(13), 10))).toEqual(after(await writeAll(log, 10)))
  })
})

test('where objects are, and their columns', async () => {
  const { unit: _unit, ...bare } = reading(T0 + HOUR, 1_001)
  const suspect: Reading = { ...reading(T0, 1_999), quality: 'suspect' }
  const store = await writeAll([reading(T0 + 1, 1_000), { kind: 'tick', time: T0 } as Item, bare, suspect, reading(T0, 2_000), reading(T0 + HOUR, 2_001)], 1_000)
  const at = 'raw/topic=sensor_pressure_stream/day=2025-12-18'
  expect(pathsIn(store)).toEqual([
    `${at}/hour=12/partition-3-offset-000000001000-000000001999.parquet`,
    `${at}/hour=12/partition-3-offset-000000002000-000000002001.parquet`,
    `${at}/hour=13/partition-3-offset-000000001000-000000001999.parquet`,
    `${at}/hour=13/partition-3-offset-000000002000-000000002001.parquet`,
  ])
  const common = { machine: 'M1', sensor: 'pressure', unit: 'Pa', quality: 'good', partition: 3n }
  expect(await rowsIn(store)).toEqual([
    { ...common, time: new Date(T0 + 1), value: 1_000, offset: 1_000n }, { ...common, time: new Date(T0), value: 1_999, quality: 'suspect', offset: 1_999n },
    { ...common, time: new Date(T0 + HOUR), value: 1_001, unit: null, offset: 1_001n }, { ...common, time: new Date(T0), value: 2_000, offset: 2_000n },
    { ...common, time: new Date(T0 + HOUR), value: 2_001, offset: 2_001n },
  ])
})

test('a range that is full is written at once, and what is there already is not written again', async () => {
  const store = memoryStore()
  const sink = rawIn(store, { name: NAME, rows: 3 })
  await sink.open()
  await sink.write([reading(T0, 0), reading(T0, 1)])
  expect(pathsIn(store)).toEqual([])
  await sink.write([reading(T0, 2)])
  expect(pathsIn(store)).toHaveLength(1)
  store.put = async () => { throw new Error('written again') }
  await writeAll([0, 1, 2].map(offset => reading(T0, offset)), 3, store)
})

describe('a partition that never fills', () => {
  const sinkOf = async (store: MemoryStore) => {
    const sink = rawIn(store, { name: NAME })
    await sink.open()
    return sink
  }
  test('is cut by the 16th reading in a row that is beside the hour', async () => {
    const store = memoryStore()
    const sink = await sinkOf(store)
    await sink.write([reading(T0, 0), ...Array.from({ length: 15 }, (_, i) => reading(T0 + HOUR + 300_000 + i, i + 1))])
    expect(pathsIn(store)).toEqual([])
    await sink.write([reading(T0 + HOUR + 400_000, 16)])
    expect(pathsIn(store).map(path => path.slice(path.indexOf('hour=')))).toEqual([12, 13].map(hour => `hour=${hour}/partition-3-offset-000000000000-000000000015.parquet`))
  })
  test('is not cut by a clock that is wrong, nor within five minutes of the hour', async () => {
    const store = memoryStore()
    const sink = await sinkOf(store)
    await sink.write(Array.from({ length: 400 }, (_, i) => reading(T0 + (i % 3 === 1 ? 1e9 : i % 9 === 0 ? 0 : HOUR + 299_500 + i), i)))
    expect(pathsIn(store)).toEqual([])
  })
})

test('refuses what is no input of a log', async () => {
  const sink = rawIn(memoryStore(), { name: NAME })
  await sink.open()
  const { origin: _origin, ...bare } = reading(T0, 0)
  await expect(sink.write([bare])).rejects.toThrow(/raw sink: a reading of M1 has no origin; expected one with topic, partition and offset/)
  await sink.write([reading(T0, 5)])
  await expect(sink.write([reading(T0, 5)])).rejects.toThrow(/offset 5 of sensor_pressure_stream\/3 comes after 5; expected rising offsets/)
  await sink.write([reading(T0, 5, 4), reading(T0, 5, 3, 'other')])
  await expect(sink.open({ version: 2 })).rejects.toThrow(/cannot resume in 'memory': the saved state is \{"version":2\}/)
  expect(() => rawIn(memoryStore(), { name: NAME, rows: 0 })).toThrow(/raw sink: rows is 0/)
})
