import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alarm, Item } from '../../src/model/index.js'
import { muted, readOnly, rewindPartitions, runPartitions } from '../../src/pipelines/index.js'
import { memorySink } from '../../src/sinks/memory.js'
import { s3 } from '../../src/s3/s3.js'
import type { S3 } from '../../src/s3/s3.js'
import { kafkaPositions, kafkaSource, kafkaTopics } from '../../src/sources/kafka.js'
import type { KafkaBeginning } from '../../src/sources/kafka.js'
import { commandsOf, eventsOf, jobs, optionsOf, sourceOptionsOf, work } from './kafka/job.js'
import type { Job } from './kafka/job.js'
import { alarmsOf, feed, ids, parsed, someReadings } from './kafka/load.js'
import { committed, send } from './kafka/topic.js'
import { needs } from './needs.js'

const kafka = await needs('kafka')
const minio = await needs('minio')
const { brokers } = kafka
const seed = Number(process.env['MOTORWATCH_SEED'] ?? Date.now() % 2 ** 31)
const never = new AbortController().signal

describe.skipIf(kafka.missing !== undefined || minio.missing !== undefined)(`beginning again (MOTORWATCH_SEED=${seed})`, () => {
  let dir: string
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-again-'))
    await admin.connect()
  })
  afterAll(async () => {
    await admin.disconnect()
    await rm(dir, { recursive: true, force: true })
  })

  const jobOf = jobs(brokers, 'b', () => dir)
  const inBucket = async <R>(prefix: string, use: (store: S3) => Promise<R>): Promise<R> => {
    const url = new URL(minio.endpoint)
    const store = s3('test', { endPoint: url.hostname, port: Number(url.port), useSSL: false, accessKey: minio.accessKey, secretKey: minio.secretKey, bucket: minio.bucket, prefix })
    await store.open()
    return use(store).finally(() => store.close())
  }
  const namesIn = (prefix: string): Promise<readonly string[]> => inBucket(prefix, async (store) => {
    const names: string[] = []
    for await (const name of store.list('')) names.push(name)
    return names.sort()
  })
  /** All rows of the lake, with the folder that each is in. */
  const lakeOf = ({ group }: Job): Promise<readonly string[]> => inBucket(group, async (store) => {
    const rows: string[] = []
    for await (const path of store.list(''))
      if (path.endsWith('.parquet'))
        for (const row of await parquetReadObjects({ file: new Uint8Array((await store.get(path))!).buffer })) rows.push(`${path.split('/').slice(0, 3).join('/')} ${JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`)
    return rows.sort()
  })
  const events = async (job: Job): Promise<readonly Alarm[]> => parsed([...await committed(brokers, eventsOf(job))].sort((a, b) => a.partition - b.partition || a.offset - b.offset))
  const again = async (job: Job, to: KafkaBeginning): Promise<void> =>
    rewindPartitions({ ...optionsOf(job, never), positions: await kafkaPositions(sourceOptionsOf(job), to), sinksToo: to === 'journal' })

  test('what has been lost of the lake and all checkpoints is made again from topics and journal, and no alarm is told twice', { timeout: 120_000 }, async () => {
    const readings = someReadings(seed, 6, 300)
    const job = await jobOf(2, { s3: minio })
    const third = Math.floor(readings.length / 3)
    for (const part of [readings.slice(0, third), readings.slice(third)]) {
      await feed(job, part)
      const stop = new AbortController()
      let count = 0
      await work({ ...job, untilCaughtUp: false }, stop.signal, { onBatch: (read) => {
        count += read
        if (count >= part.length) stop.abort()
      } })
    }
    await work(job, never)
    const [lake, told] = [await lakeOf(job), await events(job)]
    expect(ids(told)).toEqual(ids(await alarmsOf(readings)))
    expect(lake.length).toBeGreaterThan(readings.length)

    const lost = await inBucket(job.group, async (store) => {
      let count = 0
      for await (const path of store.list('')) if (count++ % 2 === 0) await store.remove(path)
      return count
    })
    expect(lost).toBeGreaterThan(10)
    expect((await lakeOf(job)).length).toBeLessThan(lake.length)
    await inBucket(`${job.group}-checkpoints/0`, async (store) => { for await (const name of store.list('checkpoint-')) await store.put(name, new Uint8Array(3)) })
    await expect(work(job, never)).rejects.toThrow(/none in .* can be read/)

    await again(job, 'journal')
    await work(job, never)
    expect(await lakeOf(job)).toEqual(lake)
    expect(await events(job)).toEqual(told)
  })

  test('where it stands, at the beginning, at the end, at a time: the next worker reads on from there', { timeout: 120_000 }, async () => {
    const readings = someReadings(seed, 4, 100)
    const job = await jobOf(1)
    const half = readings.slice(0, Math.floor(readings.length / 2))
    await feed(job, half)
    await work(job, never)
    const first = (await events(job)).length
    expect(first).toBeGreaterThan(0)
    const read = async (): Promise<number> => {
      let count = 0
      await work(job, never, { onBatch: (items) => { count += items } })
      return count
    }
    await again(job, 'committed')
    expect(await read()).toBe(0)
    await again(job, 'earliest')
    expect(await read()).toBe(half.length)
    const twice = ids(await events(job))
    expect(twice).toHaveLength(2 * first)
    expect(new Set(twice).size).toBe(first) // under the same ids

    const between = Date.now() + 50
    await new Promise((resolve) => setTimeout(resolve, 100))
    await feed(job, readings.slice(half.length))
    await again(job, 'latest')
    expect(await read()).toBe(0)
    await again(job, between)
    expect(await read()).toBe(readings.length - half.length)
    await again(job, 'committed')
    expect(await read()).toBe(0)
    await again(job, Date.now() + 3_600_000)
    expect(await read()).toBe(0)
  })

  test('a dry run tells what would come, and writes nothing', { timeout: 120_000 }, async () => {
    const readings = someReadings(seed, 4, 120)
    const half = Math.floor(readings.length / 2)
    const job = await jobOf(2, { s3: minio })
    await feed(job, readings.slice(0, half))
    const stop = new AbortController()
    let count = 0
    await work({ ...job, untilCaughtUp: false }, stop.signal, { onBatch: (items) => {
      count += items
      if (count >= half) stop.abort()
    } })
    await feed(job, readings.slice(half))
    const state = async () => ({
      lake: await namesIn(job.group), checkpoints: await namesIn(`${job.group}-checkpoints`), events: (await events(job)).length, journal: (await committed(brokers, `${job.group}_journal`)).length,
      offsets: await admin.fetchOffsets({ groupId: job.group }),
    })
    const before = await state()
    const options = optionsOf(job, never)
    const seen: Item[] = []
    await runPartitions({
      ...options,
      source: kafkaSource({ ...sourceOptionsOf(job), dry: true }),
      sinks: (partition) => [...options.sinks(partition).map((sink) => muted(sink)), { ...memorySink(), name: 'seen', write: async (items) => { seen.push(...items) } }],
      inputs: (partition) => options.inputs!(partition).map((sink) => muted(sink)),
      checkpoints: { store: (partition) => readOnly(options.checkpoints.store(partition) as Parameters<typeof readOnly>[0]) },
    }).catch((error: unknown) => { expect(String(error)).toMatch(/was taken with the sinks/) }) // the sinks of the checkpoint are those of the job
    expect(seen).toEqual([])
    await runPartitions({
      ...options,
      source: kafkaSource({ ...sourceOptionsOf(job), dry: true }),
      sinks: (partition) => options.sinks(partition).map((sink) => ({ ...muted(sink), write: async (items) => { seen.push(...items) } })),
      inputs: (partition) => options.inputs!(partition).map((sink) => muted(sink)),
      checkpoints: { store: (partition) => readOnly(options.checkpoints.store(partition) as Parameters<typeof readOnly>[0]) },
    })
    expect(await state()).toEqual(before)
    expect((await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith(`${job.group}-dry`))).toEqual([])
    await work(job, never)
    const told = ids(await events(job)).length - before.events
    expect(told).toBeGreaterThan(0)
    expect(seen.filter(({ kind }) => kind === 'alarm')).toHaveLength(told)
  })

  test('while workers are at work nothing begins again, and what is gone is not made again in silence', { timeout: 120_000 }, async () => {
    const job = await jobOf(1, { untilCaughtUp: false, idle: 3_600_000 })
    await feed(job, someReadings(seed, 1, 10))
    const stop = new AbortController()
    let working = (): void => undefined
    const atWork = new Promise<void>((resolve) => { working = resolve })
    const running = work(job, stop.signal, { onBatch: () => { working() } })
    await atWork
    await expect(kafkaPositions(sourceOptionsOf(job), 'latest')).rejects.toThrow(/1 worker of the group .* is at work: stop it first/)
    stop.abort()
    await running
    await admin.fetchTopicOffsets(job.topics[0]!) // kafkajs wants to have heard of it
    await admin.deleteTopicRecords({ topic: job.topics[0]!, partitions: [{ partition: 0, offset: '3' }] })
    await expect(kafkaPositions(sourceOptionsOf(job), 'journal')).rejects.toThrow(new RegExp(`${job.topics[0]}/0 begins at offset 3 by now.*rewind to 'earliest'`))
    await again(job, 'earliest')
    await work({ ...job, untilCaughtUp: true }, never)
    expect(await kafkaTopics({ brokers }, new RegExp(`${job.group}_sensor_\\w+`))).toEqual([...job.topics].sort())
    await expect(kafkaTopics({ brokers }, /no_such_topic/)).rejects.toThrow(`kafka: no topic matches /no_such_topic/; there are `)
    await expect(kafkaPositions({ ...sourceOptionsOf(job), topics: ['no_such_topic'] }, 'latest')).rejects.toThrow(/there is no topic no_such_topic/)
  })

  test('one machine in two partitions, a second application, and partitions that are added are told of', { timeout: 120_000 }, async () => {
    const job = await jobOf(2, { untilCaughtUp: false, idle: 3_600_000 })
    const line = (second: number): string => JSON.stringify({ timestamp: new Date(Date.UTC(2026, 0, 5) + second * 1_000).toISOString(), machine_id: 'm', sensor_type: 'temperature_coil', value: 60 })
    await send(brokers, job.topics[0]!, 0, [line(0), line(1)])
    await send(brokers, job.topics[0]!, 1, [line(2), line(3)])
    const told: unknown[] = []
    const stop = new AbortController()
    const running = runPartitions({ ...optionsOf(job, stop.signal), source: kafkaSource({ ...sourceOptionsOf(job), onTwoPartitions: (machine, partitions) => { told.push([machine, [...partitions].sort()]) } }) })
    await expect.poll(() => told, { timeout: 20_000 }).toEqual([['m', [0, 1]]])

    await admin.createPartitions({ topicPartitions: [{ topic: job.topics[1]!, count: 4 }] })
    await expect(running).rejects.toThrow(new RegExp(`${job.topics[1]} has 4 partitions by now, and had 2 when this worker began`))
    stop.abort()

    const other = await jobOf(2, { group: job.group })
    await expect(work({ ...other, topics: [other.topics[0]!], dir: join(dir, 'elsewhere') }, AbortSignal.timeout(60_000))).rejects.toThrow(/is the journal of another application of the group .* too, which reads kafka:.*give each a group of its own/)
    expect(commandsOf(other)).toBe(commandsOf(job))
  })
})
