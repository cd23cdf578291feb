import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import kafkajs from 'kafkajs'
import type { Message } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.js'
import { kafkaClient } from '../../src/kafka/client.js'
import { boundsNow, readTopic } from '../../src/kafka/read-topic.js'
import type { Rejected } from '../../src/model/index.js'
import { monitor, runPartitions } from '../../src/pipelines/index.js'
import { reference } from '../../src/rules/index.js'
import { influxSink } from '../../src/sinks/influx.js'
import { kafkaSink } from '../../src/sinks/kafka.js'
import { byTopic, kafkaSource } from '../../src/sources/kafka.js'
import { influxApi } from './influx-api.js'
import { damage } from './kafka/damage.js'
import { committed, createTopics } from './kafka/topic.js'
import { needs, needsToStart } from './needs.js'
import { startKafka } from './start/index.js'
import type { Kafka } from './start/index.js'

const { CompressionTypes } = kafkajs
const own = await needsToStart('kafka')
const influx = await needs('influx')

const TOPIC = 'poison'
const DEAD = 'motorwatch_dead_letters'
const PARTITIONS = 2
const BUCKET = `poison-${process.pid}`
const BEGIN = Date.UTC(2026, 0, 5)
/** In a batch that is damaged afterwards. */
const LOST = 200

const good = (machine: number, second: number): string =>
  JSON.stringify({ timestamp: BEGIN + 1_000 * second, machine_id: `M${machine}`, sensor_type: 'current', value: second % 2_500 === 0 ? 60 : 20 + second % 7, unit: 'A' })

/** Ways in which a message is no reading, in turn. */
const DAMAGED: readonly ((line: string) => string | Buffer | null)[] = [
  () => null,
  () => '',
  (line) => line.slice(0, -20),
  (line) => line.replace(/"value":\d+/, '"value":NaN'),
  (line) => line.replace(/"value":(\d+)/, '"value":"$1"'),
  (line) => line.replace('"A"', '"bar"'),
  (line) => line.replace('"current"', '"courant"'),
  (line) => line.replace(/"timestamp":\d+/, '"timestamp":"yesterday"'),
  (line) => line.replace(/"machine_id":"\w+",/, ''),
  (line) => `[${line}]`,
  () => Buffer.from([0xff, 0xfe, 0x00, 0x7b]),
  (line) => line + ' '.repeat(70_000),
]

