import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Reading, Rejected } from 'motorwatch'
import { mqttSource } from 'motorwatch/sources/mqtt'
import type { MqttSourceOptions } from 'motorwatch/sources/mqtt'
import { random } from '../random.js'
import { encodeSparkplug } from '../sources/mqtt/encode-sparkplug.js'
import { started } from './lifecycle.js'
import type { MqttWork } from './mqtt/worker.js'
import { needsToStart } from './needs.js'
import { authority, startMosquitto } from './start/index.js'
import type { Authority, Mosquitto } from './start/index.js'
import { within } from './start/within.js'

const own = await needsToStart('mosquitto')
const T = Date.UTC(2026, 0, 5, 6)
const TOPICS = ['plant/{machine}/{sensor}']
const versions = ['5', '3.1.1'] as const

let dir: string
beforeAll(async () => { dir = await mkdtemp(join(tmpdir(), 'motorwatch-mqtt-')) })
afterAll(() => rm(dir, { recursive: true, force: true }))
let made = 0
const fresh = (): string => join(dir, String(made++))

async function until(what: string, is: () => boolean | Promise<boolean>, limit = 30_000): Promise<void> {
  for (const end = Date.now() + limit; !(await is()); await sleep(20)) if (Date.now() > end) throw new Error(`${what}: not within ${limit / 1_000} s`)
}

async function client(url: string, more: object = {}): Promise<MqttClient> {
  const connected = await connectAsync(url, { reconnectPeriod: 100, ...more })
  connected.on('error', () => undefined)
  onTestFinished(() => { connected.end(true) })
  return connected
}

/** A source in this process, read from a position on. */
function reading(options: Partial<MqttSourceOptions> & Pick<MqttSourceOptions, 'url'>, from?: unknown) {
  const stop = new AbortController()
  const items: (Reading | Rejected)[] = []
  const waits: boolean[] = []
  let position: unknown
  const source = mqttSource({ clientId: `client-${made++}`, topics: TOPICS, spool: fresh(), onWaiting: (waiting) => { waits.push(waiting !== undefined) }, ...options })
  const done = source.read(async (batch) => {
    items.push(...batch.items)
    position = batch.position
  }, { signal: stop.signal, ...(from === undefined ? {} : { from }) })
  done.catch(() => undefined)
  const halt = async (): Promise<unknown> => {
    stop.abort()
    await within(5_000, done)
    return position
  }
  onTestFinished(() => halt().then(() => undefined, () => undefined))
  return { source, items, waits, done, halt, position: () => position, has: (count: number) => until(`${count} items`, () => items.length >= count) }
}

/** Its session is there: from now on nothing is lost. */
async function subscribed(publisher: MqttClient, { items }: { readonly items: readonly unknown[] }, topic = 'plant/probe/current'): Promise<void> {
  await until('the subscription', async () => {
    await publisher.publishAsync(topic, '0', { qos: 1 })
    return items.length > 0
  })
}

