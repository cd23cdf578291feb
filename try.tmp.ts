import { mkdtempSync } from 'node:fs'
import { run, runPartitions, monitor, reference } from 'motorwatch'
import { jsonlSource } from 'motorwatch/sources/jsonl'
import { kafkaSource, seedTopics, seedTopicOf } from 'motorwatch/sources/kafka'
import { kafkaSink } from 'motorwatch/sinks/kafka'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { Kafka } from 'kafkajs'
const brokers = ['127.0.0.1:29092']
const kafka = new Kafka({ brokers, logLevel: 0 })
const admin = kafka.admin(); await admin.connect()
const x = String(Date.now() % 100000)
const topics = seedTopics.map((t) => `${t}_${x}`)
await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 3 })), waitForLeaders: true })
let t0 = Date.now()
await run({ source: jsonlSource({ input: '/work/shared/data/reference-sensor-data.jsonl' }), pipeline: () => (r) => r, sinks: [kafkaSink({ brokers, topic: (item) => `${seedTopicOf((item as any).sensor)}_${x}` })] })
console.log('fed', Date.now() - t0)
const dir = mkdtempSync('/tmp/mwk-')
t0 = Date.now()
let n = 0, batches = 0
const ended = await runPartitions({
  source: kafkaSource({ brokers, topics, group: `g${x}`, journal: `journal_${x}`, outputs: [{ topic: `events_${x}`, kinds: ['alarm'] }], until: 'caught-up' }),
  pipeline: monitor(reference, { source: (item) => item.kind === 'reading' ? `${seedTopicOf(item.sensor)}_${x}` : undefined, sources: topics }),
  sinks: (p) => [jsonlSink({ path: `${dir}/${p}/alarms.jsonl`, kinds: ['alarm'] }), jsonlSink({ path: `${dir}/${p}/readings.jsonl`, kinds: ['reading'] }), jsonlSink({ path: `${dir}/${p}/rejected.jsonl`, kinds: ['rejected'] })],
  checkpoints: { store: (p) => `${dir}/${p}/checkpoints`, every: '1s' },
  signal: AbortSignal.timeout(60000),
  onBatch: (b) => { n += b.items.length; batches++ },
})
console.log({ ended, ms: Date.now() - t0, n, batches, dir })
await admin.disconnect()
