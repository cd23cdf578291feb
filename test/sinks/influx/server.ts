import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { parseLine } from './line-protocol.js'

export interface Answer {
  readonly status: number
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** `hang`: no answer ever. `reset`: the connection is broken. `stored-reset`: it is stored, and then the connection is broken. `pass`: as it would without this. */
export type Play = Answer | 'hang' | 'reset' | 'stored-reset' | 'pass'

export interface Write {
  readonly lines: readonly string[]
  readonly gzip: boolean
  readonly at: number
}

export interface Influx {
  readonly url: string
  /** Those with lines, in the order in which they came, whatever became of them. */
  readonly writes: Write[]
  /** By series and time: each field as it was last written. */
  readonly points: Map<string, Map<string, number | string | boolean>>
  readonly buckets: Map<string, number>
  /** How many requests were broken off by the client. */
  readonly aborted: () => number
  /** Decides on each write with lines, before anything is stored. */
  play: (lines: readonly string[], count: number) => Play
  /** Why a line is refused, as field type conflicts and old points are; undefined: it is taken. */
  refuses: (line: string) => string | undefined
  /** Where lines of a request are refused, are the others stored? A batch over several shards may not be. */
  partial: boolean
  stop(): Promise<void>
  start(): Promise<void>
}

export const token = 'the-secret-token'
export const org = 'motor_org'
export const bucket = 'motor_bucket'

/** Plays InfluxDB 2: the answers are those that influxd 2.7 gives (test/servers/influx.test.ts has the real one). */
export async function playInflux(): Promise<Influx> {
  let server: Server
  let port = 0
  let aborted = 0
  const said = (status: number, message: string): Answer => ({ status, message })

  const write = (lines: readonly string[], gzip: boolean): Play => {
    if (lines.length === 0) return said(400, 'writing requires points')
    influx.writes.push({ lines, gzip, at: Date.now() })
    const play = influx.play(lines, influx.writes.length)
    if (play !== 'pass' && play !== 'stored-reset') return play
    const reasons = lines.map(line => influx.refuses(line))
    const refused = reasons.filter(reason => reason !== undefined)
    if (refused.length === 0 || influx.partial) {
      for (const [i, line] of lines.entries()) {
        if (reasons[i] !== undefined) continue
        const { measurement, tags, fields, nanoseconds } = parseLine(line, 'pair')
        const key = JSON.stringify([measurement, tags, String(nanoseconds)])
        const point = influx.points.get(key) ?? new Map<string, number | string | boolean>()
        for (const [name, value] of Object.entries(fields)) point.set(name, value)
        influx.points.set(key, point)
      }
    }
    if (play === 'stored-reset') return 'reset'
    return refused.length === 0 ? { status: 204 } : said(422, `failure writing points to database: partial write: ${refused[0]} dropped=${refused.length}`)
  }

  const answer = (request: IncomingMessage, body: string): Play => {
    const url = new URL(request.url ?? '', influx.url)
    if (request.headers.authorization !== `Token ${token}`) return said(401, 'unauthorized access')
    if (url.pathname === '/api/v2/orgs') {
      return url.searchParams.get('org') === org ? { status: 200, message: JSON.stringify({ orgs: [{ id: 'org-1', name: org }] }) } : said(404, 'organization name "x" not found')
    }
    if (url.pathname === '/api/v2/buckets') {
      const { orgID, name, retentionRules: [rule] } = JSON.parse(body) as { readonly orgID: string; readonly name: string; readonly retentionRules: readonly { readonly everySeconds: number }[] }
      if (orgID !== 'org-1') return said(404, 'organization not found')
      influx.buckets.set(name, rule?.everySeconds ?? 0)
      return { status: 201, message: '{}' }
    }
    if (url.pathname !== '/api/v2/write') return said(404, 'path not found')
    if (url.searchParams.get('org') !== org) return said(404, `organization name "${url.searchParams.get('org')}" not found`)
    if (!influx.buckets.has(url.searchParams.get('bucket') ?? '')) return said(404, `bucket "${url.searchParams.get('bucket')}" not found`)
    if (url.searchParams.get('precision') !== 'ns') return said(400, 'not nanoseconds')
    return write(linesOf(body), request.headers['content-encoding'] === 'gzip')
  }

  const influx: Influx = {
    get url() { return `http://127.0.0.1:${port}` },
    writes: [],
    points: new Map(),
    buckets: new Map([[bucket, 0]]),
    aborted: () => aborted,
    play: () => 'pass',
    refuses: () => undefined,
    partial: true,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
    async start() {
      server = createServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('close', () => {
          if (!response.writableFinished) aborted++
        })
        request.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const play = answer(request, (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8'))
          if (play === 'hang') return
          if (play === 'reset' || play === 'stored-reset' || play === 'pass') {
            request.socket.destroy()
            return
          }
          const { status, message, headers } = play
          response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
          response.end(status === 204 ? '' : status < 300 ? message : JSON.stringify({ code: 'some code', message: message ?? '' }))
        })
      })
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
    },
  }
  await influx.start()
  return influx
}

/** As InfluxDB parts a body: a newline within the quotes of a field's value ends no line, and quotes elsewhere mean nothing. */
function linesOf(body: string): readonly string[] {
  const lines: string[] = []
  let from = 0
  let inFields = false
  let quoted = false
  let inValue = false
  for (let i = 0; i <= body.length; i++) {
    const char = body[i]
    if (char === '\\') i++
    else if (char === undefined || (char === '\n' && !quoted)) {
      if (i > from) lines.push(body.slice(from, i))
      from = i + 1
      inFields = inValue = quoted = false
    } else if (char === ' ' && !quoted) inFields = true
    else if (!inFields) continue
    else if (char === '"' && inValue) quoted = !quoted
    else if (!quoted && (char === '=' || char === ',')) inValue = char === '='
  }
  return lines
}
