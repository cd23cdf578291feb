import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { feed } from '../../src/page/feed.js'

/** A page whose socket takes what it likes. */
const socket = () => {
  const written: string[] = []
  const events = new EventEmitter()
  const fake = Object.assign(events, { writableLength: 0, write: (text: string) => { written.push(text) }, end: () => { events.emit('close') }, setTimeout: () => undefined })
  return { written, fake, response: fake as unknown as ServerResponse }
}
const isFull = (text: string): boolean => text.includes('"full":true')

test('a page that is slow gets nothing while it is, and everything once it has caught up; the others are not kept waiting', () => {
  let n = 0
  const made = feed({ all: () => ({ n }), changes: () => ({ set: { n: ++n }, drop: [] }) })
  const [slow, quick] = [socket(), socket()]
  made.join(slow.response, undefined)
  made.join(quick.response, undefined)
  const before = slow.written.length
  slow.fake.writableLength = 2_000_000
  for (let i = 0; i < 50; i++) made.flush()
  expect(slow.written).toHaveLength(before)
  expect(quick.written.filter((text) => text.startsWith('id:')).length).toBeGreaterThan(50)
  slow.fake.writableLength = 10
  made.flush()
  expect(slow.written).toHaveLength(before)
  slow.fake.writableLength = 0
  made.flush()
  expect(slow.written.slice(before).map(isFull)).toEqual([true])
  expect(slow.written.at(-1)).toContain(`"n":${n}`)
  made.flush()
  expect(isFull(slow.written.at(-1)!)).toBe(false)
})

test('what is remembered is bounded: whoever was away for longer gets everything', () => {
  let n = 0
  const made = feed({ all: () => ({ n }), changes: () => ({ set: { n: ++n, text: 'x'.repeat(50_000) }, drop: [] }) })
  const first = socket()
  made.join(first.response, undefined)
  const id = /^id: (.*)$/m.exec(first.written.at(-1)!)![1]!
  for (let i = 0; i < 20; i++) made.flush()
  const soon = socket()
  made.join(soon.response, id)
  expect(soon.written.some(isFull)).toBe(false)
  expect(soon.written.filter((text) => text.startsWith('id:'))).toHaveLength(21)
  for (let i = 0; i < 200; i++) made.flush()
  const late = socket()
  made.join(late.response, id)
  expect(late.written.filter((text) => text.startsWith('id:')).map(isFull)).toEqual([true])
})

test('a page that has gone is forgotten', () => {
  const made = feed({ all: () => ({}), changes: () => ({ set: {}, drop: [] }) })
  const one = socket()
  made.join(one.response, undefined)
  expect(made.pages).toBe(1)
  one.fake.emit('close')
  expect(made.pages).toBe(0)
})

test('a connection that takes nothing for a while is closed; one that is slow is kept', async () => {
  let n = 0
  const made = feed({ all: () => ({ n }), changes: () => ({ set: { n: ++n, text: 'x'.repeat(200_000) }, drop: [] }), silence: 3_000 })
  const server = createServer((_, response) => { made.join(response, undefined) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ask = (): Socket => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
    socket.on('error', () => undefined).write('GET / HTTP/1.0\r\n\r\n')
    return socket
  }
  const [slow, silent] = [ask(), ask()]
  const timers = [setInterval(() => { made.flush() }, 5), setInterval(() => slow.read(), 20)]
  onTestFinished(() => {
    for (const timer of timers) clearInterval(timer)
    for (const socket of [slow, silent]) socket.destroy()
    server.close()
  })
  await vi.waitFor(() => { expect(made.pages).toBe(2) }, 10_000)
  const began = performance.now()
  await vi.waitFor(() => { expect(made.pages).toBe(1) }, 60_000)
  expect(performance.now() - began).toBeGreaterThan(2_500)
  await new Promise((resolve) => { setTimeout(resolve, 4_000) })
  expect(made.pages).toBe(1)
  const before = slow.bytesRead
  await vi.waitFor(() => { expect(slow.bytesRead).toBeGreaterThan(before) }, 10_000)
})
