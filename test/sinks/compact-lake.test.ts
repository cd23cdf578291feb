import { fc, test } from '@fast-check/vitest'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect } from 'vitest'
import type { Checkpoint, Item, Snapshot, Summary } from '../../src/model/index.js'
import { compactIn } from '../../src/sinks/minio/compact-lake.js'
import { s3LakeIn } from '../../src/sinks/minio/s3-lake.js'
import { contentOf, memoryStore, type MemoryStore } from './memory-store.js'

const HOUR = 3_600_000
const T0 = Date.UTC(2025, 11, 18, 12)
const NAME = 's3:motor-data-lake/'

const summary = (time: number, machine: string, values: Record<string, number>): Summary => ({ kind: 'summary', time, machine, start: time, end: time + 0.125, values })
const snapshot = (time: number, machine: string): Snapshot => ({ kind: 'snapshot', time, machine, values: { current: 1 }, missing: [] })
const checkpointOf = async (sinks: readonly { readonly name: string, save(): Promise<unknown> }[]): Promise<Checkpoint> => ({
  source: 's', position: 0, timeline: new Uint8Array(), pipeline: '', ended: false, sinks: new Map(await Promise.all(sinks.map(async sink => [sink.name, structuredClone(await sink.save())] as const))),
})
const rowsOf = async ({ objects }: MemoryStore): Promise<string[]> => {
  const rows: string[] = []
  for (const [path, bytes] of objects) {
    if (!path.endsWith('.parquet')) continue
    for (const row of await parquetReadObjects({ file: bytes.slice().buffer, parsers: { timestampFromMicroseconds: (micros: bigint) => String(micros) } })) {
      const filled = Object.entries(row).filter(([, value]) => value !== null).sort(([a], [b]) => a < b ? -1 : 1)
      rows.push(`${path.split('/').slice(0, 3).join('/')} ${JSON.stringify(filled)}`)
    }
  }
  return rows.sort()
}

/** Writes of two partitions; what comes after `saved` is after the oldest checkpoint. */
const writes = fc.array(fc.record({
  partition: fc.constantFrom(0, 1), minutes: fc.nat(150), kind: fc.constantFrom('summary', 'summary', 'snapshot', 'own'), values: fc.dictionary(fc.constantFrom('mean', 'max', 'rms'), fc.double(), { noNullPrototype: true }),
}), { minLength: 10, maxLength: 60 })

const lake = async (writes: readonly { readonly partition: number, readonly minutes: number, readonly kind: string, readonly values: Record<string, number> }[], saved: number) => {
  const store = memoryStore()
  const made = (partition: number) => s3LakeIn(store, { name: NAME, partition: `p${partition}`, rows: 2 })
  const sinks = [made(0), made(1)]
  for (const sink of sinks) await sink.open()
  const itemOf = (i: number): Item => {
    const { kind, minutes, values } = writes[i]!
    const time = T0 + minutes * 60_000
    return kind === 'summary' ? summary(time, `M${i}`, values) : kind === 'snapshot' ? snapshot(time, `M${i}`) : { kind, time, machine: `M${i}` } as Item
  }
  const write = async (from: number, to = writes.length): Promise<void> => {
    for (let i = from; i < Math.min(to, writes.length); i++) await sinks[writes[i]!.partition]!.write([itemOf(i)])
  }
  await write(0, saved)
  const checkpoint = await checkpointOf(sinks)
  await write(saved)
  const goOn = async (): Promise<void> => {
    for (const partition of [0, 1]) {
      sinks[partition] = made(partition)
      await sinks[partition].open(checkpoint.sinks.get(sinks[partition].name))
    }
    await write(saved)
    for (const sink of sinks) await sink.close(true)
  }
  return { store, checkpoint, goOn }
}

describe('compaction', () => {
  test.prop([writes, fc.integer({ min: 10, max: 60 }), fc.constantFrom(2, 7, 50_000), fc.nat(12)], { numRuns: 30 })(
    'killed anywhere and done again, it loses no row and leaves none twice, and a run goes on from the oldest checkpoint as if nothing had been', async (writes, saved, rows, killedAfter) => {
      const { store, checkpoint, goOn } = await lake(writes, saved)
      const calm = await lake(writes, saved)
      const before = await rowsOf(store)
      let steps = 0
      const killed = { ...store, list: store.list.bind(store), get: store.get.bind(store) }
      for (const name of ['put', 'remove'] as const) {
        killed[name] = async (path: string, bytes?: Uint8Array) => {
          if (steps++ >= killedAfter) throw new Error('killed')
          await store[name](path, bytes as never)
        }
      }
      await compactIn(killed, NAME, [checkpoint], rows).catch((error: Error) => { if (error.message !== 'killed') throw error })
      const rowsThen = new Set(await rowsOf(store))
      expect([...rowsThen].sort()).toEqual(before)
      await compactIn(store, NAME, [checkpoint], rows)
      expect(await rowsOf(store)).toEqual(before)
      expect([...store.objects.keys()].filter(path => path.startsWith('compactions/'))).toEqual([])
      expect(store.objects.size).toBeLessThanOrEqual(calm.store.objects.size)

      await goOn()
      await calm.goOn()
      expect(await rowsOf(store)).toEqual(await rowsOf(calm.store))
    })

  test('joins what is small of all partitions of an hour, below the oldest checkpoint, and nothing else', async () => {
    const store = memoryStore()
    store.objects.set('raw/topic=t/day=2025-12-18/hour=12/partition-3-offset-000000000000-000000000001.parquet', new Uint8Array())
    const sinks = ['a', 'b', 'c'].map(partition => s3LakeIn(store, { name: NAME, partition, rows: 1 }))
    for (const sink of sinks) await sink.open()
    const write = async (hour: number): Promise<void> => {
      for (const [i, sink] of sinks.entries()) await sink.write([summary(T0 + hour * HOUR, `M${i}`, { mean: i })])
    }
    await write(0)
    await write(0)
    const known = await checkpointOf(sinks.slice(0, 2))
    await write(0)
    expect(await compactIn(store, NAME, [known], 50_000)).toEqual({ from: 4, into: 1 })
    const left = [...store.objects.keys()].map(path => path.slice(path.lastIndexOf('/') + 1).replace(/compacted-[0-9a-f]{16}/, 'compacted')).sort()
    const of = (partition: string, number: number): string => `20251218T120000Z-partition-${partition}-0000000${number}.parquet`
    expect(left).toEqual([of('a', 2), of('b', 2), of('c', 0), of('c', 1), of('c', 2), 'compacted.parquet', 'partition-3-offset-000000000000-000000000001.parquet'].sort())
    const content = contentOf(store)
    expect(await compactIn(store, NAME, [known], 50_000)).toEqual({ from: 0, into: 0 })
    expect(contentOf(store)).toEqual(content)
  })
})
