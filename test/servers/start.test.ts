import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { dirname } from 'node:path'
import { Kafka as Client, logLevel } from 'kafkajs'
import { Toxiproxy as ToxiproxyClient } from 'toxiproxy-node-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isRunning } from './is-running.js'
import { needsToStart } from './needs.js'
import { startInflux, startKafka, startKafkaCluster, startMinio, startSeaweedfs, startToxiproxy } from './start/index.js'
import type { Influx, S3, Server } from './start/index.js'
import { s3Client } from './start/s3.js'

/** Killed, it is down; started again, it is another process at the same address. */
async function killAndRestart(server: Server): Promise<void> {
  const { pid, address } = server
  await server.kill('SIGKILL')
  expect(isRunning(pid)).toBe(false)
  await server.restart()
  expect(isRunning(server.pid)).toBe(true)
  expect(server.pid).not.toBe(pid)
  expect(server.address).toBe(address)
}

async function stopsWithoutTrace(server: Server): Promise<void> {
  expect(existsSync(server.log)).toBe(true)
  await server.stop()
  expect(isRunning(server.pid)).toBe(false)
  expect(existsSync(dirname(server.log))).toBe(false)
}

const started = async <S extends { stop(): Promise<void> }>(starting: Promise<S>): Promise<S> => {
  const server = await starting
  onTestFinished(() => server.stop())
  return server
}

const kafkaClient = (brokers: readonly string[]): Client => new Client({
  brokers: [...brokers],
  logLevel: logLevel.NOTHING,
  connectionTimeout: 1000,
  requestTimeout: 5000,
  retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 },
})

const TOPIC = 'readings'

async function createTopic(brokers: readonly string[], replicationFactor: number): Promise<void> {
  const admin = kafkaClient(brokers).admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: 1, replicationFactor }] })
  await admin.disconnect()
}

async function produce(brokers: readonly string[], value: string): Promise<void> {
  const producer = kafkaClient(brokers).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ partition: 0, value }] })
  await producer.disconnect()
}

async function consume(brokers: readonly string[], count: number): Promise<readonly string[]> {
  const consumer = kafkaClient(brokers).consumer({ groupId: 'test', maxWaitTimeInMs: 200, sessionTimeout: 6000 })
  await consumer.connect()
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true })
  const values: string[] = []
  await new Promise<void>((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        values.push(message.value!.toString())
        if (values.length >= count) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect()
  return values
}

const kafka = await needsToStart('kafka')
const kafka4 = await needsToStart('kafka-4')
const influx = await needsToStart('influx')
const minio = await needsToStart('minio')
const seaweedfs = await needsToStart('seaweedfs')
const toxiproxy = await needsToStart('toxiproxy')

describe('Kafka', () => {
  test.each([
    { version: '3.9.2', missing: kafka.missing },
    { version: '4.3.1', missing: kafka4.missing },
  ] as const)('$version has its messages after a kill', async ({ version, missing }) => {
    if (missing !== undefined) return
    const server = await started(startKafka({ version, properties: { 'auto.create.topics.enable': 'false' } }))
    await createTopic(server.brokers, 1)
    await produce(server.brokers, 'before')
    await killAndRestart(server)
    await produce(server.brokers, 'after')
    expect(await consume(server.brokers, 2)).toEqual(['before', 'after'])
    await stopsWithoutTrace(server)
  })

  test.skipIf(kafka.missing)('of three nodes goes on with two', async () => {
    const cluster = await started(startKafkaCluster(3))
    expect(cluster.brokers).toHaveLength(3)
    await createTopic(cluster.brokers, 3)
    await produce(cluster.brokers, 'three')
    await cluster.nodes[1]!.kill()
    await produce(cluster.brokers, 'two')
    await killAndRestart(cluster.nodes[1]!)
    await produce(cluster.brokers, 'three again')
    expect(await consume(cluster.brokers, 3)).toEqual(['three', 'two', 'three again'])
    for (const node of cluster.nodes) await stopsWithoutTrace(node)
  })
})

const post = async (server: Influx, path: string, type: string, body: string): Promise<string> => {
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers: { 'authorization': `Token ${server.token}`, 'content-type': type, 'accept': 'application/csv' }, body })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.text()
}

describe.skipIf(influx.missing)('InfluxDB', () => {
  test('has its points after a kill', async () => {
    const server = await started(startInflux())
    await post(server, `/api/v2/write?org=${server.org}&bucket=${server.bucket}&precision=ms`, 'text/plain', `readings,machine=m1 value=61.5 ${Date.now()}`)
    await killAndRestart(server)
    const read = await post(server, `/api/v2/query?org=${server.org}`, 'application/vnd.flux', `from(bucket: "${server.bucket}") |> range(start: -1h)`)
    expect(read).toMatch(/,61\.5,value,readings,m1/)
    await stopsWithoutTrace(server)
  })
})

describe.each([
  { name: 'MinIO', start: startMinio, missing: minio.missing },
  { name: 'SeaweedFS', start: startSeaweedfs, missing: seaweedfs.missing },
])('$name', ({ start, missing }) => {
  const text = async (server: S3, key: string): Promise<string> => {
    const parts: Buffer[] = []
    for await (const part of await s3Client(server).getObject(server.bucket, key)) parts.push(part as Buffer)
    return Buffer.concat(parts).toString()
  }

  test.skipIf(missing)('has its objects after a kill', async () => {
    const server: S3 = await started<S3>(start())
    await s3Client(server).putObject(server.bucket, 'lake/part-1', Buffer.from('61.5'))
    await killAndRestart(server)
    expect(await text(server, 'lake/part-1')).toBe('61.5')
    await stopsWithoutTrace(server)
  })

  test.skipIf(missing)('lets nobody in without its keys', async () => {
    const server: S3 = await started<S3>(start())
    await expect(s3Client({ endpoint: server.endpoint, accessKey: server.accessKey, secretKey: 'wrong-wrong' }).listBuckets()).rejects.toThrow()
    expect((await fetch(`${server.endpoint}/${server.bucket}/`)).status).toBe(403)
  })
})

describe.skipIf(toxiproxy.missing)('toxiproxy', () => {
  test('delays what it passes on, and is there after a kill', async () => {
    const [behind, proxied] = await Promise.all([started(startToxiproxy()), started(startToxiproxy())])
    const client = new ToxiproxyClient(proxied.url)
    const proxy = await client.createProxy({ name: 'behind', listen: '127.0.0.1:0', upstream: behind.address })
    await proxy.addToxic({ name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 300, jitter: 0 } })
    const began = performance.now()
    expect((await fetch(`http://${proxy.listen}/version`)).status).toBe(200)
    expect(performance.now() - began).toBeGreaterThan(290)
    await killAndRestart(proxied)
    await stopsWithoutTrace(proxied)
  })

  test('stands still and goes on', async () => {
    const server = await started(startToxiproxy())
    await server.kill('SIGSTOP')
    await sleep(100)
    expect(isRunning(server.pid)).toBe(true)
    await server.kill('SIGCONT')
    expect((await fetch(`${server.url}/version`)).ok).toBe(true)
  })
})
