import { checkpointDirectory, inOrder, run } from 'motorwatch'
import type { Input, Output } from 'motorwatch'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { mqttSource } from 'motorwatch/sources/mqtt'
import { join } from 'node:path'

export interface MqttWork {
  readonly url: string
  readonly version: '5' | '3.1.1'
  readonly topics: readonly string[]
  readonly clientId: string
  readonly dir: string
}

/** What came, in order and once, in `readings.jsonl`; a checkpoint a second; killed at any moment, or stopped in order on SIGTERM. */
const { dir, ...work } = JSON.parse(process.argv[2] ?? '') as MqttWork
let read = 0
await run<Input, Output>({
  source: mqttSource({ ...work, spool: join(dir, 'spool') }),
  pipeline: (time) => inOrder<Input>({ lateness: '10s' }, time),
  sinks: [jsonlSink({ path: join(dir, 'readings.jsonl'), kinds: ['reading'] }), jsonlSink({ path: join(dir, 'rejected.jsonl'), kinds: ['rejected'] })],
  checkpoints: { store: checkpointDirectory(join(dir, 'checkpoints')), every: '1s' },
  onBatch: ({ items }) => {
    read += items.length
    process.stdout.write(`read ${read}\n`)
  },
}).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
})
