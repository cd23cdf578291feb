import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Alarm } from '../../src/model/index.js'
import { mustacheBody, webhookSink } from '../../src/sinks/webhook.js'
import type { Message, WebhookSinkOptions } from '../../src/sinks/webhook.js'
import { alarm } from './notify/alarms.js'

const dir = mkdtempSync(join(tmpdir(), 'motorwatch-webhook-'))
afterAll(() => { rmSync(dir, { recursive: true, force: true }) })

interface Request { readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** A receiver on a real socket; `answer` is the status of the nth request; at 0 it hangs up. */
async function receiver(answer: (n: number) => number = () => 204) {
  const requests: Request[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => { body += part }).once('end', () => {
      requests.push({ headers: request.headers as Request['headers'], body })
      const status = answer(requests.length)
      if (status === 0) request.socket.destroy()
      else response.writeHead(status).end(status === 400 ? 'no such field: "text"' : '')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`, requests, messages: () => requests.map(({ body }) => JSON.parse(body) as Message) }
}

async function until(is: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !is(); await sleep(5)) if (Date.now() > end) throw new Error('not within 10 s')
}

async function opened(options: WebhookSinkOptions, saved?: unknown) {
  const sink = webhookSink({ onWaiting: () => undefined, ...options })
  await sink.open(saved)
  onTestFinished(() => sink.close(false))
  return sink
}

const at = (raisedAt: number): Partial<Alarm> => ({ raisedAt: raisedAt * 1_000 })
const life = [alarm('raised', 1), alarm('escalated', 2, { ...at(1), severity: 'critical' }), alarm('cleared', 3, at(1))] as const

test('a message is signed over its id, its time and its body, and says what it is of', async () => {
  const { url, requests } = await receiver()
  const sink = await opened({ url, secret: 'whsec_c2VjcmV0' })
  await sink.write([{ kind: 'reading' }, life[0]])
  await until(() => requests.length === 1)
  const { headers, body } = requests[0]!
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', 'secret').update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`)
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(5)
  expect(JSON.parse(body)).toMatchObject({ version: 1, key: headers['idempotency-key'], status: 'firing', group: {}, notifications: [{ key: life[0].id, status: 'firing', repeat: 0, missed: 0, alarm: { machine: 'M1', value: 130 } }] })
  expect(headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
})

test('what fails in passing is sent again under the same key; what is refused is told of, once, without the secret path', async () => {
  const { url, requests, messages } = await receiver((n) => [503, 0, 429, 204, 400][n - 1] ?? 204)
  const waits: (number | undefined)[] = []
  const refused: string[] = []
  const sink = await opened({ url, onWaiting: (waiting) => { waits.push(waiting?.attempts) }, onRefused: ({ notifications: [first] }, why) => { refused.push(`${first!.alarm.state}: ${why}`) } })
  await sink.write([life[0]])
  await until(() => waits.at(-1) === undefined && waits.length > 0)
  expect(waits).toEqual([1, 2, 3, undefined])
  expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  await sink.write([life[1]])
  await sink.write([life[2]])
  await until(() => requests.length >= 6)
  await sleep(300)
  expect(messages().slice(4).map(({ notifications: [first] }) => first!.alarm.state)).toEqual(['escalated', 'cleared'])
  expect(refused).toEqual([`escalated: ${new URL(url).host} answers 400 "no such field: \\"text\\"": look there what is wrong with the body`])
})

test('a target that is dead stops nothing, and hears once, where it has come to', async () => {
  let alive = false
  const { url, messages } = await receiver(() => (alive ? 204 : 0))
  const sink = await opened({ url })
  const began = performance.now()
  for (let i = 0; i < 50; i++) await sink.write([alarm('raised', 10 * i), alarm('cleared', 10 * i + 1, at(10 * i))])
  expect(performance.now() - began).toBeLessThan(1_000)
  const { active } = await sink.save() as { readonly active: ReadonlyMap<string, { readonly pending: readonly unknown[] }> }
  expect([...active.values()].flatMap(({ pending }) => pending)).toHaveLength(1)
  await sleep(200)
  const before = messages().length
  alive = true
  await until(() => messages().length > before)
  await sleep(300)
  expect(messages().slice(before).flatMap(({ notifications }) => notifications).map(({ status, missed }) => [status, missed])).toEqual([['resolved', 49]])
})

describe('killed, and read again from its checkpoint', () => {
  const keys = (messages: readonly Message[]): readonly string[] => messages.flatMap(({ notifications }) => notifications.map(({ key }) => key))

  test('with a log nothing is told twice, whatever the checkpoint knew; half a line at its end is none', async () => {
    for (const savedAt of [0, 1, 2, 3]) {
      const { url, messages } = await receiver()
      const log = join(dir, `log-${savedAt}`)
      const first = await opened({ url, log })
      let saved: unknown
      for (const [i, each] of life.entries()) {
        if (i === savedAt) saved = structuredClone(await first.save())
        await first.write([each])
        await until(() => messages().length === i + 1)
      }
      await until(() => readFileSync(log, 'utf8').includes(`"id":${JSON.stringify(life[2].id)}`))
      writeFileSync(log, `${readFileSync(log, 'utf8')}["half`)
      const second = await opened({ url, log }, savedAt === 3 ? await first.save() : saved)
      await second.write(life.slice(savedAt))
      await second.write([alarm('raised', 9)])
      await until(() => messages().length >= 4)
      await sleep(50)
      expect(keys(messages())).toEqual([...life.map(({ id }) => id), 'hot/M1/9000/raised'])
    }
  })

  test('what waited at the checkpoint, and was told since, is not told again', async () => {
    let alive = false
    const { url, messages } = await receiver(() => (alive ? 204 : 503))
    const log = join(dir, 'waited')
    const first = await opened({ url, log })
    await first.write([life[0]])
    const saved = structuredClone(await first.save())
    await until(() => messages().length > 0)
    alive = true
    await until(() => existsSync(log) && readFileSync(log, 'utf8').includes(`"id":${JSON.stringify(life[0].id)}`))
    const before = messages().length
    const second = await opened({ url, log }, saved)
    await second.write([life[1]])
    await until(() => messages().length > before)
    expect(keys(messages().slice(before))).toEqual([life[1].id])
  })

  test('without one, what came after the checkpoint is told again under the same keys', async () => {
    const { url, messages } = await receiver()
    const first = await opened({ url })
    await first.write([life[0]])
    await until(() => messages().length === 1)
    const saved = structuredClone(await first.save())
    await first.write([life[1]])
    await until(() => messages().length === 2)
    const second = await opened({ url }, saved)
    await second.write([life[1], life[2]])
    await until(() => messages().some(({ status }) => status === 'resolved'))
    expect([...new Set(keys(messages()))]).toEqual(expect.arrayContaining([life[0].id, life[2].id]))
  })

  test('a file that is no log is refused in words', async () => {
    const log = join(dir, 'other')
    writeFileSync(log, 'hello\n')
    await expect(webhookSink({ url: 'http://localhost', log }).open()).rejects.toThrow(`notification log: cannot read '${log}': line 1 is not one of what was told; name another file, or remove it`)
  })
})

test('at the end of the data what waits for its group, or for the day, is told', async () => {
  const { url, messages } = await receiver()
  const sink = await opened({ url, group: { by: ['machine'], wait: '1h' }, quiet: { from: '00:00', to: '23:59', zone: 'UTC' } })
  await sink.write([life[0], alarm('raised', 1, { rule: 'worn' })])
  await sleep(100)
  expect(messages()).toEqual([])
  await sink.close(true)
  expect(messages()).toMatchObject([{ status: 'firing', group: { machine: 'M1' }, notifications: [{ alarm: { rule: 'hot' } }, { alarm: { rule: 'worn' } }] }])
})

describe('another body', () => {
  test('is what code makes, or a template of Mustache, with values escaped as JSON', async () => {
    const { url, requests } = await receiver()
    const body = mustacheBody('{ "text": "{{#notifications}}{{status}}: {{alarm.message}} <{{alarm.machine}}>{{/notifications}}" }')
    await (await opened({ url, body })).write([alarm('raised', 1, { message: 'said "so"\n', machine: 'M<1>' })])
    await until(() => requests.length === 1)
    expect(JSON.parse(requests[0]!.body)).toEqual({ text: 'firing: said "so"\n <M<1>>' })
    await (await opened({ url, body: ({ notifications }) => ({ count: notifications.length }) })).write([life[0]])
    await until(() => requests.length === 2)
    expect(JSON.parse(requests[1]!.body)).toEqual({ count: 1 })
  })

  test('that throws is refused, and stops nothing', async () => {
    const { url, requests } = await receiver()
    const refused: string[] = []
    const sink = await opened({ url, body: ({ status }) => { if (status === 'firing') throw new Error('no such machine'); return status }, onRefused: (_, why) => { refused.push(why) } })
    await sink.write([life[0]])
    await until(() => refused.length === 1)
    await sink.write([life[2]])
    await until(() => requests.length === 1)
    expect(refused).toEqual(['its body could not be made: no such machine'])
  })

  test.each([['{{#notifications}}', 'is none of Mustache'], ['{ "text": {{key}} }', 'does not make JSON']])('%s is refused at once', (template, words) => {
    expect(() => mustacheBody(template)).toThrow(words)
  })
})

test.each([
  [{ url: 'ftp://host/s3cret' }, 'webhook: url is none of http:// or https://'],
  [{ url: 'https://ana:s3cret@host' }, 'webhook: url holds a user or a password'],
  [{ url: 'https://host', secret: 'whsec_' }, 'webhook: the secret is empty'],
])('%j is refused, without its secret', (options, words) => {
  expect(() => webhookSink(options)).toThrow(words)
  try {
    webhookSink(options)
  } catch (error) {
    expect((error as Error).message).not.toContain('s3cret')
  }
})
