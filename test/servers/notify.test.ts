import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Message } from 'motorwatch/sinks/webhook'
import { started } from './lifecycle.js'
import { needsToStart } from './needs.js'
import type { NotifyWork } from './notify/worker.js'
import { alertmanagerSink } from 'motorwatch/sinks/alertmanager'
import { alarm } from '../sinks/notify/alarms.js'
import { startAlertmanager, startMosquitto } from './start/index.js'
import { freePorts } from './start/free-ports.js'

const alertmanager = await needsToStart('alertmanager')
const mosquitto = await needsToStart('mosquitto')

let dir: string
beforeAll(async () => { dir = await mkdtemp(join(tmpdir(), 'motorwatch-notify-')) })
afterAll(() => rm(dir, { recursive: true, force: true }))

async function until(what: string, is: () => boolean | Promise<boolean>, limit = 30_000): Promise<void> {
  for (const end = Date.now() + limit; !(await is()); await sleep(50)) if (Date.now() > end) throw new Error(`${what}: not within ${limit / 1_000} s`)
}

/** A process of ours, killed when the test ends. */
function running(program: string, ...args: readonly string[]): { readonly process: ChildProcess; text(): string } {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'notify', program), ...args], { cwd: join(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => { child.kill('SIGKILL') })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => { text += part })
  return { process: child, text: () => text }
}

interface Request {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What Alertmanager posts. */
interface Posted {
  readonly status: string
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>>; readonly fingerprint: string; readonly startsAt: string; readonly endsAt: string }[]
}

const config = (receiver: string): string => `
route: { receiver: ours, group_by: [alertname, machine, severity], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: ours, webhook_configs: [{ url: '${receiver}/alertmanager', send_resolved: true }] }]
`

describe.skipIf(alertmanager.missing ?? mosquitto.missing)('an alarm, from its raise to its end', () => {
  test('is told once, and resolved once, by Alertmanager and by a webhook, though both ends are killed in between', { timeout: 180_000 }, async () => {
    const [port] = await freePorts(1)
    const file = join(dir, 'received.jsonl')
    const receiver = running('receiver.ts', String(port), file)
    await until('the receiver', () => receiver.text().includes('listens'))
    const broker = await started(startMosquitto())
    const manager = await started(startAlertmanager({ config: config(`http://127.0.0.1:${port}`) }))
    const secret = `whsec_${Buffer.from('of the tests alone').toString('base64')}`
    const work: NotifyWork = { broker: broker.url, alertmanager: manager.url, webhook: `http://127.0.0.1:${port}/webhook`, secret, dir: join(dir, 'work') }
    const start = () => running('worker.ts', JSON.stringify(work))
    let worker = start()
    const restart = async (): Promise<void> => {
      worker.process.kill('SIGKILL')
      await once(worker.process, 'exit')
      worker = start()
      await until(`the worker (${worker.text()})`, () => worker.text().includes('read'))
    }
    const publisher = await connectAsync(broker.url)
    onTestFinished(() => { publisher.end(true) })
    let time = Date.now() - 60_000
    let value = 100
    const send = (): Promise<unknown> => publisher.publishAsync('plant/M1/temperature_coil', JSON.stringify({ value, timestamp: (time += 100) }), { qos: 1 })
    const sending = setInterval(() => { void send() }, 100)
    onTestFinished(() => { clearInterval(sending) })

    const received = async (): Promise<readonly Request[]> => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Request)
    const hooks = async (): Promise<readonly Message[]> => (await received()).filter(({ path }) => path === '/webhook').map(({ body }) => JSON.parse(body) as Message)
    const told = async (): Promise<readonly string[]> => (await received()).filter(({ path }) => path === '/alertmanager').flatMap(({ body }) => (JSON.parse(body) as Posted).alerts).map(({ status, labels }) => `${labels['severity']} ${status}`)
    const both = (what: string, state: string, alert: string): Promise<void> => until(`${what} (${worker.text()})`, async () => (await hooks()).some(({ notifications: [first] }) => first!.alarm.state === state) && (await told()).includes(alert))

    await until('the first reading', () => worker.text().includes('read'))
    value = 130
    await both('raised', 'raised', 'high firing')
    // At once: perhaps before it was on the disk that this was told.
    await restart()
    await manager.kill('SIGKILL')
    await manager.restart()
    await sleep(3_000)

    value = 160
    await both('escalated', 'escalated', 'critical firing')
    worker.process.kill('SIGUSR2')
    await until('acknowledged', async () => (await readFile(join(work.dir, 'alarms.jsonl'), 'utf8')).includes('"state":"acknowledged"'))
    // What it has told is on its disk within a second.
    await sleep(3_000)
    await manager.kill('SIGKILL')
    await restart()
    value = 100
    await until('cleared', async () => (await hooks()).some(({ status }) => status === 'resolved'))
    await sleep(1_000)
    await restart()
    await manager.restart()
    await both('resolved', 'cleared', 'critical resolved')
    await both('resolved', 'cleared', 'high resolved')
    // Nothing more comes.
    await restart()
    await sleep(8_000)

    const notifications = (await hooks()).flatMap((message) => message.notifications)
    const byKey = [...new Map(notifications.map((notification) => [notification.key, notification])).values()]
    expect(byKey.map(({ status, alarm }) => [status, alarm.state])).toEqual([['firing', 'raised'], ['firing', 'escalated'], ['resolved', 'cleared']])
    // But for the first, which was hit between the answer and the disk, or was not, none is even sent twice.
    expect(notifications.filter(({ alarm }) => alarm.state !== 'raised')).toHaveLength(2)
    expect([...await told()].sort()).toEqual(['critical firing', 'critical resolved', 'high firing', 'high resolved'])
    for (const { path, headers, body } of await received()) {
      if (path !== '/webhook') continue
      expect(headers['idempotency-key']).toBe(headers['webhook-id'])
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', 'of the tests alone').update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`)
    }
    worker.process.kill('SIGTERM')
    expect(await once(worker.process, 'exit'), worker.text()).toEqual([0, null])
    expect(worker.text()).not.toMatch(/Warning|Error/)
  })
})

