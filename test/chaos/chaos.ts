import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seedTopics } from '../../src/sources/kafka.js'
import { commandsOf, work } from '../servers/kafka/job.js'
import type { Job } from '../servers/kafka/job.js'
import { createTopics } from '../servers/kafka/topic.js'
import type { KafkaVersion } from '../servers/provide/kafka.js'
import { faults } from './faults.js'
import type { Fault } from './faults.js'
import { feed } from './feed.js'
import { inflict, WORKERS } from './inflict.js'
import { settle } from './settle.js'
import type { Settled } from './settle.js'
import { startSite } from './site.js'
import { workers } from '../servers/kafka/workers.js'

const PARTITIONS = 6

export interface Result extends Settled {
  readonly kafka: KafkaVersion
  readonly seed: number
  readonly kills: number
  readonly faults: Readonly<Record<string, number>>
  /** How often workers were told that a server was away. */
  readonly retries: { readonly influx: number; readonly s3: number }
  readonly readAgain: number
  readonly seconds: number
}

export interface ChaosOptions {
  readonly kills: number
  readonly seed: number
  /** Four readings a second of each. */
  readonly machines: number
  readonly kafka: KafkaVersion
  readonly say: (text: string) => void
}

/** Three workers on three brokers, InfluxDB and S3, under load, of which `kills` are killed one after the other, with pauses and troubles of the network between; and what is in every store after that. */
export async function chaos({ kills, seed, machines, kafka: version, say: tell }: ChaosOptions): Promise<Result> {
  const began = Date.now()
  const say = (text: string): void => { tell(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${text}`) }
  say(`Kafka ${version}, seed ${seed}: three brokers, InfluxDB, S3 and a proxy before each are started`)
  const site = await startSite(version)
  const dir = await mkdtemp(join(tmpdir(), 'motorwatch-chaos-'))
  try {
    const job: Job = {
      brokers: site.proxied.brokers, influx: site.proxied.influx, s3: site.proxied.s3, topics: seedTopics, group: 'chaos', dir,
      untilCaughtUp: false, idle: 2_000, monitor: { window: '10s', silent: '5s', stale: '5s' },
    }
    await createTopics(site.direct.brokers, [...job.topics, commandsOf(job)], PARTITIONS)
    const running = workers(WORKERS, job)
    const feeding = await feed({ brokers: site.direct.brokers, topics: job.topics, commands: commandsOf(job), partitions: PARTITIONS, machines, seed })
    const done = new Map<string, number>()
    try {
      await sleep(10_000)
      const inflicted = async (fault: Fault): Promise<void> => {
        const before = { ...running.told }
        const text = await inflict(fault, site, running)
        const key = `${fault.what} ${fault.to}`
        done.set(key, (done.get(key) ?? 0) + 1)
        say(`${text}, ${(fault.during / 1_000).toFixed(1)} s; ${feeding.sent()} sent, ${running.told.read} read, retries at InfluxDB ${running.told.influx - before.influx}, at S3 ${running.told.s3 - before.s3}`)
        if (running.failed()) throw new Error('a worker has ended by itself: see above')
      }
      for (const fault of faults(kills, seed)) {
        await inflicted(fault)
        await sleep(fault.then)
      }
      await sleep(5_000)
    } finally {
      await feeding.stop()
    }
    say(`${feeding.sent()} messages are acknowledged; the workers are killed, and one goes on to the end`)
    await running.stop()
    const { influx, s3 } = running.told
    let read = running.told.read
    if (!(await work({ ...job, untilCaughtUp: true }, new AbortController().signal, { onBatch: (count) => { read += count } }))) throw new Error('it did not come to the end')
    say('all is read; now it is counted')
    const settled = await settle(site, job, PARTITIONS)
    return { kafka: version, seed, kills, faults: Object.fromEntries([...done].sort()), retries: { influx, s3 }, readAgain: read - settled.readings, seconds: Math.round((Date.now() - began) / 1_000), ...settled }
  } finally {
    await site.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

/** What a run must have seen for its zeros to mean something, and has not. */
export function unseen({ retries, takeOvers, aborted, ticks, commands, readAgain }: Result): readonly string[] {
  const seen = { 'retries at InfluxDB': retries.influx, 'retries at S3': retries.s3, 'take-overs': takeOvers - PARTITIONS, 'aborted messages': aborted, ticks, commands, 'messages read again': readAgain }
  return Object.entries(seen).flatMap(([name, count]) => (count > 0 ? [] : [name]))
}