describe.skipIf(own.missing !== undefined || influx.missing !== undefined)('poison', () => {
  let kafka: Kafka
  let dir: string
  beforeAll(async () => {
    kafka = await startKafka({ properties: { 'message.max.bytes': '8000000' } })
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-poison-'))
    await createTopics(kafka.brokers, [TOPIC, DEAD], PARTITIONS)
  })
  afterAll(async () => {
    await kafka.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const cli = async (args: readonly string[]): Promise<string> => {
    process.env['MOTORWATCH_KAFKA_BROKERS'] = kafka.brokers.join(',')
    const stream = new PassThrough()
    const code = await main(['dead-letters', ...args], { stdout: stream, stderr: stream })
    const text = String(stream.read() ?? '')
    expect(code, text).toBe(0)
    return text
  }

  const job = (onDamaged: (batch: Rejected) => void): Promise<boolean> => runPartitions({
    source: kafkaSource({ brokers: kafka.brokers, topics: [TOPIC], group: 'poison', until: 'caught-up', sessionTimeout: 2_000, onDamaged, create: { partitions: PARTITIONS } }),
    pipeline: monitor(reference, byTopic([TOPIC])),
    sinks: () => [influxSink({ ...influx, bucket: BUCKET, kinds: ['reading', 'anomaly'], deadLetters: kafkaSink({ brokers: kafka.brokers, kinds: ['rejected'], topic: () => DEAD }) })],
    checkpoints: { store: (partition) => join(dir, `checkpoints-${partition}`), every: '5s' },
    signal: new AbortController().signal,
  })

  test('10,000 damaged among 100,000 good, a damaged batch, 5 MB, and points that InfluxDB refuses: all good ones arrive, all bad ones are dead letters, and what is mended is replayed', async () => {
    const producer = kafkaClient({ brokers: kafka.brokers }).producer({ allowAutoTopicCreation: false })
    await producer.connect()
    const places: string[] = []
    const anomalous: string[] = []
    const offsets = Array.from({ length: PARTITIONS }, () => 0)
    let poisoned = 0
    const send = async (partition: number, messages: readonly Message[], compression = CompressionTypes.GZIP): Promise<void> => {
      await producer.send({ topic: TOPIC, acks: -1, compression, messages: messages.map((message) => ({ ...message, partition })) })
      offsets[partition]! += messages.length
    }
    // 50 batches of 1,100 for each partition, every eleventh message damaged; one machine a partition.
    for (let batch = 0; batch < 50; batch++)
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const messages = Array.from({ length: 1_100 }, (_, i): Message => {
          const second = batch * 1_000 + i - Math.floor((i + 10) / 11)
          if (i % 11 !== 0) {
            if (second % 2_500 === 0) anomalous.push(`${TOPIC}/${partition}/${offsets[partition]! + i}`)
            return { key: `M${partition}`, value: good(partition, second) }
          }
          places.push(`${TOPIC}/${partition}/${offsets[partition]! + i}`)
          return { key: `M${partition}`, value: DAMAGED[poisoned++ % DAMAGED.length]!(good(partition, second)) }
        })
        await send(partition, messages)
        if (batch === 20 && partition === 0) await send(0, Array.from({ length: LOST }, () => ({ key: 'M9', value: good(9, 0) })), CompressionTypes.Snappy)
        if (batch === 30 && partition === 1) {
          places.push(`${TOPIC}/1/${offsets[1]!}`)
          await send(1, [{ key: 'M1', value: `{"large":"${'x'.repeat(5_000_000)}"}` }], CompressionTypes.None)
        }
      }
    await producer.disconnect()
    expect(places).toHaveLength(10_001)
    const phase = phases()
    await damage(kafka, TOPIC, 21)
    const lost = `${TOPIC}/0/${21 * 1_100}-${21 * 1_100 + LOST - 1}`

    // Another type of field is refused for the whole week.
    const { api, query } = influxApi(influx)
    const { orgs } = await api<{ readonly orgs: readonly { readonly id: string }[] }>('GET', `/api/v2/orgs?org=${influx.org}`)
    await api('POST', '/api/v2/buckets', { orgID: orgs[0]!.id, name: BUCKET, retentionRules: [] })
    await api('POST', `/api/v2/write?org=${influx.org}&bucket=${BUCKET}&precision=ms`, `anomaly,machine_id=M0 value="text" ${BEGIN}`)

    const damaged: Rejected[] = []
    expect(await job((batch) => { damaged.push(batch) })).toBe(true)
    expect(damaged.map(({ where }) => where)).toEqual([lost])

    const counted = async (): Promise<readonly string[]> => (await query(`from(bucket: "${BUCKET}") |> range(start: 2025-01-01T00:00:00Z, stop: 2027-01-01T00:00:00Z) |> filter(fn: (r) => r._measurement == "sensor_reading" and r._field == "value") |> keep(columns: ["machine_id", "_value"]) |> group(columns: ["machine_id"]) |> count()`)).map((row) => `${row['machine_id']} ${row['_value']}`).sort()
    expect(await counted()).toEqual(['M0 50000', 'M1 50000'])
    phase('job')

    const letters = (await committed(kafka.brokers, DEAD)).map(({ value }) => JSON.parse(value) as Rejected)
    const undecodable = letters.filter(({ reason }) => reason === 'undecodable')
    expect(undecodable.map(({ where }) => where).sort()).toEqual([...places, lost].sort())
    expect(undecodable.every(({ detail }) => /got .*expected /s.test(detail) && !detail.includes('\n'))).toBe(true)
    const refused = letters.filter(({ reason }) => reason === 'refused')
    expect(refused.map(({ where }) => where).sort()).toEqual([...anomalous].sort())
    expect(refused[0]!.detail).toMatch(/field type conflict/)
    expect(letters).toHaveLength(undecodable.length + refused.length)

    phase('dead letters read')
    const listed = await cli(['--limit', '3'])
    expect(listed).toContain(`${letters.length} dead letters: `)
    expect(listed).toContain('10002 undecodable')
    expect(listed).toContain(`${anomalous.length} refused`)

    // What could not be read for its unit goes to a topic of those who know it; first dry.
    const units = poisonedBy(5)
    await createTopics(kafka.brokers, ['units'], PARTITIONS)
    const args = ['--reason', 'undecodable', '--detail', 'unit: got "bar"', '--limit', '0', '--to']
    expect(await cli([...args, 'original'])).toContain(`${units} messages would be sent; nothing was: add --yes`)
    expect(await committed(kafka.brokers, 'units')).toHaveLength(0)
    expect(await cli([...args, 'units', '--yes'])).toContain(`${units} messages sent`)
    const again = await committed(kafka.brokers, 'units')
    expect(again).toHaveLength(units)
    expect(new Set(again.map(({ value }) => (JSON.parse(value) as { readonly unit: string }).unit))).toEqual(new Set(['bar']))
    expect(new Set(again.map(({ key }) => key))).toEqual(new Set(['M0', 'M1']))

    expect(await cli(['--from', TOPIC, '--detail', 'damaged', '--to', 'original'])).toContain('stays: its batch is damaged')
    phase('listed and sent')
    // To where they lay, byte by byte.
    const reader = kafkaClient({ brokers: kafka.brokers })
    const before = await boundsNow(reader, TOPIC)
    expect(await cli([...args, 'original', '--yes'])).toContain(`${units} messages sent`)
    const sent: string[] = []
    await readTopic(reader, { group: 'after', topic: TOPIC, wanted: new Map([...before].map(([partition, { high }]) => [partition, { low: high, high: Infinity }])) }, ({ key, value, headers }, partition) => {
      expect(headers?.['motorwatch-replayed']?.toString()).toMatch(new RegExp(`^${DEAD}/\\d+/\\d+$`))
      sent.push(`${partition} ${String(key)} ${String(value)}`)
    })
    expect([...sent].sort()).toEqual(again.map(({ key, value }) => `${key?.slice(1)} ${key} ${value}`).sort())
    phase('sent again')
  })

  const phases = (): ((what: string) => void) => {
    let began = performance.now()
    let cpu = process.cpuUsage()
    return (what) => {
      const { user, system } = process.cpuUsage(cpu)
      console.log(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of the processor`)
      cpu = process.cpuUsage()
      began = performance.now()
    }
  }

  const poisonedBy = (way: number): number => Array.from({ length: 10_000 }, (_, i) => i).filter((i) => i % DAMAGED.length === way).length
})
