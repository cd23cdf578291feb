import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'motorwatch'
import { plant, servePage } from 'motorwatch/page'
import type { Change, Page, PageOptions } from 'motorwatch/page'
import { reading } from 'motorwatch/testing'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'

const open: Page[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.close()))
})

const serve = async (options: Partial<PageOptions> = {}): Promise<{ page: Page; url: URL; taken: Command[]; seen: PageOptions['plant'] }> => {
  const seen = options.plant ?? plant({ rules: [] })
  const taken: Command[] = []
  const page = await servePage({ plant: seen, about: { title: 'hall', mode: 'live' }, port: 0, command: async (command) => { taken.push(command) }, ...options })
  open.push(page)
  return { page, url: new URL(page.url), taken, seen }
}

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** As any client may ask, with headers that browsers would not let a page set. */
const ask = (url: URL, path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {}): Promise<Got> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: url.port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => { resolve({ status: response.statusCode!, headers: response.headers, body: text }) })
    })
    sent.on('error', reject).end(body)
  })

/** Events as they come, until enough. */
const listen = (url: URL, headers: OutgoingHttpHeaders, enough: (changes: readonly (Change & { id: string })[]) => boolean): Promise<readonly (Change & { id: string })[]> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: url.port, path: '/events', headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const changes = text.split('\n\n').slice(0, -1).filter((event) => event.startsWith('id: ')).map((event) => ({ id: /^id: (.*)$/m.exec(event)![1]!, ...(JSON.parse(/^data: (.*)$/m.exec(event)![1]!) as Change) }))
        if (!enough(changes)) return
        sent.destroy()
        resolve(changes)
      })
    })
    sent.on('error', reject).end()
  })

const page = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
const acknowledge = JSON.stringify({ name: 'acknowledge', machine: 'm1', rule: 'hot', by: 'Sri' })

