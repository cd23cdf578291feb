import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedTopics } from '../../src/sources/kafka.js'
import { eventsOf, work } from './kafka/job.js'
import type { Job } from './kafka/job.js'
import { alarmsOf, feed, ids, parsed, someReadings } from './kafka/load.js'
import { committed, createTopics } from './kafka/topic.js'
import { workers } from './kafka/workers.js'
import { needs } from './needs.js'

const kafka = await needs('kafka')
const seed = Number(process.env['MOTORWATCH_SEED'] ?? Date.now() % 2 ** 31)

describe.skipIf(kafka.missing !== undefined)(`more workers, and fewer (MOTORWATCH_SEED=${seed})`, () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-growing-'))
  })
  afterAll(async () => {
    await rm(dir, { recursive: true, force: true })
  })

  test('from one worker to three and back to one, under load, no alarm is missed or told twice', { timeout: 300_000 }, async () => {
    const { brokers } = kafka
    const group = `growing${Date.now().toString(36)}`
    const job: Job = { brokers, topics: seedTopics.map((topic) => `${group}_${topic}`), group, untilCaughtUp: false, idle: 3_600_000, dir }
    await createTopics(brokers, job.topics, 6)
    const readings = someReadings(seed, 24, 700)

    /** By partition: who has told of it last, when, and what the pauses were between one worker and the next. */
    const owners = new Map<string, { readonly which: number; readonly at: number }>()
    const pauses: { readonly partition: string; readonly from: number; readonly to: number; readonly ms: number }[] = []
    const running = workers(1, job, { onTold: (which, message) => {
      if (!('read' in message) || message.read === 0) return
      const before = owners.get(message.partition)
      const at = performance.now()
      if (before !== undefined && before.which !== which) pauses.push({ partition: message.partition, from: before.which, to: which, ms: Math.round(at - before.at) })
      owners.set(message.partition, { which, at })
    } })
    try {
      let fed = 0
      /** A little each 200 ms, so that something is always under way, until so much has been sent; or, after that, until it is as it should be. */
      const load = async (part: number, isSo: () => boolean): Promise<void> => {
        const end = fed + part * readings.length
        while (fed < readings.length && (fed < end || !isSo())) {
          const to = Math.min(readings.length, fed + 640)
          await feed(job, readings.slice(fed, to))
          fed = to
          await sleep(200)
        }
        expect(isSo()).toBe(true)
      }
      const have = (...those: readonly number[]) => (): boolean => String([...new Set([...owners.values()].map(({ which }) => which))].sort()) === String(those)
      await load(0.15, have(0))
      running.start(1)
      running.start(2)
      await load(0.15, have(0, 1, 2))
      await Promise.all([running.end(1), running.end(2)])
      await load(0.15, have(0))
      await feed(job, readings.slice(fed))
      expect(running.failed()).toBe(false)
      await running.end(0)
      expect(await work({ ...job, untilCaughtUp: true }, new AbortController().signal)).toBe(true)

      const expected = await alarmsOf(readings)
      expect(expected.length).toBeGreaterThan(500)
      const events = parsed(await committed(brokers, eventsOf(job)))
      expect(ids(events)).toEqual(ids(expected))
      console.table(pauses)
      const longest = Math.max(...pauses.map(({ ms }) => ms))
      console.log(`${pauses.length} hand-overs of partitions, ${readings.length} readings, ${events.length} alarms; the longest pause of a partition: ${(longest / 1_000).toFixed(1)} s`)
    } finally {
      await running.stop()
    }
  })
})
