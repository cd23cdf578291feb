import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Item, Reading } from '../../src/model/index.js'
import { rawIn } from '../../src/sinks/minio/raw-sink.js'
import { s3LakeIn } from '../../src/sinks/minio/s3-lake.js'
import { lakeSourceIn } from '../../src/sources/lake/lake-source-in.js'
import { lakeSource } from '../../src/sources/minio.js'
import { type MemoryStore, memoryStore } from '../sinks/memory-store.js'
import { collected } from './collected.js'

const T0 = Date.UTC(2025, 11, 18, 12)
const HOUR = 3_600_000
const topic = 'sensor/pressure stream'

const reading = (time: number, value: number, machine = 'M1'): Reading => ({ kind: 'reading', time, machine, sensor: 'current', value, quality: 'good' })
/** Of a log of two partitions, each with readings of its own machine, in turn. */
const log = (length: number): readonly Reading[] =>
  Array.from({ length }, (_, i) => ({ ...reading(T0 + i * 60_000, i, `M${i % 2}`), origin: { topic, partition: i % 2, offset: Math.floor(i / 2) } }))

const of = (store: MemoryStore) => lakeSourceIn('lake source', store, 's3:test', {})

async function raw(store: MemoryStore, readings: readonly Reading[]): Promise<void> {
  const sink = rawIn<Item>(store, { name: 'raw', rows: 16 })
  await sink.open()
  await sink.write(readings)
  await sink.close(true)
}

async function passedOn(store: MemoryStore, readings: readonly Reading[], partition?: string): Promise<void> {
  const sink = s3LakeIn<Item>(store, { name: 'lake', rows: 16, ...(partition === undefined ? {} : { partition }) })
  await sink.open()
  await sink.write(readings)
  await sink.close(true)
}

afterEach(() => { vi.restoreAllMocks() })

describe('raw readings', () => {
  test('of all partitions by time, with their origin', async () => {
    const store = memoryStore()
    await raw(store, log(150))
    expect((await collected(of(store))).items).toEqual(log(150))
  })

  test('they are read where they are there, and not what a pipeline passed on', async () => {
    const store = memoryStore()
    await raw(store, log(10))
    await passedOn(store, [reading(T0, 7)])
    expect((await collected(of(store))).items).toEqual(log(10))
  })

  test('what came late is in its place by time', async () => {
    const store = memoryStore()
    const late = { ...reading(T0 + 1, -1), origin: { topic, partition: 0, offset: 75 } }
    await raw(store, [...log(150), late])
    expect((await collected(of(store))).items).toEqual([log(1)[0], late, ...log(150).slice(1)])
  })
})

test('partitions of what a pipeline passed on are one stream', async () => {
  const store = memoryStore()
  const [even, odd] = [0, 1].map((of) => Array.from({ length: 100 }, (_, i) => reading(T0 + (2 * i + of) * 60_000, i, `M${of}`)))
  await passedOn(store, even!, '0')
  await passedOn(store, odd!, '1')
  expect((await collected(of(store))).items).toEqual([...even!, ...odd!].sort((a, b) => a.time - b.time))
})

test('an object that goes while the lake is read: it says which, and why that may be', async () => {
  const store = memoryStore()
  await passedOn(store, [reading(T0, 1), reading(T0 + HOUR, 2)])
  const second = [...store.objects.keys()].find((path) => path.includes('hour=13'))!
  const read = of(store).read(async () => { store.objects.delete(second) }, { signal: new AbortController().signal })
  await expect(read).rejects.toThrow(`lake source: 'memory${second}' has gone since the lake was listed; read again when nothing removes objects there, as compactLake does`)
})

test('told to stop while the server is away, it ends', async () => {
  const store = memoryStore()
  await passedOn(store, [reading(T0, 1)])
  const stop = new AbortController()
  const closed = new AbortController()
  vi.spyOn(store, 'get').mockImplementation(() => new Promise((_, reject) => { closed.signal.addEventListener('abort', () => { reject(new Error('not done, because it was told to stop')) }) }))
  vi.spyOn(store, 'close').mockImplementation(async () => { closed.abort() })
  const read = of(store).read(async () => { throw new Error('none') }, { signal: stop.signal })
  setTimeout(() => { stop.abort() }, 10)
  expect(await read).toBe(false)
})

test('it is named for its bucket and prefix, and takes no options that cannot be', () => {
  const connection = { endPoint: 'localhost', port: 9000, useSSL: false, accessKey: 'a', secretKey: 's', bucket: 'motor-data-lake' }
  expect(lakeSource({ ...connection, prefix: 'plant-7' }).name).toBe('s3:motor-data-lake/plant-7')
  expect(() => lakeSource({ ...connection, endPoint: 'http://localhost' })).toThrow(/lake source: .*expected endPoint as a host without scheme and port/)
  expect(() => lakeSource({ ...connection, from: 1, until: 1 })).toThrow(/from is 1 and until 1/)
})
