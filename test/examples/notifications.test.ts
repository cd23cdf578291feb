import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fromEnvironment } from 'motorwatch/configuration'
import { notifications } from '../../examples/factory/notifications.js'
import { parseOptions } from '../../examples/factory/options.js'
import { together } from '../../examples/factory/together.js'
import { memorySink } from 'motorwatch/sinks/memory'
import { alarm } from '../sinks/notify/alarms.js'

test('who the environment names is told, and not again after a restart', async () => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => { body += part }).once('end', () => {
      bodies.push(`${request.url} ${body}`)
      response.writeHead(200).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const out = mkdtempSync(join(tmpdir(), 'motorwatch-notifications-'))
  onTestFinished(() => {
    server.close()
    rmSync(out, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = { MOTORWATCH_ALERTMANAGER_URL: url, MOTORWATCH_WEBHOOK_URL: `${url}/hook`, MOTORWATCH_WEBHOOK_TEMPLATE: '{ "text": "{{#notifications}}{{alarm.machine}} {{status}}{{/notifications}}" }' }
  const made = await notifications(fromEnvironment(env))
  const first = made({ out })
  await first.open()
  await first.write([alarm('raised', 1)])
  await vi.waitFor(() => { expect(bodies).toContain('/hook { "text": "M1 firing" }') })
  await vi.waitFor(() => { expect(bodies.some((body) => body.startsWith('/api/v2/alerts [{"labels":{"alertname":"hot"'))).toBe(true) })
  await first.close(false)
  const second = made({ out })
  await second.open()
  await second.write([alarm('raised', 1), alarm('cleared', 2, { raisedAt: 1_000 })])
  await vi.waitFor(() => { expect(bodies).toContain('/hook { "text": "M1 resolved" }') })
  expect(bodies.filter((body) => body === '/hook { "text": "M1 firing" }')).toHaveLength(1)
  await second.close(false)
})

test('a template that is none is a wrong option, before anything runs; a simulation may tell', async () => {
  await expect(notifications(fromEnvironment({ MOTORWATCH_WEBHOOK_URL: 'https://hooks', MOTORWATCH_WEBHOOK_TEMPLATE: '{{#x}}' }))).rejects.toThrow('webhook: the template is none of Mustache')
  expect(parseOptions([], false, { MOTORWATCH_WEBHOOK_URL: 'https://hooks' })).toMatchObject({ servers: { webhook: {} } })
})

test('times that are long past are told of, unless the environment says how old an alarm may be', async () => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    request.resume()
    response.writeHead(200).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  for (const age of ['2d', undefined]) {
    const sink = (await notifications(fromEnvironment({ MOTORWATCH_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, MOTORWATCH_NOTIFY_MAX_AGE: age })))({})
    await sink.open()
    await sink.write([alarm('raised', 1)])
    await vi.waitFor(() => { expect(requests).toHaveLength(age === undefined ? 1 : 0) })
    await sink.close(false)
  }
})

test('sinks may be others after a restart: those that are new begin afresh', async () => {
  const [a, b] = [{ ...memorySink(), name: 'a' }, { ...memorySink(), name: 'b' }]
  const before = together('all', [a])
  await before.open()
  await before.write([{ kind: 'x' }])
  const saved = await before.save()
  await before.write([{ kind: 'y' }])
  const after = together('all', [b, a])
  await after.open(saved)
  expect([a.items, b.items]).toEqual([[{ kind: 'x' }], []])
})
