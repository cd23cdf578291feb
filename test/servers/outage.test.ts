import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedTopics } from '../../src/sources/kafka.js'
import { influxApi } from './influx-api.js'
import { eventsOf, work } from './kafka/job.js'
import type { Job } from './kafka/job.js'
import { alarmsOf, feed, ids, parsed, someReadings } from './kafka/load.js'
import { committed, createTopics } from './kafka/topic.js'
import { workers } from './kafka/workers.js'
import { needs, needsToStart } from './needs.js'
import { startInflux } from './start/index.js'

const kafka = await needs('kafka')
const influx = await needsToStart('influx')
const seed = Number(process.env['MOTORWATCH_SEED'] ?? Date.now() % 2 ** 31)
/** How long the sink is away, in seconds. */
const away = Number(process.env['MOTORWATCH_OUTAGE'] ?? 20)

const MB = 1_048_576

describe.skipIf(kafka.missing !== undefined || influx.missing !== undefined)(`a sink that is away for ${away} s (MOTORWATCH_OUTAGE; MOTORWATCH_SEED=${seed})`, () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-outage-'))
  })
  afterAll(async () => {
    await rm(dir, { recursive: true, force: true })
  })

  test('stops the intake and nothing else: memory stays flat, nothing is lost, and it catches up by itself', { timeout: (away + 240) * 1_000 }, async () => {
    const { brokers } = kafka
    const own = await startInflux()
    const group = `outage${Date.now().toString(36)}`
    const job: Job = { brokers, topics: seedTopics.map((topic) => `${group}_${topic}`), group, untilCaughtUp: false, idle: 3_600_000, dir, influx: { url: own.url, token: own.token, org: own.org, bucket: own.bucket } }
    await createTopics(brokers, job.topics, 6)
    const rounds = away + 20
    const readings = someReadings(seed, 100, 5 * rounds)
    const round = (i: number): Promise<void> => feed(job, readings.slice(i * readings.length / rounds, (i + 1) * readings.length / rounds))

    const used: { readonly at: number; readonly heap: number; readonly rss: number; readonly away: boolean }[] = []
    let isAway = false
    const began = performance.now()
    const running = workers(1, job, { heap: true, onTold: (_, message) => {
      if ('heap' in message) used.push({ at: Math.round((performance.now() - began) / 1_000), heap: Math.round(message.heap / MB), rss: Math.round(message.rss / MB), away: isAway })
    } })
    const most = (those: boolean): number => Math.max(...used.filter((one) => one.away === those).map(({ heap }) => heap))
    try {
      for (let i = 0; i < 20; i++) await Promise.all([round(i), sleep(500)])
      const read = (): number => running.told.read
      const before = read()
      expect(before).toBeGreaterThan(0)
      await own.kill('SIGKILL')
      isAway = true
      const retries = running.told.influx
      let atMost = 0
      for (let i = 20; i < rounds; i++) {
        await Promise.all([round(i), sleep(1_000)])
        if (i === 30) atMost = read()
      }
      expect(running.told.influx).toBeGreaterThan(retries)
      expect(read()).toBe(atMost) // the intake has stopped
      const held = most(true)
      isAway = false
      await own.restart()
      const back = performance.now()
      while (read() < readings.length && performance.now() - back < 200_000) await sleep(200)
      expect(read()).toBe(readings.length)
      const caughtUp = (performance.now() - back) / 1_000
      expect(running.failed()).toBe(false)
      await running.end(0)
      expect(await work({ ...job, untilCaughtUp: true }, new AbortController().signal)).toBe(true)

      const expected = await alarmsOf(readings)
      expect(ids(parsed(await committed(brokers, eventsOf(job))))).toEqual(ids(expected))
      const points = await influxApi(own).query(`from(bucket: "${own.bucket}") |> range(start: 1970-01-01T00:00:00Z, stop: 2100-01-01T00:00:00Z) |> filter(fn: (r) => r._measurement == "alarm" and r._field == "id")`)
      expect(points.map((point) => point['_value']).sort()).toEqual(ids(expected))
      console.table(used.filter((_, i) => i % Math.ceil(used.length / 20) === 0))
      console.log(`${readings.length} readings, of which ${readings.length - atMost} waited in Kafka; heap at most ${held} MB while InfluxDB was away, ${most(false)} MB otherwise; caught up ${caughtUp.toFixed(1)} s after its return`)
      // What is held while a sink is away does not depend on how long that is: at most so many items of each topic of each partition.
      expect(held).toBeLessThan(most(false) + 100)
    } finally {
      await running.stop()
      await own.stop()
    }
  })
})