describe('requests', () => {
  test('are answered with a strict policy, and nothing of it is kept', async () => {
    const { url } = await serve()
    for (const path of ['/', '/page.css', '/icon.svg', '/nothing']) {
      const { headers } = await ask(url, path)
      expect(headers['content-security-policy']).toBe("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
    }
  })

  test.each([['evil.example', 421], ['127.0.0.1.evil.example', 421], ['localhost', 200], ['127.0.0.1:8090', 200], ['[::1]:8090', 200], ['192.168.1.7', 421]])('asked for as %j: %i', async (host, status) => {
    const { url } = await serve()
    expect((await ask(url, '/series', { headers: { host } })).status).toBe(status === 200 ? 404 : status)
    expect((await ask(url, '/', { headers: { host } })).status).toBe(status)
  })

  test('that another site makes are refused, read or write', async () => {
    const { url, taken } = await serve()
    for (const headers of [{ ...page, 'sec-fetch-site': 'cross-site' }, { ...page, 'sec-fetch-site': 'same-site' }, { 'content-type': 'application/json', origin: 'http://evil.example' }, { 'content-type': 'application/json', origin: 'null' }, { 'content-type': 'application/json' }])
      expect((await ask(url, '/commands', { method: 'POST', headers, body: acknowledge })).status).toBe(403)
    expect((await ask(url, '/series?machine=m1', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect((await ask(url, '/events', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])
      expect((await ask(url, '/commands', { method: 'POST', headers: { ...page, 'content-type': type }, body: acknowledge })).status).toBe(415)
    expect(taken).toEqual([])
    expect((await ask(url, '/commands', { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8', origin: url.origin, host: url.host }, body: acknowledge })).status).toBe(202)
    expect(taken).toHaveLength(1)
  })
})

describe('commands', () => {
  test.each([
    ['{', 400, 'no JSON'], ['null', 400, 'the command: got null, expected an object'], ['{"name":"explode","machine":"m1","by":"x"}', 400, 'name: got "explode", expected "acknowledge" | "shelve"'],
    ['{"name":"acknowledge","machine":"m1"}', 400, 'by: got nothing, expected who asks, 1 to 80 characters'], ['{"name":"acknowledge","by":"x"}', 400, 'machine: got nothing'], ['{"name":"acknowledge","machine":"m1","by":"  "}', 400, 'by: got'],
    ['{"name":"shelve","machine":"m1","by":"x","for":36000000}', 400, 'for: got 36000000, expected milliseconds, more than 0 and at most 28800000 (8 h)'],
    [JSON.stringify({ name: 'acknowledge', machine: 'm'.repeat(5_000), by: 'x' }), 413, 'longer than'],
  ])('%s: %i, and says what is wrong', async (body, status, words) => {
    const { url, taken } = await serve()
    const got = await ask(url, '/commands', { method: 'POST', headers: page, body })
    expect([got.status, (JSON.parse(got.body) as { error: string }).error]).toEqual([status, expect.stringContaining(words)])
    expect(taken).toEqual([])
  })

  test('are stamped with the time of the plant; a shelf lasts an hour where nothing else is asked', async () => {
    const seen = plant({ rules: [] })
    seen.take([reading('m1', 'current', 1)(5_000)])
    const { url, taken } = await serve({ plant: seen })
    const post = (body: object): Promise<Got> => ask(url, '/commands', { method: 'POST', headers: page, body: JSON.stringify(body) })
    await post({ name: 'shelve', machine: 'm1', rule: 'hot', by: ' Sri ', __proto__: { x: 1 }, more: 1 })
    await post({ name: 'shelve', machine: 'm1', rule: 'hot', by: 'Sri', for: 1_000, why: 'lamp is broken' })
    expect(taken).toEqual([
      { kind: 'command', time: 5_000, name: 'shelve', machine: 'm1', rule: 'hot', by: 'Sri', until: 3_605_000 },
      { kind: 'command', time: 5_000, name: 'shelve', machine: 'm1', rule: 'hot', by: 'Sri', until: 6_000, why: 'lamp is broken' },
    ])
  })

  test('that could not be kept are not answered as taken; after the end, and where there are none, neither', async () => {
    const full = await serve({ command: async () => { throw new Error('disk full') } })
    expect(await ask(full.url, '/commands', { method: 'POST', headers: page, body: acknowledge })).toMatchObject({ status: 500, body: expect.stringContaining('disk full') })
    const ended = await serve()
    ended.page.ended('ended')
    expect((await ask(ended.url, '/commands', { method: 'POST', headers: page, body: acknowledge })).status).toBe(409)
    const mute = await servePage({ plant: plant({ rules: [] }), about: { title: 'x', mode: 'live' }, port: 0 })
    open.push(mute)
    expect((await ask(new URL(mute.url), '/commands', { method: 'POST', headers: page, body: acknowledge })).status).toBe(409)
  })
})

describe('on another address', () => {
  const token = 'a-token-that-nobody-guesses'

  test('the token is demanded of everything that tells or takes something', async () => {
    const { url, taken } = await serve({ host: '0.0.0.0', token })
    expect(url.hash).toBe(`#${token}`)
    expect((await ask(url, '/')).status).toBe(200)
    for (const path of ['/events', '/series?machine=m1', '/parts?machine=m1&rule=hot']) expect((await ask(url, path)).status).toBe(401)
    expect((await ask(url, '/commands', { method: 'POST', headers: page, body: acknowledge })).status).toBe(401)
    for (const cookie of ['motorwatch_page=', `motorwatch_page=${token}`, 'motorwatch_page=x'.repeat(20)]) expect((await ask(url, '/series?machine=m1', { headers: { cookie } })).status).toBe(401)
    expect((await ask(url, '/session', { method: 'POST', headers: page, body: '{"token":"another"}' })).status).toBe(401)
    expect((await ask(url, '/session', { method: 'POST', headers: { ...page, 'sec-fetch-site': 'cross-site' }, body: JSON.stringify({ token }) })).status).toBe(403)
    const session = await ask(url, '/session', { method: 'POST', headers: page, body: JSON.stringify({ token }) })
    const [set = ''] = session.headers['set-cookie'] ?? []
    expect(set).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(set).not.toContain(token)
    const cookie = set.split(';')[0]!
    expect((await ask(url, '/series?machine=m1', { headers: { cookie } })).status).toBe(404)
    expect((await ask(url, '/commands', { method: 'POST', headers: { ...page, cookie }, body: acknowledge })).status).toBe(202)
    expect(taken).toHaveLength(1)
  })

  test('a random one is made where none was given, another each time; one that is short is refused', async () => {
    const [one, two] = [await serve({ host: '0.0.0.0' }), await serve({ host: '0.0.0.0' })]
    expect(one.url.hash.length).toBeGreaterThan(30)
    expect(one.url.hash).not.toBe(two.url.hash)
    await expect(serve({ host: '0.0.0.0', token: 'short' })).rejects.toThrow('expected 16 or more')
  })

  test('a name that may have been pointed at us is refused', async () => {
    const { url } = await serve({ host: '0.0.0.0', token })
    expect((await ask(url, '/', { headers: { host: 'evil.example' } })).status).toBe(421)
    expect((await ask(url, '/', { headers: { host: '192.168.1.7:8090' } })).status).toBe(200)
  })
})

describe('a port', () => {
  test('that is taken is told in one line; where none was asked for, the next is tried', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve) })
    const { port } = other.address() as AddressInfo
    await expect(serve({ port })).rejects.toThrow(`the page: port ${port} of 127.0.0.1 is taken: choose another one`)
    other.close()
    const [one, two] = await Promise.all([0, 1].map(async () => {
      const made = await servePage({ plant: plant({ rules: [] }), about: { title: 'x', mode: 'live' } })
      open.push(made)
      return made.url
    }))
    expect(one).not.toBe(two)
  })

  test('an address that is not ours and a zone that is none are told', async () => {
    await expect(serve({ host: '203.0.113.7' })).rejects.toThrow('203.0.113.7 is no address of this machine')
    await expect(serve({ about: { title: 'x', mode: 'live', zone: 'Mars/Olympus' } })).rejects.toThrow("zone 'Mars/Olympus' is not known")
  })
})

describe('a browser that reads nothing', () => {
  const [MACHINES, SENSORS] = [100, 50]

  /** Events as a raw socket gets them; HTTP/1.0 has no chunks between. */
  const raw = (url: URL, path: string): { readonly socket: Socket; ids(): readonly number[]; last(): Change } => {
    const socket = connect(Number(url.port), '127.0.0.1').pause()
    socket.write(`GET ${path} HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n`)
    onTestFinished(() => { socket.destroy() })
    let [tail, last] = ['', '']
    const ids: number[] = []
    socket.setEncoding('utf8').on('data', (part: string) => {
      const events = (tail + part).split('\n\n')
      tail = events.pop()!
      for (const event of events) {
        const id = /^id: \w+-(\d+)$/m.exec(event)
        if (id === null) continue
        ids.push(Number(id[1]))
        last = event
      }
    }).pause()
    return { socket, ids: () => ids, last: () => JSON.parse(/^data: (.*)$/m.exec(last)?.[1] ?? '{"set":{}}') as Change }
  }

  /** `vi.waitFor` would put the clock on. */
  const until = async (is: () => boolean): Promise<void> => {
    for (const end = performance.now() + 20_000; !is(); await sleep(2)) if (performance.now() > end) throw new Error(`not within 20 s: ${is.toString()}`)
  }

  test('has no more waiting for it than is bounded, keeps nobody else waiting, and gets the newest when it reads again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => { vi.useRealTimers() })
    let held: Socket | undefined
    const see = (message: unknown): void => {
      const { request: { url }, socket } = message as { readonly request: IncomingMessage; readonly socket: Socket }
      if (url === '/events?silent') held = socket
    }
    subscribe('http.server.request.start', see)
    onTestFinished(() => { unsubscribe('http.server.request.start', see) })

    const { url, seen } = await serve()
    const [silent, reader] = [raw(url, '/events?silent'), raw(url, '/events')]
    reader.socket.resume()
    let at = 0
    const pulse = (): void => {
      at++
      seen.take(Array.from({ length: MACHINES * SENSORS }, (_, i) => reading(`m${i % MACHINES}`, `sensor-${Math.floor(i / MACHINES)}`, at)(at * 1_000)))
      vi.advanceTimersByTime(300)
    }
    const newest = ({ last }: typeof reader): number | undefined => (last().set['machine m1'] as { readonly sensors: Readonly<Record<string, { readonly value: number }>> } | undefined)?.sensors['sensor-7']?.value

    await until(() => held !== undefined && reader.ids().length > 0)
    const [first] = reader.ids() as [number]
    const waiting: number[] = []
    // Until the kernel takes no more, and on.
    while (waiting.filter((bytes) => bytes > 1_000_000).length < 30 && at < 1_000) {
      pulse()
      waiting.push(held!.writableLength)
      await until(() => newest(reader) === at)
    }
    expect(reader.ids()).toEqual(Array.from({ length: reader.ids().length }, (_, i) => first + i))
    const one = reader.socket.bytesRead / reader.ids().length
    const full = waiting.slice(-30)
    expect(full[0]).toBeGreaterThan(1_000_000)
    expect(full[0]).toBeLessThan(1_000_000 + 2 * one)
    expect(new Set(full).size).toBe(1)
    expect(held!.timeout).toBe(60_000)

    silent.socket.resume()
    await until(() => held!.writableLength === 0)
    vi.advanceTimersByTime(300)
    await until(() => silent.last().full === true && newest(silent) === at)
    const before = silent.ids().slice(0, -1)
    expect(before.length).toBeLessThan(at - 25)
    expect(before).toEqual(before.map((_, i) => before[0]! + i))
    pulse()
    await until(() => newest(silent) === at)
    expect(silent.last().full).toBeUndefined()
  })
})

describe('events', () => {
  const values = (changes: readonly Change[]): unknown[] => changes.map(({ set }) => (set['machine m1'] as { sensors?: { current?: { value: number } } } | undefined)?.sensors?.current?.value).filter((value) => value !== undefined)

  test('begin with everything, and go on with what changes', async () => {
    const { url, seen } = await serve()
    seen.take([reading('m1', 'current', 1)(1_000)])
    let fed = 1
    const changes = await listen(url, {}, (all) => {
      if (values(all).length > fed - 1 && fed < 4) seen.take([reading('m1', 'current', ++fed)(1_000 * fed)])
      return values(all).includes(4)
    })
    expect(changes[0]).toMatchObject({ full: true, set: { about: { title: 'hall', mode: 'live', commands: true } } })
    expect(changes.slice(1).every(({ full }) => full === undefined)).toBe(true)
    expect(values(changes)).toEqual([1, 2, 3, 4])
  })

  test('resume behind the last one that was had; numbers of another server bring everything again', async () => {
    const { url, seen } = await serve()
    const first = await listen(url, {}, (all) => all.length === 1)
    seen.take([reading('m1', 'current', 7)(1_000)])
    const resumed = await listen(url, { 'last-event-id': first[0]!.id }, (all) => values(all).length > 0)
    expect(resumed.some(({ full }) => full === true)).toBe(false)
    expect(values(resumed)).toEqual([7])
    for (const id of ['0123456789ab-1', `${first[0]!.id}9999`, 'rubbish', '-', `${first[0]!.id.split('-')[0]!}-x`]) {
      const [again] = await listen(url, { 'last-event-id': id }, (all) => all.length > 0)
      expect(again).toMatchObject({ full: true })
    }
  })

  test('tell that the run has ended', async () => {
    const { page: served, url } = await serve()
    served.ended('stopped')
    const [told] = await listen(url, {}, (all) => all.length > 0)
    expect(told!.set['pulse']).toMatchObject({ ended: 'stopped' })
  })

  test('tell how far alarms are known that are made elsewhere', async () => {
    let left = 7
    const { url } = await serve({ alarms: () => ({ state: left > 0 ? 'reading' : 'known', left, behind: 0, workers: 2 }) })
    const [first] = await listen(url, {}, (all) => all.length > 0)
    expect(first!.set['pulse']).toMatchObject({ alarms: { state: 'reading', left: 7, workers: 2 } })
    left = 0
    const [next] = await listen(url, {}, (all) => all.length > 0)
    expect(next!.set['pulse']).toMatchObject({ alarms: { state: 'known', left: 0 } })
  })
})
