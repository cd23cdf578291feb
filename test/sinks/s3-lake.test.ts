import { fc, test } from '@fast-check/vitest'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect } from 'vitest'
import type { Alarm, Item, Reading, Snapshot, Summary } from '../../src/model/index.js'
import { s3LakeIn, type S3LakeOptions } from '../../src/sinks/minio/s3-lake.js'
import { contentOf, memoryStore, type MemoryStore } from './memory-store.js'

const HOUR = 3_600_000
const T0 = Date.UTC(2025, 11, 18, 12)

const lakeIn = (store: MemoryStore, options: Partial<S3LakeOptions> = {}) => s3LakeIn(store, { name: 'lake', ...options })
const summary = (time: number, machine = 'M1'): Summary => ({ kind: 'summary', time, machine, start: time, end: time, values: { mean: 1 } })
const pathsIn = ({ objects }: MemoryStore): string[] => [...objects.keys()].sort()

test('objects are by kind, day and hour, named by partition, stretch and ordinal; snapshots are fused, and no kind gets into the way of what is raw or fused', async () => {
  const store = memoryStore()
  const sink = lakeIn(store, { partition: 'electrical-3' })
  await sink.open()
  const machine = 'M1'
  await sink.write([
    { kind: 'reading', time: T0, machine, sensor: 'current', value: 1, quality: 'good' } as Reading, { kind: 'snapshot', time: T0, machine, values: {}, missing: [] } as Snapshot, summary(T0),
    { kind: 'alarm', time: T0 } as Alarm, { kind: 'raw', time: T0 } as Item, { kind: 'fused', time: T0 } as Item, { kind: 'timeless' },
  ])
  await sink.close(true)
  const at = 'day=2025-12-18/hour=12/20251218T120000Z-partition-electrical-3'
  expect(pathsIn(store)).toEqual([
    `alarm/${at}-00000000.parquet`, `fused/${at}-00000004.parquet`, `kind-fused/${at}-00000001.parquet`, `kind-raw/${at}-00000002.parquet`, `reading/${at}-00000003.parquet`,
    `summary/${at}-00000005.parquet`, 'timeless/day=unknown/hour=unknown/unknown-partition-electrical-3-00000006.parquet',
  ])
  expect(sink.name).toBe('lake#electrical-3')
})

test.each(['', 'a/b', 'a b', 'ä', 'x'.repeat(65)])('refuses %j as partition', partition => {
  expect(() => lakeIn(memoryStore(), { partition })).toThrow(/lake sink: partition is '.*'; expected 1 to 64 of A-Z/)
})

describe('a run that was taken over, and does not know it yet,', () => {
  const items = Array.from({ length: 40 }, (_, i) => summary(T0 + i * 60_000, `M${i}`))
  const until = async (store: MemoryStore, count: number) => {
    const sink = lakeIn(store, { rows: 5 })
    await sink.open()
    await sink.write(items.slice(0, 10))
    const saved = structuredClone(await sink.save())
    await sink.write(items.slice(10, count))
    return saved
  }

  test('takes away nothing of what the one that goes on has written', async () => {
    const store = memoryStore()
    const saved = await until(store, 30)
    const before = contentOf(store)
    const late = lakeIn(store, { rows: 5 })
    await late.open(saved) // and is held up there
    expect(contentOf(store)).toEqual(before)
    const next = lakeIn(store, { rows: 5 })
    await next.open(saved)
    await next.write(items.slice(10))
    await next.close(true)
    const whole = contentOf(store)
    await late.write(items.slice(10, 22))
    await late.close(false)
    expect(contentOf(store)).toEqual(whole)
  })

  test('but what does not come again is removed, at the latest when the data end', async () => {
    const store = memoryStore()
    const saved = await until(store, 40)
    const sink = lakeIn(store, { rows: 5 })
    await sink.open(saved)
    const others = items.slice(10, 20).map(item => ({ ...item, time: item.time + 6 * HOUR }))
    await sink.write(others)
    await sink.close(true)
    const alone = memoryStore()
    const undisturbed = lakeIn(alone, { rows: 5 })
    await undisturbed.open()
    await undisturbed.write(items.slice(0, 10))
    await undisturbed.write(others)
    await undisturbed.close(true)
    expect(contentOf(store)).toEqual(contentOf(alone))
  })
})

