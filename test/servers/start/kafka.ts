import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kafka as Client, logLevel } from 'kafkajs'
import { provideKafka } from '../provide/kafka.js'
import type { KafkaVersion } from '../provide/kafka.js'
import { runTool } from '../provide/run-tool.js'
import { freePorts } from './free-ports.js'
import type { Server } from './server.js'
import { removeFolder, startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export interface KafkaOptions {
  readonly version?: KafkaVersion
  /** On top of those for quick tests, such as `{ 'auto.create.topics.enable': 'false' }`. */
  readonly properties?: Readonly<Record<string, string>>
  /** Given the address of a broker's second listener, the one under which clients shall reach it, as of a proxy: then `outside` is there. */
  readonly through?: (address: string) => Promise<string>
  /** More listeners, as `SASL_SSL: 29093`, beside that which the brokers and tests use; for one node. */
  readonly listeners?: Readonly<Record<string, number>>
  /** More arguments of the formatting of its storage, such as `--add-scram`. */
  readonly format?: readonly string[]
}

export interface Kafka extends Server {
  readonly brokers: readonly string[]
  /** The same brokers by way of `through`. */
  readonly outside: readonly string[]
}

export interface KafkaCluster {
  readonly brokers: readonly string[]
  readonly outside: readonly string[]
  /** Kill one, and the others go on. Where most have been killed, restart them at once: one alone does not answer. */
  readonly nodes: readonly Kafka[]
  stop(): Promise<void>
}

const CLUSTER = 'AAAAAAAAAAAAAAAAAAAAAQ'

interface Node {
  readonly id: number
  readonly port: number
  readonly controller: number
  readonly second?: { readonly address: string; readonly advertised: string }
}

const replicas = (count: number): Readonly<Record<string, string>> => {
  const [factor, least] = [`${Math.min(3, count)}`, `${Math.max(1, Math.min(3, count) - 1)}`]
  return {
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': least,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': least,
    'default.replication.factor': factor,
    'min.insync.replicas': least,
  }
}

/** Nothing waits for longer than a test has time for. */
const QUICK = {
  'group.initial.rebalance.delay.ms': '0',
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
  'group.min.session.timeout.ms': '500',
  'offsets.topic.num.partitions': '5',
  'transaction.state.log.num.partitions': '5',
  'controlled.shutdown.enable': 'false',
} as const

const more = (listeners: Readonly<Record<string, number>>): string => Object.entries(listeners).map(([name, port]) => `,${name}://127.0.0.1:${port}`).join('')

const propertiesOf = ({ id, port, controller, second }: Node, nodes: readonly Node[], folder: string, listeners: Readonly<Record<string, number>>): Readonly<Record<string, string>> => ({
  'process.roles': 'broker,controller',
  'node.id': `${id}`,
  'controller.quorum.voters': nodes.map((node) => `${node.id}@127.0.0.1:${node.controller}`).join(','),
  'listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}${more(listeners)}${second === undefined ? '' : `,OUTSIDE://${second.address}`}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${more(listeners)}${second === undefined ? '' : `,OUTSIDE://${second.advertised}`}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTSIDE:PLAINTEXT,SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'log.dirs': join(folder, 'data'),
  ...replicas(nodes.length),
  ...QUICK,
})

const JVM = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'] as const

/** This broker answers, and knows of `least` brokers. */
async function knowsBrokers(address: string, least: number): Promise<void> {
  const admin = new Client({ brokers: [address], logLevel: logLevel.NOTHING, connectionTimeout: 1000, requestTimeout: 3000, retry: { retries: 0 } }).admin()
  try {
    await admin.connect()
    const { brokers, controller } = await admin.describeCluster()
    if (brokers.length < least || controller === null || controller < 0) throw new Error(`it knows ${brokers.length} brokers`)
    if (!brokers.some(({ host, port }) => `${host}:${port}` === address)) throw new Error('it is not in the cluster')
  } finally {
    await admin.disconnect()
  }
}

async function startNodes(count: number, { version = '3.9.2', properties = {}, listeners = {}, format = [], through }: KafkaOptions): Promise<readonly Kafka[]> {
  const classPath = await provideKafka(version)
  const ports = await freePorts(3 * count)
  const nodes = await Promise.all(Array.from({ length: count }, async (_, i): Promise<Node> => {
    const [port, controller, other] = ports.slice(3 * i) as [number, number, number]
    const address = `127.0.0.1:${other}`
    return { id: i + 1, port, controller, ...(through === undefined ? {} : { second: { address, advertised: await through(address) } }) }
  }))
  const outside = nodes.flatMap(({ second }) => (second === undefined ? [] : [second.advertised]))
  const brokers = nodes.map(({ port }) => `127.0.0.1:${port}`)
  let least = count

  const startNode = async (node: Node): Promise<Kafka> => {
    const folder = await temporaryFolder('kafka')
    const file = join(folder, 'server.properties')
    try {
      await writeFile(file, Object.entries({ ...propertiesOf(node, nodes, folder, listeners), ...properties }).map(([name, value]) => `${name}=${value}\n`).join(''))
      await runTool('java', ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', file, ...format], { cwd: folder })
    } catch (error) {
      await removeFolder(folder)
      throw error
    }
    const address = `127.0.0.1:${node.port}`
    const server = await startServer({
      name: `Kafka ${version}${count > 1 ? `, node ${node.id}` : ''}`,
      address,
      program: 'java',
      args: [...JVM, '-cp', classPath, 'kafka.Kafka', file],
      folder,
      ready: () => knowsBrokers(address, least),
      limit: 120_000,
    })
    return withProperties(server, { brokers, outside })
  }

  const started = await Promise.allSettled(nodes.map(startNode))
  const failed = started.find((result) => result.status === 'rejected')
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (failed !== undefined) {
    await Promise.all(running.map((node) => node.stop()))
    throw failed.reason
  }
  least = 1 // one that is started again may be the only one
  return running
}

/** One node, broker and controller at once. */
export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => (await startNodes(1, options))[0]!

/** Several nodes, each broker and controller: with three, replication is 3 and two must have what is acknowledged. */
export async function startKafkaCluster(count = 3, options: KafkaOptions = {}): Promise<KafkaCluster> {
  const nodes = await startNodes(count, options)
  return {
    brokers: nodes[0]!.brokers,
    outside: nodes[0]!.outside,
    nodes,
    stop: async () => { await Promise.all(nodes.map((node) => node.stop())) },
  }
}
