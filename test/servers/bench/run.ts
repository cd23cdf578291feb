import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeReading } from '../../../src/model/index.js'
import { seedTopics } from '../../../src/sources/kafka.js'
import type { Job } from '../kafka/job.js'
import { feed, someReadings } from '../kafka/load.js'
import { createTopics } from '../kafka/topic.js'
import { startInflux, startKafka, startMinio } from '../start/index.js'
import type { Stage, Took } from './stage.js'

const HELP = `npm run bench:servers -- [--readings N] [--json FILE]

Readings a second of one core of ours, from JSON in Kafka to alarms in Kafka, points in InfluxDB and Parquet in S3, and what each stage takes of it.
Each line is one process that does a little more than that of the line before; the servers share the machine, so trust the processor's time and not the clock's.

--readings N   about so many; left out: 200,000
--json FILE    the figures, for machines
`

const { values: options } = parseArgs({ options: { readings: { type: 'string', default: '200000' }, json: { type: 'string' }, help: { type: 'boolean' } } })

async function measured(stage: Stage): Promise<Took> {
  const child = fork(join(import.meta.dirname, 'stage.ts'), [JSON.stringify(stage)], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [took] = await Promise.race([once(child, 'message') as Promise<[Took]>, once(child, 'exit').then(() => { throw new Error('a stage has ended without its figures') })])
  return took
}

async function main(): Promise<void> {
  const count = Number(options.readings)
  if (!Number.isSafeInteger(count) || count < 1_000) throw new Error(`--readings ${options.readings}: expected a whole number, 1,000 at the least`)
  const dir = await mkdtemp(join(tmpdir(), 'motorwatch-bench-'))
  const servers = await Promise.all([startKafka(), startInflux(), startMinio()])
  const [{ brokers }, influx, s3] = servers
  try {
    const machines = 100
    const readings = someReadings(1, machines, Math.ceil(count / (4 * machines)))
    const lines = join(dir, 'readings.jsonl')
    await writeFile(lines, readings.map((reading) => `${encodeReading(reading)}\n`).join(''))
    const topics = seedTopics.map((topic) => `bench_${topic}`)
    await createTopics(brokers, topics, 4)
    await feed({ brokers, topics, group: 'bench', untilCaughtUp: true, dir }, readings)
    console.log(`${readings.length.toLocaleString('en')} readings of ${machines} machines in ${topics.length} topics`)

    const job = (name: string, more: Partial<Job>): Stage => ({ job: { brokers, topics, group: name, untilCaughtUp: true, dir: join(dir, name), ...more } })
    const stages: readonly (readonly [what: string, stage: Stage])[] = [
      ['decoding', { lines, alone: 'decoding' }],
      ['+ pipeline', { lines, alone: 'pipeline' }],
      ['+ Kafka, its journal, checkpoints in a folder: no sinks', job('plain', { outputs: false })],
      ['+ alarms to Kafka', job('alarms', {})],
      ['+ points to InfluxDB', job('points', { influx })],
      ['+ Parquet and checkpoints to S3: all of it', job('all', { influx, s3 })],
    ]
    const results: { readonly what: string; readonly took: Took }[] = []
    for (const [what, stage] of stages) results.push({ what, took: await measured(stage) })
    const all = results.at(-1)!.took
    console.table(results.map(({ what, took }, i) => ({
      'stage': what,
      'readings/s of a core': Math.round(took.readings / took.processor),
      'readings/s by the clock': Math.round(took.readings / took.wall),
      'share': `${(100 * (took.processor - (results[i - 1]?.took.processor ?? 0)) / all.processor).toFixed(0)} %`,
    })))
    const short = results.find(({ took }) => took.readings !== readings.length)
    if (short !== undefined) throw new Error(`'${short.what}' has read ${short.took.readings} of ${readings.length}`)
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results.map(({ what, took }) => ({ what, ...took })), null, 1)}\n`)
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await rm(dir, { recursive: true, force: true })
  }
}

if (options.help === true) console.log(HELP)
else await main().then(() => process.exit(0), (error: unknown) => { console.error(error); process.exit(1) })