describe.skipIf(own.missing)('MQTT', () => {
  describe.each(versions)('%s', (version) => {
    test('what is sent is read, in its order, and again from a position', async () => {
      const broker = await started(startMosquitto())
      const publisher = await client(broker.url)
      const source = reading({ url: version === '5' ? broker.url : broker.ws, version, spool: join(dir, `again-${version}`) })
      await subscribed(publisher, source)
      const probes = source.items.length
      await publisher.publishAsync('plant/M1/temperature_coil', '61.2', { qos: 1 })
      await publisher.publishAsync('plant/M1/current', JSON.stringify({ value: 7, timestamp: '2026-01-05T06:00:00Z', unit: 'A' }), { qos: 1 })
      await publisher.publishAsync('plant/M1/current', JSON.stringify({ value: 7, machine_id: 'M2' }), { qos: 1 })
      await publisher.publishAsync('plant/M1/current', '', { qos: 1 })
      await source.has(probes + 4)
      const [bare, whole, other, empty] = source.items.slice(-4)
      expect(bare).toMatchObject({ kind: 'reading', machine: 'M1', sensor: 'temperature_coil', value: 61.2, quality: 'good' })
      expect(Math.abs((bare as Reading).time - Date.now())).toBeLessThan(60_000)
      expect(whole).toEqual({ kind: 'reading', time: T, machine: 'M1', sensor: 'current', value: 7, unit: 'A', quality: 'good' })
      expect(other).toMatchObject({ kind: 'rejected', reason: 'undecodable', detail: 'machine_id: got "M2", expected "M1", as the topic says', where: expect.stringMatching(/^plant\/M1\/current@\d+$/) as string })
      expect(empty).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('no payload') as string })
      await source.halt()
      const again = reading({ url: broker.url, version, spool: join(dir, `again-${version}`) })
      await again.has(source.items.length)
      expect(again.items).toEqual(source.items)
    })

    test('what is retained is taken with its own time alone', async () => {
      const broker = await started(startMosquitto())
      const publisher = await client(broker.url)
      await publisher.publishAsync('plant/M1/current', '7', { qos: 1, retain: true })
      await publisher.publishAsync('plant/M2/current', JSON.stringify({ value: 8, timestamp: T }), { qos: 1, retain: true })
      const source = reading({ url: broker.url, version })
      await source.has(2)
      expect(source.items.find(({ kind }) => kind === 'reading')).toMatchObject({ machine: 'M2', time: T, value: 8 })
      expect(source.items.find(({ kind }) => kind === 'rejected')).toMatchObject({ detail: expect.stringMatching(/^timestamp: got nothing.*of what is retained/) as string })
    })

    test('workers killed again and again, and the broker started anew: nothing lost, nothing twice', { timeout: 180_000 }, async () => {
      const seed = Number(process.env['MQTT_SEED'] ?? Date.now() % 2 ** 31)
      const next = random(seed)
      const broker = await started(startMosquitto())
      const work: MqttWork = { url: broker.url, version, topics: TOPICS, clientId: 'worker', dir: fresh() }
      const publisher = await client(broker.url)
      const COUNT = 3_000
      const wire = (i: number): string => JSON.stringify({ value: i, timestamp: T + 10 * i })
      let worker = workerOf(work)
      onTestFinished(() => { worker.process.kill('SIGKILL') })
      await until('the first reading', async () => {
        await publisher.publishAsync('plant/M0/current', wire(0), { qos: 1 })
        return worker.read() > 0
      })
      const sending = (async () => {
        for (let i = 1; i < COUNT; i += 50) {
          await Promise.all(Array.from({ length: Math.min(50, COUNT - i) }, (_, k) => publisher.publishAsync(`plant/M${(i + k) % 7}/current`, wire(i + k), { qos: 1 })))
          await sleep(150)
        }
      })()
      let over = false
      void sending.then(() => { over = true }, () => { over = true })
      let [kills, restarts] = [0, 0]
      for (; !over || kills < 5; kills++) {
        await until(`a reading after kill ${kills} (MQTT_SEED=${seed}; ${worker.error()})`, () => worker.read() > 0 || over)
        await sleep(1_500 * next())
        worker.process.kill('SIGKILL')
        await once(worker.process, 'exit')
        if (kills % 3 === 1) {
          await broker.kill('SIGTERM')
          await broker.restart()
          restarts++
        }
        worker = workerOf(work)
      }
      await within(60_000, sending)
      // Ends the lateness of all before it.
      await publisher.publishAsync('plant/end/current', wire(COUNT + 3_000), { qos: 1 })
      await publisher.publishAsync('plant/end/current', wire(COUNT + 6_000), { qos: 1 })
      const lines = async (name: string): Promise<readonly (Reading & Rejected)[]> => (await readFile(join(work.dir, name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Reading & Rejected)
      await until(`the last reading (${worker.error()})`, async () => (await lines('readings.jsonl')).some(({ machine }) => machine === 'end'), 60_000)
      worker.process.kill('SIGTERM')
      expect(await once(worker.process, 'exit'), worker.error()).toEqual([0, null])
      const values = (await lines('readings.jsonl')).filter(({ machine }) => machine !== 'end').map(({ value }) => value)
      const rejected = await lines('rejected.jsonl')
      console.log(`MQTT ${version}: ${kills} kills of the worker, ${restarts} restarts of the broker, ${values.length} readings, ${rejected.length} delivered twice and dropped (MQTT_SEED=${seed})`)
      expect(values).toEqual(Array.from({ length: COUNT }, (_, i) => i))
      // Mosquitto 2.0.11, started anew, sends hundreds again that were acknowledged: those further back than the lateness are late.
      expect([...new Set(rejected.map(({ reason }) => reason))].filter((reason) => reason !== 'late')).toEqual(['duplicate'])
    })

    test('an outage is waited for, and told of', async () => {
      const broker = await started(startMosquitto())
      const publisher = await client(broker.url)
      const source = reading({ url: broker.url, version })
      await subscribed(publisher, source)
      await broker.kill('SIGTERM')
      await until('the outage', () => source.waits.length > 0)
      await broker.restart()
      await until('the return', () => source.waits.at(-1) === false)
      await publisher.publishAsync('plant/after/current', '1', { qos: 1 })
      await until('a reading after it', () => source.items.some((item) => item.kind === 'reading' && item.machine === 'after'))
    })
  })

  test('the spool forgets what lies before the last three checkpoints, and no more', async () => {
    const broker = await started(startMosquitto())
    const publisher = await client(broker.url)
    const spool = fresh()
    const { source, items, has, position } = reading({ url: broker.url, spool })
    await subscribed(publisher, { items })
    const segments = async (): Promise<number> => (await readdir(spool)).filter((name) => name.endsWith('.spool')).length
    const positions = [position()]
    for (let i = 0; i < 3; i++) {
      const before = items.length
      await Promise.all(Array.from({ length: 50 }, () => publisher.publishAsync('plant/M1/current', 'x'.repeat(200_000), { qos: 1 })))
      await has(before + 50)
      positions.push(position())
    }
    expect(items.at(-1)).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('at most 65536 bytes, not 200000') as string })
    expect(await segments()).toBe(4)
    for (const saved of positions.slice(0, 3)) await source.saved?.(saved)
    expect(await segments()).toBe(4)
    await source.saved?.(positions[3])
    expect(await segments()).toBe(3)
    for (let i = 0; i < 3; i++) await source.saved?.(positions[3])
    expect(await segments()).toBe(1)
  })

  describe('Sparkplug B', () => {
    const born = [{ name: 'temperature_coil', alias: 1, datatype: 9, floatValue: 60 }, { name: 'current', alias: 2, datatype: 4, longValue: 7 }, { name: 'Firmware', alias: 3, datatype: 12, stringValue: 'x' }]

    test('aliases are known after a restart; a gap is told of, and a rebirth is asked for', async () => {
      const broker = await started(startMosquitto())
      const publisher = await client(broker.url)
      const commands: string[] = []
      publisher.on('message', (topic, payload) => { commands.push(`${topic} ${payload.includes('Node Control/Rebirth') ? 'rebirth' : 'other'}`) })
      await publisher.subscribeAsync('spBv1.0/+/NCMD/#')
      const options = { url: broker.url, topics: ['spBv1.0/plant1/#'], clientId: 'sparkplug', spool: fresh() }
      const send = (type: string, seq: number | undefined, metrics: readonly object[]): Promise<unknown> =>
        publisher.publishAsync(`spBv1.0/plant1/${type}/edge1${type.startsWith('D') ? '/M1' : ''}`, Buffer.from(encodeSparkplug({ timestamp: T + (seq ?? 0), ...(seq === undefined ? {} : { seq }), metrics })), { qos: 1 })
      const first = reading(options)
      // Before a birth: what is it of?
      await until('the subscription', async () => {
        await send('DDATA', 9, [{ alias: 1, floatValue: 1 }])
        return first.items.length > 0
      })
      expect(first.items[0]).toMatchObject({ kind: 'rejected', detail: expect.stringMatching(/^alias: got 1, expected one that a birth has named.*a rebirth of plant1\/edge1 is asked for/) as string })
      await until('the command', () => commands.includes('spBv1.0/plant1/NCMD/edge1 rebirth'))
      const before = first.items.length
      await send('NBIRTH', 0, [{ name: 'bdSeq', datatype: 4, longValue: 1 }])
      await send('DBIRTH', 1, born)
      await send('DDATA', 2, [{ alias: 1, floatValue: 61.5 }])
      await first.has(before + 4)
      expect(first.items.slice(before)).toMatchObject([
        { kind: 'rejected', detail: expect.stringContaining('1 that is no sensor: Firmware') as string },
        { kind: 'reading', machine: 'M1', sensor: 'temperature_coil', value: 60, time: T + 1 },
        { kind: 'reading', machine: 'M1', sensor: 'current', value: 7 },
        { kind: 'reading', machine: 'M1', sensor: 'temperature_coil', value: 61.5, time: T + 2 },
      ])
      const position = await first.halt()

      const second = reading(options, JSON.parse(JSON.stringify(position)))
      await send('DDATA', 3, [{ alias: 1, floatValue: 62.5 }])
      await second.has(1)
      expect(second.items).toMatchObject([{ kind: 'reading', machine: 'M1', sensor: 'temperature_coil', value: 62.5 }])
      await send('DDATA', 6, [{ alias: 2, longValue: 8 }])
      await second.has(3)
      expect(second.items.slice(1)).toMatchObject([{ kind: 'rejected', detail: expect.stringContaining('seq: got 6: 2 messages were lost, expected 4') as string }, { kind: 'reading', sensor: 'current', value: 8 }])
    })
  })

  test('npm start watches a broker, from a message to an alarm, and stops in order', { timeout: 60_000 }, async () => {
    const broker = await started(startMosquitto())
    const publisher = await client(broker.url)
    const out = fresh()
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/factory.ts', '--out', out], {
      cwd: join(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MOTORWATCH_MQTT_URL: broker.url, MOTORWATCH_MQTT_TOPICS: 'plant/{machine}/{sensor}' },
    })
    onTestFinished(() => { child.kill('SIGKILL') })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => { text += more })
    let at = T
    await until('an alarm', async () => {
      for (let i = 0; i < 20; i++) await publisher.publishAsync('plant/M1/temperature_coil', JSON.stringify({ value: 150, timestamp: (at += 1_000) }), { qos: 1 })
      return (await readFile(join(out, 'alarms.jsonl'), 'utf8').catch(() => '')).includes('"state":"raised"')
    }).catch((error: unknown) => { throw new Error(`${(error as Error).message}\n${text}`) })
    child.kill('SIGTERM')
    expect(await once(child, 'exit'), text).toEqual([0, null])
    expect(text).toContain('Stopped.')
  })

  describe('a wrong setting is one line, soon', () => {
    let ours: Authority
    let others: Authority
    let broker: Mosquitto
    let elsewhere: Mosquitto
    beforeAll(async () => {
      ours = await authority(dir)
      others = await authority(dir, 'other')
      broker = await startMosquitto({ certificate: await ours.issue('broker', 'IP:127.0.0.1'), users: { app: 'pass-word' } })
      elsewhere = await startMosquitto({ certificate: await ours.issue('elsewhere', 'DNS:elsewhere.example') })
    })
    afterAll(() => Promise.all([broker?.stop(), elsewhere?.stop()]))
    const user = { username: 'app', password: 'pass-word' }

    test('none: over TLS, as a user', async () => {
      const publisher = await client(broker.tls, { ...user, ca: ours.ca })
      await subscribed(publisher, reading({ url: broker.tls, ca: ours.ca, ...user }))
    })

    test.each<[string, () => Partial<MqttSourceOptions>, RegExp]>([
      ['address', () => ({ url: 'mqtt://nowhere.invalid' }), /^mqtt: there is no host of that name: nowhere\.invalid/],
      ['port', () => ({ url: 'mqtt://127.0.0.1:1' }), /^mqtt: no broker answers at 127\.0\.0\.1:1 \(.*ECONNREFUSED.*\): is it running, and is the address right\?$/],
      ['password', () => ({ username: 'app', password: 'wrong-password' }), /^mqtt: the broker at .* refuses the user 'app'/],
      ['password, 3.1.1', () => ({ username: 'app', password: 'wrong-password', version: '3.1.1' as const }), /^mqtt: the broker at .* refuses the user 'app'/],
      ['no user', () => ({}), /^mqtt: the broker at .* refuses a client without a user/],
      ['authority', () => ({ url: broker.tls, ca: others.ca, ...user }), /^mqtt: the certificate of .* is signed by nobody known here: give the certificate of its authority as `ca`/],
      ['no authority', () => ({ url: broker.tls, ...user }), /is signed by nobody known here/],
      ['host in the certificate', () => ({ url: elsewhere.tls, ca: ours.ca }), /^mqtt: the certificate of .* is for another host/],
      ['TLS to a plain port', () => ({ url: broker.url.replace('mqtt:', 'mqtts:'), ...user }), /^mqtt: .*does not speak TLS/],
      ['no TLS to a TLS port', () => ({ url: broker.tls.replace('mqtts:', 'mqtt:'), ...user }), /^mqtt: no broker answers .*perhaps it speaks TLS there/],
    ])('%s', async (_, options, words) => {
      const began = performance.now()
      const error = await within(10_000, reading({ url: broker.url, ...options() }).done).then(() => new Error('not refused'), (error: unknown) => error as Error)
      expect(error.message).toMatch(words)
      expect(error.message).not.toMatch(/\n|pass-word|wrong-password/)
      expect(performance.now() - began).toBeLessThan(5_000)
    })

    test.each(versions)('a client id that another one has (%s)', async (version) => {
      const options = { url: broker.url, version, clientId: `one-${version}`, ...user }
      const one = reading(options)
      await sleep(500)
      const other = reading(options)
      const message = await within(30_000, Promise.race([one.done, other.done])).then(() => 'not refused', (error: unknown) => (error as Error).message)
      // Mosquitto 2.0.11 closes without the reason that MQTT 5 has for it.
      expect(message).toMatch(/^mqtt: (another client has come as 'one-5' and taken over its session \(reason 142\)|the broker at .* has ended 5 connections in a row.*is another client there as 'one-(5|3\.1\.1)'\?)/)
    })
  })
})

function workerOf(work: MqttWork): { readonly process: ChildProcess; read(): number; error(): string } {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'mqtt/worker.ts'), JSON.stringify(work)], { cwd: join(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'pipe'] })
  let [read, error] = [0, '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => { read = Number(/read (\d+)\n$/.exec(text)?.[1] ?? read) })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { error += text })
  return { process: child, read: () => read, error: () => error }
}
