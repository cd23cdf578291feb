import { Kafka as Client, logLevel } from 'kafkajs'
import { describe, expect, test, vi } from 'vitest'
import { killAndRestart, started, stopsWithoutTrace } from '../lifecycle.js'
import { needsToStart } from '../needs.js'
import { startKafka, startKafkaCluster } from './index.js'

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
  // `waitForLeaders` fails where it happens to ask a broker that has not heard of the topic yet.
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic: TOPIC, numPartitions: 1, replicationFactor }] })
  await vi.waitFor(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] })
    expect(topics[0]!.partitions[0]!.isr).toHaveLength(replicationFactor)
  }, { timeout: 30_000, interval: 100 })
  await admin.disconnect()
}

async function produce(brokers: readonly string[], value: string): Promise<void> {
  const producer = kafkaClient(brokers).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ partition: 0, value }] })
  await producer.disconnect()
}

/** The values of the topic in their order, up to `last`, each once: what a broker has written and answered too late, because a follower is dead, its client has sent again. */
async function consume(brokers: readonly string[], last: string): Promise<readonly string[]> {
  const consumer = kafkaClient(brokers).consumer({ groupId: 'test', maxWaitTimeInMs: 200, sessionTimeout: 6000 })
  await consumer.connect()
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true })
  const values = new Set<string>()
  await new Promise<void>((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        values.add(message.value!.toString())
        if (values.has(last)) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect()
  return [...values]
}

const kafka = await needsToStart('kafka')
const kafka4 = await needsToStart('kafka-4')

describe('Kafka', () => {
  for (const [version, { missing }] of [['3.9.2', kafka], ['4.3.1', kafka4]] as const) test.skipIf(missing)(`${version} has its messages after a kill`, async () => {
    const server = await started(startKafka({ version, properties: { 'auto.create.topics.enable': 'false' } }))
    await createTopic(server.brokers, 1)
    await produce(server.brokers, 'before')
    await killAndRestart(server)
    await produce(server.brokers, 'after')
    expect(await consume(server.brokers, 'after')).toEqual(['before', 'after'])
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
    expect(await consume(cluster.brokers, 'three again')).toEqual(['three', 'two', 'three again'])
    for (const node of cluster.nodes) await stopsWithoutTrace(node)
  })
})
