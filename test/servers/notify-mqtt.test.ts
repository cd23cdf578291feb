import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import type { MqttClient } from 'mqtt'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { mqttSink } from 'motorwatch/sinks/mqtt'
import type { MqttSinkOptions, Notification } from 'motorwatch/sinks/mqtt'
import { alarm } from '../sinks/notify/alarms.js'
import { started } from './lifecycle.js'
import { needsToStart } from './needs.js'
import { startMosquitto } from './start/index.js'

const mosquitto = await needsToStart('mosquitto')

async function subscriber(url: string): Promise<{ readonly client: MqttClient; readonly got: (Notification & { readonly topic: string; readonly retained: boolean })[] }> {
  const client = await connectAsync(url, { reconnectPeriod: 100, clientId: 'subscriber', clean: false })
  const got: (Notification & { readonly topic: string; readonly retained: boolean })[] = []
  client.on('error', () => undefined)
  client.on('message', (topic, payload, { retain }) => { got.push({ ...JSON.parse(payload.toString()) as Notification, topic, retained: retain }) })
  await client.subscribeAsync('motorwatch/alarms/#', { qos: 1 })
  onTestFinished(() => { client.end(true) })
  return { client, got }
}

async function opened(options: Pick<MqttSinkOptions, 'url'> & Partial<MqttSinkOptions>) {
  const sink = mqttSink({ clientId: 'alarms', onWaiting: () => undefined, ...options })
  await sink.open()
  onTestFinished(() => sink.close(false))
  return sink
}

const until = (is: () => boolean): Promise<unknown> => vi.waitFor(() => { expect(is()).toBe(true) }, { timeout: 30_000, interval: 20 })
const raised = alarm('raised', 1)
const escalated = alarm('escalated', 2, { raisedAt: 1_000, severity: 'critical' })
const cleared = alarm('cleared', 3, { raisedAt: 1_000 })

describe.skipIf(mosquitto.missing)('alarms on a broker', () => {
  test.each(['5', '3.1.1'] as const)('are there once by key, though it is killed in between; whoever comes later is told how they stand (%s)', async (version) => {
    const broker = await started(startMosquitto())
    const { got } = await subscriber(broker.url)
    const waits: boolean[] = []
    const sink = await opened({ url: broker.url, version, retain: true, onWaiting: (waiting) => { waits.push(waiting !== undefined) } })
    await sink.write([raised, alarm('raised', 1, { machine: 'M/2' })])
    await until(() => got.length >= 2)
    await broker.kill('SIGKILL')
    await sink.write([escalated])
    await until(() => waits.includes(true))
    await broker.restart()
    await until(() => waits.at(-1) === false && got.some(({ key }) => key === escalated.id))
    await sink.write([cleared])
    await until(() => got.some(({ key }) => key === cleared.id))
    expect([...new Map(got.map(({ key, topic, status }) => [key, `${topic} ${status}`])).values()]).toEqual(['motorwatch/alarms/M1/hot firing', 'motorwatch/alarms/M%2F2/hot firing', 'motorwatch/alarms/M1/hot firing', 'motorwatch/alarms/M1/hot resolved'])

    const later = await connectAsync(broker.url)
    onTestFinished(() => { later.end(true) })
    const standing: string[] = []
    later.on('message', (_, payload, { retain }) => {
      const { status, alarm: { machine } } = JSON.parse(payload.toString()) as Notification
      standing.push(`${machine} ${status} ${retain}`)
    })
    await later.subscribeAsync('motorwatch/alarms/#')
    await until(() => standing.length === 2)
    expect(standing.sort()).toEqual(['M/2 firing true', 'M1 resolved true'])
  })

  test('without a password that is right they wait, and this is said without it; without the right to publish they are refused', async () => {
    const acl = 'acl_file /dev/null'
    const broker = await started(startMosquitto({ users: { app: 'pass-word' } }))
    const waits: string[] = []
    const wrong = await opened({ url: broker.url, username: 'app', password: 'wrong-password', onWaiting: (waiting) => { waits.push(waiting?.why ?? '') } })
    await wrong.write([raised])
    await until(() => waits.length > 0)
    expect(waits[0]).toMatch(/^the broker at .* does not let the user 'app' in: check `username` and `password`/)
    expect(waits.join()).not.toContain('wrong-password')

    const closed = await started(startMosquitto({ lines: [acl] }))
    const refused: string[] = []
    const sink = await opened({ url: closed.url, onRefused: (_, why) => { refused.push(why) } })
    await sink.write([raised])
    await until(() => refused.length > 0)
    expect(refused[0]).toMatch(/does not take what is published to motorwatch\/alarms\/M1\/hot: not authorised: give this user the right/)
    await sleep(300)
    expect(refused).toHaveLength(1)
  })
})
