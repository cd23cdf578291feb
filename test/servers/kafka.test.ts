import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decoder } from '../../src/model/index.js'
import type { Alarm } from '../../src/model/index.js'
import { s3 } from '../../src/s3/s3.js'
import { kafkaSource } from '../../src/sources/kafka.js'
import { random } from '../random.js'
import { alarmsOf, feed, ids, parsed, someReadings } from './kafka/load.js'
import { influxApi } from './influx-api.js'
import { commandsOf, deadLettersOf, eventsOf, jobs, work } from './kafka/job.js'
import { workers } from './kafka/workers.js'
import { committed, createTopics, send } from './kafka/topic.js'
import { needs } from './needs.js'

const kafka = await needs('kafka')
const influx = await needs('influx')
const minio = await needs('minio')
const { brokers } = kafka

const referenceFile = join(import.meta.dirname, '../../../shared/data/reference-sensor-data.jsonl')
const seed = Number(process.env['MOTORWATCH_SEED'] ?? Date.now() % 2 ** 31)

describe.skipIf(kafka.missing !== undefined || influx.missing !== undefined || minio.missing !== undefined)(`real servers (MOTORWATCH_SEED=${seed})`, () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-kafka-'))
  })
  afterAll(async () => {
    await rm(dir, { recursive: true, force: true })
  })

  const jobOf = jobs(brokers, 't', () => dir)

  test('what is in four topics is in the lake, in InfluxDB and among the events once each, with the alarms of one pipeline in memory', async () => {
    const isThere = existsSync(referenceFile)
    const { decodeLine } = decoder()
    const readings = isThere
      ? readFileSync(referenceFile, 'utf8').trimEnd().split('\n').flatMap((line) => { const is = decodeLine(line); return is._tag === 'Right' ? [is.right] : [] })
      : someReadings(seed, 5, 600)
    if (isThere) expect(readings).toHaveLength(15_141)
    else console.warn('*** ../shared/data/reference-sensor-data.jsonl IS ABSENT: readings of our own in its place ***')
    const job = await jobOf(3, { influx, s3: minio })
    await feed(job, readings)
    expect(await work(job, new AbortController().signal)).toBe(true)

    const expected = await alarmsOf(readings)
    if (isThere) expect(expected.filter(({ state }) => state === 'raised')).toHaveLength(806)
    const events = parsed(await committed(brokers, eventsOf(job)))
    expect(ids(events)).toEqual(ids(expected))

    const { query } = influxApi(influx)
    const points = async (measurement: string, field: string): Promise<number> =>
      (await query(`from(bucket: "${influx.bucket}") |> range(start: 1970-01-01T00:00:00Z, stop: 2100-01-01T00:00:00Z) |> filter(fn: (r) => r._measurement == "${measurement}" and r._field == "${field}") |> keep(columns: ["_time", "_value"])`)).length
    expect(await points('alarm', 'id')).toBe(expected.length)
    if (isThere) expect(await points('anomaly', 'value')).toBe(890)

    const url = new URL(minio.endpoint)
    const store = s3('test', { endPoint: url.hostname, port: Number(url.port), useSSL: false, accessKey: minio.accessKey, secretKey: minio.secretKey, bucket: minio.bucket, prefix: job.group })
    await store.open()
    const places: string[] = []
    for await (const path of store.list('raw/')) {
      if (!path.endsWith('.parquet')) continue
      const bytes = await store.get(path)
      const file = new Uint8Array(bytes!).buffer
      for (const row of await parquetReadObjects({ file })) places.push(`${/topic=([^/]+)/.exec(path)?.[1]}/${row['partition']}/${row['offset']}`)
    }
    await store.close?.()
    expect(places).toHaveLength(readings.length)
    expect(new Set(places).size).toBe(readings.length)
  })

  test('three workers, killed again and again, raise each alarm once and in order', { timeout: 300_000 }, async () => {
    const readings = someReadings(seed, 12, 1_500)
    const job = await jobOf(6, { untilCaughtUp: false, idle: 3_600_000 })
    const next = random(seed + 1)
    const running = workers(3, job)
    let kills = 0
    try {
      // Fed in pieces, so that there is always something under way.
      for (let i = 0; i < 12; i++) {
        await feed(job, readings.slice(i * readings.length / 12, (i + 1) * readings.length / 12))
        const victim = Math.floor(3 * next())
        await sleep(500 + 2_500 * next())
        await running.kill(victim)
        kills++
        running.start(victim)
      }
      expect(running.failed()).toBe(false)
      await running.stop()
      let { read } = running.told
      expect(await work({ ...job, untilCaughtUp: true }, new AbortController().signal, { onBatch: (count) => { read += count } })).toBe(true)
      const expected = await alarmsOf(readings)
      expect(expected.length).toBeGreaterThan(500)
      const events = parsed(await committed(brokers, eventsOf(job)))
      expect(ids(events)).toEqual(ids(expected))
      for (const machine of new Set(events.map((alarm) => alarm.machine))) {
        const times = events.filter((alarm) => alarm.machine === machine).map(({ time }) => time)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }
      expect(read).toBeGreaterThan(readings.length) // some was read again: the kills have landed
      console.log(`${kills} kills of workers, ${readings.length} readings, ${read - readings.length} of them read again, ${events.length} alarms`)
    } finally {
      await running.stop()
    }
  })

  test('what is no reading is among the dead letters with its place, and all else is taken in', async () => {
    const job = await jobOf(1)
    const topic = job.topics[0]!
    const good = (second: number): string => JSON.stringify({ timestamp: new Date(Date.UTC(2026, 0, 5) + second * 1_000).toISOString(), machine_id: 'm', sensor_type: 'temperature_coil', value: 60 + second / 10 })
    await send(brokers, topic, 0, [good(0), 'no json', null, good(1), JSON.stringify({ machine_id: 'm' }), 'x'.repeat(200_000), good(2)])
    let count = 0
    await work(job, new AbortController().signal, { onBatch: (read) => { count += read } })
    expect(count).toBe(7)
    const letters = (await committed(brokers, deadLettersOf(job))).map(({ value }) => JSON.parse(value) as { readonly reason: string; readonly where: string; readonly detail: string })
    expect(letters.map(({ where }) => where)).toEqual([1, 2, 4, 5].map((offset) => `${topic}/0/${offset}`))
    expect(letters.map(({ detail }) => detail)).toEqual([expect.stringContaining('one JSON object'), expect.stringContaining('tombstone'), expect.stringContaining('timestamp'), expect.stringContaining('65536')])
    for (const { reason } of letters) expect(reason).toBe('undecodable')
  })

  test('a command by its topic is carried out and answered', async () => {
    const job = await jobOf(1, { untilCaughtUp: false, idle: 3_600_000 })
    const stop = new AbortController()
    const running = work(job, stop.signal)
    const events = async (count: number): Promise<readonly Alarm[]> => {
      for (const until = Date.now() + 30_000; ; await sleep(300)) {
        const found = parsed(await committed(brokers, eventsOf(job)).catch(() => []))
        if (found.length >= count || Date.now() > until) return found
      }
    }
    const units = [['temperature_coil', 130], ['vibration_rotor', 1], ['current', 20], ['pressure', 2_000]] as const
    /** In all topics, so that none is waited for. */
    const readings = async (from: number, to: number): Promise<void> => {
      for (const [i, [sensor, value]] of units.entries())
        await send(brokers, job.topics[i]!, 0, Array.from({ length: to - from }, (_, second) => JSON.stringify({ timestamp: new Date(Date.UTC(2026, 0, 5) + (from + second) * 1_000).toISOString(), machine_id: 'm', sensor_type: sensor, value })))
    }
    await readings(0, 20)
    expect((await events(1)).map(({ kind, state }) => [kind, state])).toEqual([['alarm', 'raised']])
    await send(brokers, commandsOf(job), 0, [JSON.stringify({ kind: 'command', time: 0, name: 'acknowledge', machine: 'm', by: 'ana' })])
    await sleep(1_000)
    await readings(20, 40)
    const all = await events(3)
    expect(all.map(({ kind, state }) => [kind, state])).toEqual(expect.arrayContaining([['alarm', 'raised'], ['alarm', 'acknowledged'], ['answer', undefined]]))
    stop.abort()
    expect(await running).toBe(false)
  })

  test('a topic that falls silent is waited for no longer, and a machine that falls silent is missed', async () => {
    const job = await jobOf(1, { untilCaughtUp: false, idle: 1_000 })
    const stop = new AbortController()
    const running = work(job, stop.signal)
    const from = Date.now() - 180_000
    const at = (second: number): string => JSON.stringify({ timestamp: new Date(from + second * 1_000).toISOString(), machine_id: 'm', sensor_type: 'temperature_coil', value: second === 2 ? 130 : 60 })
    await send(brokers, job.topics[0]!, 0, Array.from({ length: 10 }, (_, second) => at(second)))
    const rules = async (count: number): Promise<readonly string[]> => {
      for (const until = Date.now() + 30_000; ; await sleep(300)) {
        const found = parsed(await committed(brokers, eventsOf(job)).catch(() => [])).map(({ rule, state }) => `${rule} ${state}`)
        if (found.length >= count || Date.now() > until) return found
      }
    }
    expect((await rules(3)).slice(0, 2)).toEqual([expect.stringMatching(/raised$/), expect.stringMatching(/cleared$/)])
    expect((await rules(3)).slice(2).join()).toMatch(/missing|silent/)
    stop.abort()
    expect(await running).toBe(false)
  })

  test('stopped and started again, it goes on: nothing is told twice', async () => {
    const readings = someReadings(seed, 3, 120)
    const job = await jobOf(2, { untilCaughtUp: false, idle: 3_600_000 })
    const half = readings.length / 2
    for (const part of [readings.slice(0, half), readings.slice(half)]) {
      await feed(job, part)
      const stop = new AbortController()
      let count = 0
      const running = work(job, stop.signal, { onBatch: (read) => {
        count += read
        if (count >= part.length) stop.abort()
      } })
      expect(await running).toBe(false)
      expect(count).toBe(part.length)
    }
    const events = parsed(await committed(brokers, eventsOf(job)))
    const expected = ids(await alarmsOf(readings))
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    for (const { id } of events) expect(expected).toContain(id)
    expect(events.length).toBeGreaterThan(expected.length / 2)
  })

  test('what cannot go well is told at once, in words', async () => {
    const read = (options: object): Promise<boolean> => kafkaSource({ brokers, ...options }).read(() => Promise.resolve(true), { signal: AbortSignal.timeout(20_000) })
    await expect(read({ topics: ['no_such_topic'], group: 'g' })).rejects.toThrow(/there is no topic no_such_topic\. Make it/)
    const job = await jobOf(2)
    await createTopics(brokers, [`${job.group}_more`], 3)
    await createTopics(brokers, [`${job.group}_journal`], 2)
    await expect(read({ topics: [job.topics[0], `${job.group}_more`], group: 'g', journal: `${job.group}_j` })).rejects.toThrow(/must have the same number of partitions: .*_more has 3/)
    await send(brokers, `${job.group}_journal`, 0, [JSON.stringify({ opened: 'x', group: 'another' })])
    await expect(work(job, AbortSignal.timeout(20_000))).rejects.toThrow(/_journal\/0 is the journal of the group another too.*give each group a journal of its own/)
    await expect(read({ brokers: ['127.0.0.1:1'] })).rejects.toThrow(/no broker answers at 127\.0\.0\.1:1/)
    await expect(read({ brokers: ['no-such-host.invalid:9092'] })).rejects.toThrow(/there is no host of that name: no-such-host\.invalid:9092; check the address/)
    await expect(read({ ssl: true })).rejects.toThrow(/does not speak TLS: use its TLS port/)
    await expect(read({ sasl: { mechanism: 'plain', username: 'ana', password: 'not-to-be-shown' } })).rejects.toThrow(/asks for no user: leave out `sasl`/)
    await expect(read({ sasl: { mechanism: 'plain', username: 'ana', password: 'not-to-be-shown' } })).rejects.not.toThrow(/not-to-be-shown/)
  })
})
