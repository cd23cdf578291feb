import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaClient } from '../../src/kafka/client.js'
import { runPartitions } from '../../src/pipelines/index.js'
import type { Item, Rejected, Sink } from '../../src/model/index.js'
import { kafkaSource } from '../../src/sources/kafka.js'
import { needsToStart } from './needs.js'
import { provideKafka } from './provide/kafka.js'
import { runTool } from './provide/run-tool.js'
import { startKafka } from './start/index.js'
import type { Kafka } from './start/index.js'
import { damage } from './kafka/damage.js'
import { createTopics } from './kafka/topic.js'

const own = await needsToStart('kafka')

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const TYPES: Readonly<Record<string, number>> = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 }

/** Sends the lines of a file, in batches of a thousand, by Kafka's own client. */
const PRODUCER = `
import org.apache.kafka.clients.producer.*;
import java.nio.file.*;
import java.util.*;
public class Send {
  public static void main(String[] a) throws Exception {
    Properties p = new Properties();
    p.put("bootstrap.servers", a[0]);
    p.put("linger.ms", "500");
    p.put("batch.size", "262144");
    p.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    p.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    for (int i = 2; i < a.length; i++) {
      p.put("compression.type", a[i]);
      try (KafkaProducer<String, String> producer = new KafkaProducer<>(p)) {
        for (String line : Files.readAllLines(Path.of(a[1]))) producer.send(new ProducerRecord<>("java_" + a[i], 0, "M1", line));
      }
    }
  }
}
`

const line = (i: number): string => JSON.stringify({ timestamp: Date.UTC(2026, 0, 5) + 1_000 * i, machine_id: 'M1', sensor_type: 'current', value: 20 + i % 7, unit: 'A' })

/** What comes of a topic to its end. */
async function read(brokers: readonly string[], topic: string, onDamaged?: (batch: Rejected) => void): Promise<readonly Item[]> {
  const items: Item[] = []
  const sink: Sink = { name: 'memory', open: async () => undefined, write: async (more) => { items.push(...more) }, save: async () => ({}), close: async () => undefined }
  const dir = await mkdtemp(join(tmpdir(), 'motorwatch-codecs-'))
  const group = `${topic}-${Date.now()}`
  await runPartitions({
    source: kafkaSource({ brokers, topics: [topic], group, journal: `${group}_journal`, outputs: [], until: 'caught-up', sessionTimeout: 2_000, ...(onDamaged === undefined ? {} : { onDamaged }) }),
    pipeline: () => (inputs) => inputs,
    sinks: () => [sink],
    checkpoints: { store: () => join(dir, 'checkpoints') },
    signal: new AbortController().signal,
  })
  await rm(dir, { recursive: true, force: true })
  return items
}

const values = (items: readonly Item[]): readonly number[] => items.flatMap((item) => (item.kind === 'reading' ? [(item as unknown as { readonly time: number }).time] : []))

describe.skipIf(own.missing !== undefined)('compressed batches', () => {
  let kafka: Kafka
  beforeAll(async () => {
    kafka = await startKafka()
    await createTopics(kafka.brokers, CODECS.flatMap((codec) => [`java_${codec}`, `ours_${codec}`]), 1)
  })
  afterAll(() => kafka.stop())

  test('of Kafka\'s own client are read in each codec', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'motorwatch-java-'))
    await writeFile(join(dir, 'Send.java'), PRODUCER)
    await writeFile(join(dir, 'lines'), Array.from({ length: 5_000 }, (_, i) => `${line(i)}\n`).join(''))
    await runTool('java', ['-cp', await provideKafka(), join(dir, 'Send.java'), kafka.brokers[0]!, join(dir, 'lines'), ...CODECS])
    await rm(dir, { recursive: true, force: true })
    for (const codec of CODECS) expect(values(await read(kafka.brokers, `java_${codec}`)), codec).toEqual(Array.from({ length: 5_000 }, (_, i) => Date.UTC(2026, 0, 5) + 1_000 * i))
  })

  test.each(CODECS)('are written as %s, and read by the broker and by us', async (codec) => {
    const producer = kafkaClient({ brokers: kafka.brokers }).producer()
    await producer.connect()
    const sent = producer.send({ topic: `ours_${codec}`, compression: TYPES[codec]!, messages: Array.from({ length: 1_000 }, (_, i) => ({ partition: 0, key: 'M1', value: line(i) })) })
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    if (codec === 'zstd' && (major < 22 || (major === 22 && minor < 15))) await expect(sent).rejects.toThrow('zstd is written by Node 22.15 and later only')
    else {
      await sent
      expect(values(await read(kafka.brokers, `ours_${codec}`))).toHaveLength(1_000)
    }
    await producer.disconnect()
  })

  test.each(['none', 'gzip', 'snappy', 'lz4'])('damaged on the disk are passed over by their offsets, and told of: %s', async (codec) => {
    const topic = `damaged_${codec}`
    await createTopics(kafka.brokers, [topic], 1)
    const producer = kafkaClient({ brokers: kafka.brokers }).producer()
    await producer.connect()
    for (const from of [0, 100, 200]) await producer.send({ topic, compression: TYPES[codec]!, messages: Array.from({ length: 100 }, (_, i) => ({ partition: 0, key: 'M1', value: line(from + i) })) })
    await producer.disconnect()
    await damage(kafka, topic, 1)
    const told: Rejected[] = []
    const items = await read(kafka.brokers, topic, (batch) => { told.push(batch) })
    expect(values(items)).toHaveLength(200)
    const rejected = items.filter((item) => item.kind === 'rejected') as unknown as readonly Rejected[]
    expect(rejected).toMatchObject([{ reason: 'undecodable', where: `${topic}/0/100-199`, detail: expect.stringContaining('a damaged one of 100 messages, its checksum is wrong') as unknown }])
    expect(told).toEqual(rejected)
  })
})