describe('several partitions in one place', () => {
  const item = fc.record({
    hours: fc.integer({ min: 0, max: 5 * 60 }).map(minutes => minutes / 60), kind: fc.constantFrom('summary', 'own', 'snapshot'), to: fc.constantFrom(0, 1, 2),
  })
  const steps = fc.array(fc.oneof(
    { weight: 4, arbitrary: fc.array(item, { minLength: 1, maxLength: 8 }) },
    fc.record({ what: fc.constantFrom('save' as const, 'crash' as const, 'fail before' as const, 'fail after' as const), to: fc.constantFrom(0, 1, 2) }),
  ), { maxLength: 30 })
  const PARTITIONS = ['a', 'a-1', undefined] as const

  test.prop([steps, fc.constantFrom(1, 3, 50_000)], { numRuns: 60 })(
    'have each the objects of an undisturbed run, byte for byte, however they are parted, saved, killed and failed', async (steps, rows) => {
      const store = memoryStore()
      const made = (i: number) => lakeIn(store, { rows, ...(PARTITIONS[i] === undefined ? {} : { partition: PARTITIONS[i] }) })
      const lines = await Promise.all(PARTITIONS.map(async (_, i) => {
        const sink = made(i)
        await sink.open()
        const saved = structuredClone(await sink.save())
        return { sink, saved, kept: 0, written: [] as Item[] }
      }))
      let serial = 0
      for (const step of steps) {
        if (Array.isArray(step)) {
          for (const [i, { sink, written }] of lines.entries()) {
            const items = step.filter(({ to }) => to === i).map(({ hours, kind }) => ({ ...summary(T0 + Math.floor(hours * HOUR), `M${serial++}`), kind }))
            await sink.write(items)
            written.push(...items)
          }
          continue
        }
        const line = lines[step.to]!
        if (step.what === 'save') Object.assign(line, { saved: structuredClone(await line.sink.save()), kept: line.written.length })
        else if (step.what === 'crash') {
          line.sink = made(step.to)
          await line.sink.open(line.saved)
          line.written.length = line.kept
        } else {
          store.failing = [step.what === 'fail before' ? 'before' : 'after']
          const item = summary(T0 + 6 * HOUR, `M${serial++}`)
          await line.sink.write([item]).catch(() => line.sink.write([item]))
          line.written.push(item)
          store.failing = []
        }
      }
      for (const { sink } of lines) await sink.close(true)

      const calm = memoryStore()
      for (const [i, { written }] of lines.entries()) {
        const sink = lakeIn(calm, { rows, ...(PARTITIONS[i] === undefined ? {} : { partition: PARTITIONS[i] }) })
        await sink.open()
        for (const item of written) await sink.write([item])
        await sink.close(true)
      }
      expect(contentOf(store)).toEqual(contentOf(calm))
    })

  test('a fresh start is refused by the objects of its own partition, and goes on beside those of others and what is raw', async () => {
    const store = memoryStore()
    store.objects.set('raw/topic=t/day=2025-12-18/hour=12/partition-3-offset-000000000000-000000000001.parquet', new Uint8Array())
    store.objects.set('summary/mine.parquet', new Uint8Array())
    const first = lakeIn(store, { partition: '3' })
    await first.open()
    await first.write([summary(T0)])
    await first.close(true)
    const before = contentOf(store)
    await lakeIn(store, { partition: '4' }).open()
    await lakeIn(store).open()
    expect(contentOf(store)).toEqual(before)
    await expect(lakeIn(store, { partition: '3' }).open())
      .rejects.toThrow(/lake sink: 'memory' holds objects of an earlier run \('summary\/.*-partition-3-00000000\.parquet'\), and there is no checkpoint to go on from/)
  })
})

test('what a value of `origin` adds does not change the readings that the pipeline passed on', async () => {
  const rowsOf = async (reading: Reading): Promise<unknown> => {
    const store = memoryStore()
    const sink = lakeIn(store)
    await sink.open()
    await sink.write([reading])
    await sink.close(true)
    return parquetReadObjects({ file: [...store.objects.values()][0]!.slice().buffer })
  }
  const reading: Reading = { kind: 'reading', time: T0, machine: 'M1', sensor: 'current', value: 1, quality: 'good' }
  expect(await rowsOf({ ...reading, origin: { topic: 't', partition: 0, offset: 7 } })).toEqual(await rowsOf(reading))
})