describe.skipIf(alertmanager.missing)('Alertmanager', () => {
  interface Known { readonly fingerprint: string; readonly labels: Readonly<Record<string, string>>; readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] } }

  test('takes our example of its configuration, and started anew without its data is told again of all that stands, under the same fingerprints', async () => {
    const manager = await started(startAlertmanager({ config: await readFile(join(import.meta.dirname, '../../examples/alertmanager.yml'), 'utf8') }))
    const known = async (): Promise<readonly Known[]> => (await fetch(`${manager.url}/api/v2/alerts`)).json() as Promise<readonly Known[]>
    const prints = async (): Promise<readonly string[]> => (await known()).map(({ fingerprint, labels }) => `${labels['machine']} ${labels['severity']} ${fingerprint}`).sort()
    const sink = alertmanagerSink({ url: manager.url, every: '1s', onWaiting: () => undefined })
    await sink.open()
    onTestFinished(() => sink.close(false))
    const now = Math.floor(Date.now() / 1_000)
    const at = { raisedAt: (now - 60) * 1_000 }
    await sink.write([alarm('raised', now - 60), alarm('escalated', now - 50, { ...at, severity: 'critical', value: 160 }), alarm('raised', now - 60, { machine: 'M2' })])
    await until('the alerts', async () => (await known()).length === 3)
    const before = await prints()
    await until('the inhibition of the lower one', async () => (await known()).some(({ labels, status }) => labels['machine'] === 'M1' && labels['severity'] === 'high' && status.inhibitedBy.length > 0))
    await manager.kill('SIGKILL')
    await sink.write([alarm('acknowledged', now - 40, { ...at, severity: 'critical', value: 170 })])
    await manager.restart()
    await until('the alerts after the restart', async () => (await known()).length === 3)
    expect(await prints()).toEqual(before)
    await sink.write([alarm('cleared', now - 30, { ...at, severity: 'critical' })])
    await until('the end', async () => (await prints()).join() === before.filter((line) => line.startsWith('M2')).join())
  })
})
