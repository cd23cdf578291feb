import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Alarm, Item } from '../../src/model/index.js'
import { alertmanagerSink } from '../../src/sinks/alertmanager.js'
import type { AlertmanagerSinkOptions } from '../../src/sinks/alertmanager.js'
import { alarm } from './notify/alarms.js'

interface Posted { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>>; readonly startsAt: string; readonly endsAt: string; readonly generatorURL?: string }

/** Takes what is posted, on a real socket. */
async function alertmanager(answer: () => number = () => 200) {
  const posts: (readonly Posted[])[] = []
  const paths = new Set<string | undefined>()
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => { body += part }).once('end', () => {
      const status = answer()
      paths.add(request.url)
      if (status < 500) posts.push(JSON.parse(body) as readonly Posted[])
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`, posts, paths }
}

async function opened(options: AlertmanagerSinkOptions, saved?: unknown) {
  const sink = alertmanagerSink({ onWaiting: () => undefined, ...options })
  await sink.open(saved)
  onTestFinished(() => sink.close(false))
  return sink
}

const until = (is: () => boolean, timeout = 10_000): Promise<unknown> => vi.waitFor(() => { expect(is()).toBe(true) }, { timeout, interval: 5 })
const at = (raisedAt: number): Partial<Alarm> => ({ raisedAt: raisedAt * 1_000 })
const standing = ({ endsAt }: Posted): boolean => Date.parse(endsAt) > Date.now()

test('labels are the same while an alarm stands; a higher severity is one more alert, and all end with it', async () => {
  const { url, posts, paths } = await alertmanager()
  const sink = await opened({ url, labels: { site: 'Lyon' }, page: 'http://motors/' })
  await sink.write([alarm('raised', 1)])
  await until(() => posts.length === 1)
  await sink.write([alarm('acknowledged', 2, { ...at(1), value: 140 }), alarm('escalated', 3, { ...at(1), severity: 'critical', level: 'very hot' })])
  await until(() => posts.length === 2)
  await sink.write([alarm('cleared', 4, { ...at(1), severity: 'critical', value: NaN })])
  await until(() => posts.length === 3)
  expect([...paths]).toEqual(['/prefix/api/v2/alerts'])
  const labels = { site: 'Lyon', alertname: 'hot', machine: 'M1', severity: 'high', class: 'thermal' }
  expect(posts.map((post) => post.map((each) => [each.labels, standing(each)]))).toEqual([
    [[labels, true]],
    [[labels, true], [{ ...labels, severity: 'critical' }, true]],
    [[labels, false], [{ ...labels, severity: 'critical' }, false]],
  ])
  expect(posts[0]![0]).toMatchObject({ annotations: { summary: 'M1: hot raised', value: '130', limit: '120', status: 'unacknowledged', occurrence: 'hot/M1/1000' }, startsAt: '1970-01-01T00:00:01.000Z', generatorURL: 'http://motors/' })
  expect(posts[1]![0]!.annotations).toMatchObject({ status: 'acknowledged', value: '140' })
  expect(posts[2]!.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual(Array.from({ length: 2 }, () => ['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:04.000Z']))
  expect(posts[2]![0]!.annotations).not.toHaveProperty('value')
})

test('all that stands is posted again and again, and what has ended with it; what another alarm explains is not', async () => {
  const { url, posts } = await alertmanager()
  const sink = await opened({ url, every: 50, validFor: '10m' })
  await sink.write([alarm('raised', 1), alarm('raised', 1, { machine: 'M2' }), alarm('raised', 1, { machine: 'M3', inhibitedBy: 'x' }), alarm('shelved', 2, { ...at(1), machine: 'M2' })])
  await until(() => posts.filter((post) => post.length > 0).length > 3)
  for (const post of posts.filter(({ length }) => length > 0)) expect(post.map((each) => [each.labels['machine'], standing(each)])).toEqual([['M1', true], ['M2', false]])
})

test('where it did not answer, or refuses, the pipeline goes on; when it is back it is told of all that stands', async () => {
  let status = 200
  const { url, posts } = await alertmanager(() => status)
  const refused: string[] = []
  const waits: unknown[] = []
  const sink = await opened({ url, onRefused: (why) => { refused.push(why) }, onWaiting: (waiting) => { waits.push(waiting?.why) } })
  await sink.write([alarm('raised', 1)])
  await until(() => posts.length > 0)
  status = 503
  await sink.write([alarm('raised', 2, { machine: 'M2' })])
  await until(() => waits.length > 0)
  const before = posts.length
  status = 200
  await until(() => posts.length > before)
  expect(posts.at(-1)!.map(({ labels }) => labels['machine'])).toEqual(['M1', 'M2'])
  status = 400
  await sink.write([alarm('raised', 3, { machine: 'M3' })])
  await until(() => refused.length > 0)
  expect(refused[0]).toContain('answers 400')
  expect(waits.at(-1)).toBe(undefined)
})

test('a run that goes on waits until what came after the checkpoint was read again, and then posts what stands', async () => {
  const { url, posts } = await alertmanager()
  const first = await opened({ url })
  await first.write([alarm('raised', 1), alarm('raised', 1, { machine: 'M2' })])
  const saved = structuredClone(await first.save())
  await until(() => posts.length > 0)
  posts.length = 0
  const second = await opened({ url }, saved)
  await sleep(200)
  await second.write([alarm('cleared', 2, at(1))])
  await until(() => posts.length > 0)
  expect(posts.flat().map((each) => [each.labels['machine'], standing(each)])).toEqual([['M1', false], ['M2', true]])
})

test('what is old and has not been posted is posted when the pipeline has caught up, and only what stands then', async () => {
  const { url, posts } = await alertmanager()
  const first = await opened({ url, maxAge: '1d', every: 50, validFor: '10m' })
  const [now, DAY] = [Math.floor(Date.now() / 1_000), 86_400]
  const heard = (time: number): Item => ({ kind: 'reading', time: time * 1_000 }) as Item
  const standing3 = alarm('raised', now - 3 * DAY, { machine: 'M3' })
  await first.write([heard(now - 3 * DAY), standing3])
  const saved = structuredClone(await first.save())
  await first.close(false)

  const sink = await opened({ url, maxAge: '1d', every: 50, validFor: '10m' }, saved)
  await sink.write([heard(now - 3 * DAY), alarm('raised', now - 3 * DAY), alarm('raised', now - 3 * DAY, { machine: 'M2' }), alarm('raised', now - 60, { machine: 'M4' })])
  await sleep(300)
  await sink.write([heard(now - 2 * DAY), alarm('cleared', now - 2 * DAY, at(now - 3 * DAY))])
  // Restored ones are posted as before: Alertmanager may know them, and would take them for resolved.
  await until(() => posts.flat().some(({ labels }) => labels['machine'] === 'M3'))
  expect(new Set(posts.flat().filter(standing).map(({ labels }) => labels['machine']))).toEqual(new Set(['M3', 'M4']))
  await sink.write([heard(now)])
  await until(() => posts.flat().some(({ labels }) => labels['machine'] === 'M2'))
  expect(posts.flat().find(({ labels }) => labels['machine'] === 'M2')).toMatchObject({ startsAt: new Date((now - 3 * DAY) * 1_000).toISOString() })
  expect(posts.flat().filter(({ labels }) => labels['machine'] === 'M1').some(standing)).toBe(false)
})

test.each<[Partial<AlertmanagerSinkOptions>, string]>([
  [{ url: 'localhost:9093' }, 'url is none of http://'],
  [{ labels: { 'machine': 'x' } }, 'labels.machine: expected a name of letters'],
  [{ labels: { 'a b': 'x' } }, 'labels.a b: expected'],
  [{ every: '1m', validFor: '1m' }, 'expected validFor to be twice as long'],
])('%j is refused', (options, words) => {
  expect(() => alertmanagerSink({ url: 'http://localhost:9093', ...options })).toThrow(words)
})
