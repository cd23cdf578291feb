import { above, adding, alarms, checkpointDirectory, inOrder, rule, run } from 'motorwatch'
import type { Input, Output, Sink } from 'motorwatch'
import { pipe } from 'rxjs'
import { alertmanagerSink } from 'motorwatch/sinks/alertmanager'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { webhookSink } from 'motorwatch/sinks/webhook'
import { fileInbox, withCommands } from 'motorwatch/sources/commands'
import { mqttSource } from 'motorwatch/sources/mqtt'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface NotifyWork {
  readonly broker: string
  readonly alertmanager: string
  readonly webhook: string
  readonly secret: string
  readonly dir: string
}

/** One rule with one level, from a broker to an Alertmanager and a webhook; a checkpoint every 5 seconds; killed at any moment. SIGUSR2 acknowledges. */
const { broker, alertmanager, webhook, secret, dir } = JSON.parse(process.argv[2] ?? '') as NotifyWork
await mkdir(dir, { recursive: true })
const inbox = await fileInbox(join(dir, 'commands.jsonl'))
const hot = rule({ id: 'hot', severity: 'high', when: above('temperature_coil', 120), levels: [{ name: 'very hot', severity: 'critical', when: above('temperature_coil', 150) }] })
const sinks: readonly Sink[] = [
  alertmanagerSink({ url: alertmanager, every: '1s', validFor: '10m' }),
  webhookSink({ url: webhook, secret, log: join(dir, 'webhook.log'), onWaiting: () => undefined }),
  jsonlSink({ path: join(dir, 'alarms.jsonl'), kinds: ['alarm', 'answer'] }),
]
process.on('SIGUSR2', () => { void inbox.put({ kind: 'command', time: 0, name: 'acknowledge', machine: 'M1', rule: 'hot', by: 'ana' }) })
let read = 0
await run<Input, Output>({
  source: withCommands(mqttSource({ url: broker, clientId: 'notify', topics: ['plant/{machine}/{sensor}'], spool: join(dir, 'spool') }), inbox),
  pipeline: (time) => pipe(inOrder<Input>({ lateness: '10ms' }, time), adding(alarms([hot], { stale: Infinity }, time))),
  sinks,
  checkpoints: { store: checkpointDirectory(join(dir, 'checkpoints')), every: '5s' },
  onBatch: ({ items }) => { process.stdout.write(`read ${(read += items.length)}\n`) },
}).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
})
