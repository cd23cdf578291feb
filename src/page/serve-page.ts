import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Command } from '../model/index.js'
import { askedCommand } from './asked-command.js'
import { assets } from './assets.js'
import { feed } from './feed.js'
import { cookieFor, hasCookie, headers, isLoopback, isOurHost, isSameOrigin, isToken } from './guard.js'
import type { Plant } from './plant.js'
import type { AlarmsKnown, PageAbout, PulseView } from './view.js'

export interface PageOptions {
  readonly plant: Plant
  readonly about: Omit<PageAbout, 'commands' | 'zone'> & {
    /** Times are shown in it; left out: that of this machine. */
    readonly zone?: string
  }
  /** 0: one that is free. Left out: 8090, or the next one that is free, up to 8099. */
  readonly port?: number
  /** Left out: this machine alone. With an address that others reach, a token is demanded. */
  readonly host?: string
  /** Left out: a random one. Not asked for on this machine alone. */
  readonly token?: string
  /** Takes in what an operator asks for, and resolves when it is safe. Left out: the page shows, and takes no commands. */
  readonly command?: (command: Command) => Promise<void>
  /** Where alarms are made elsewhere: how far they are known now. */
  readonly alarms?: () => AlarmsKnown
}

export interface Page {
  /** Where it is; with the token behind `#`, where one is demanded. */
  readonly url: string
  /** Tells the pages that nothing more will come. */
  ended(how: 'ended' | 'stopped'): void
  close(): Promise<void>
}

const EVERY = 300
const BODY = 4_096
const RATE = 3_000

/**
 * Serves the live page of a plant, whatever it is folded from. It holds no process alive, and nothing waits for it.
 * Rejects where the port is taken, the address is not one of this machine, or the zone is unknown.
 *
 * @example
 * const seen = plant({ rules })
 * const page = await servePage({ plant: seen, about: { title: 'hall 3', mode: 'live' } })
 * await run({ source, pipeline, sinks: [pageSink(seen)] })
 */
export async function servePage({ plant, about: { zone = Intl.DateTimeFormat().resolvedOptions().timeZone, ...about }, port, host = '127.0.0.1', token = randomBytes(24).toString('base64url'), command, alarms }: PageOptions): Promise<Page> {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new RangeError(`zone '${zone}' is not known: expected an IANA name, such as Asia/Jakarta`)
  }
  const demanded = !isLoopback(host)
  if (token.length < 16) throw new RangeError(`the token of the page has ${token.length} characters: expected 16 or more, that nobody guesses`)
  const told: PageAbout = { ...about, zone, commands: command !== undefined }
  const asset = assets()
  const samples: { readonly at: number; readonly readings: number }[] = []
  let heardAt = NaN
  let seen = -1
  let ended: PulseView['ended']

  const pulse = (): PulseView => {
    const now = performance.now()
    if (plant.readings !== seen) {
      seen = plant.readings
      heardAt = now
    }
    while (samples.length > 1 && samples[1]!.at < now - RATE) samples.shift()
    if (samples.length === 0 || now - samples.at(-1)!.at >= EVERY / 2) samples.push({ at: now, readings: plant.readings })
    const from = samples[0]!
    return { ...plant.pulse, rate: now > from.at ? Math.round(((plant.readings - from.readings) / (now - from.at)) * 1000) : 0, quiet: plant.readings === 0 ? null : Math.round(now - heardAt), ...(ended === undefined ? {} : { ended }), ...(alarms === undefined ? {} : { alarms: alarms() }) }
  }

  const events = feed({
    all: () => ({ about: told, pulse: pulse(), ...plant.all() }),
    changes: () => {
      const { set, drop } = plant.changes()
      return { set: { pulse: pulse(), ...set }, drop }
    },
  })
  const timer = setInterval(() => {
    if (events.pages > 0) events.flush()
    else pulse()
  }, EVERY).unref()

  const say = (response: ServerResponse, status: number, message: string, more: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, { ...headers, 'content-type': 'application/json', ...more }).end(`${JSON.stringify(status < 400 ? { ok: message } : { error: message })}\n`)
  }

  const posted = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const refuse = (status: number, message: string): undefined => {
      request.resume()
      say(response, status, message, { connection: 'close' })
    }
    if (!isSameOrigin(request)) return refuse(403, 'this does not come from the page itself: open the page, and use its buttons')
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return refuse(415, 'content-type: expected application/json')
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk as string
      if (body.length > BODY) return refuse(413, `the body is longer than ${BODY} characters`)
    }
    try {
      return JSON.parse(body) as unknown
    } catch {
      return refuse(400, 'the body is no JSON')
    }
  }

  const takeToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await posted(request, response)
    if (body === undefined) return
    const { token: given } = Object(body) as { readonly token?: unknown }
    if (!demanded || (typeof given === 'string' && isToken(given, token))) say(response, 200, 'come in', demanded ? { 'set-cookie': cookieFor(token) } : {})
    else say(response, 401, 'the token is another one: it stands behind # in the address that the program has printed')
  }

  const takeCommand = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await posted(request, response)
    if (body === undefined) return
    if (command === undefined) return say(response, 409, 'this page shows, and takes no commands')
    if (ended !== undefined) return say(response, 409, `the run has ${ended === 'ended' ? 'ended' : 'been stopped'}: nothing takes commands any more`)
    const asked = askedCommand(body, Number.isNaN(plant.time) ? 0 : plant.time)
    if (asked._tag === 'Left') return say(response, 400, asked.left)
    try {
      await command(asked.right)
    } catch (error) {
      return say(response, 500, `it could not be kept: ${error instanceof Error ? error.message : String(error)}`)
    }
    say(response, 202, 'taken: the answer comes with the events')
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOurHost(request, host)) return say(response, 421, `this server is not ${String(request.headers.host).slice(0, 100)}: ask for it by its address`)
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const file = isRead ? asset(pathname) : undefined
    if (file !== undefined) {
      const { type, body } = await file
      response.writeHead(200, { ...headers, 'content-type': type }).end(request.method === 'HEAD' ? '' : body)
      return
    }
    const route = `${isRead ? 'GET' : request.method ?? ''} ${pathname}`
    if (route === 'POST /session') return takeToken(request, response)
    if (!['GET /events', 'GET /series', 'GET /parts', 'POST /commands'].includes(route)) return say(response, 404, 'there is /, /events, /series?machine=, /parts?machine=&rule= and /commands')
    if (demanded && !hasCookie(request, token)) return say(response, 401, 'this page wants its token: open the address that the program has printed, with what stands behind #')
    if (route === 'POST /commands') return takeCommand(request, response)
    if (isForeign(request)) return say(response, 403, 'another site may not read this')
    if (route === 'GET /events') {
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
      events.join(response, request.headers['last-event-id']?.toString() ?? searchParams.get('after') ?? undefined)
      return
    }
    const machine = searchParams.get('machine') ?? ''
    const found = route === 'GET /parts' ? plant.partsNow(machine, searchParams.get('rule') ?? '') : plant.series(machine, Number(searchParams.get('tier') ?? 0))
    if (found === undefined) return say(response, 404, route === 'GET /parts' ? 'no such rule' : 'no such machine, or no such tier (0, 1, 2)')
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(found))
  }

  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) say(response, 500, error instanceof Error ? error.message : String(error))
      else response.destroy()
    })
  })
  server.maxConnections = 200
  server.on('connection', (socket) => { socket.unref() })
  await listen(server, port, host)
  server.unref()
  const { address, port: given } = server.address() as AddressInfo
  return {
    url: `http://${shown(host, address)}:${given}/${demanded ? `#${token}` : ''}`,
    ended(how) {
      ended = how
      events.flush()
    },
    close: () => new Promise((resolve) => {
      clearInterval(timer)
      events.close()
      server.close(() => { resolve() })
      setTimeout(() => { server.closeAllConnections() }, 100).unref()
    }),
  }
}

/** Browsers that say where a request comes from say so of reading, too. */
const isForeign = ({ headers: { 'sec-fetch-site': site } }: IncomingMessage): boolean => site !== undefined && site !== 'same-origin' && site !== 'none'

const shown = (host: string, address: string): string => {
  const name = address === '0.0.0.0' || address === '::' ? 'localhost' : host === 'localhost' ? host : address
  return name.includes(':') ? `[${name}]` : name
}

/** Where no port was asked for, the next ones are tried: two runs on one machine are no error. */
async function listen(server: Server, port: number | undefined, host: string): Promise<void> {
  const [first, last] = port === undefined ? [8090, 8099] : [port, port]
  for (let each = first; each <= last; each++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(each, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && each < last) continue
      const what = code === 'EADDRINUSE' ? (port === undefined ? `ports ${first} to ${last} of ${host} are taken` : `port ${port} of ${host} is taken`)
        : code === 'EADDRNOTAVAIL' ? `${host} is no address of this machine`
        : code === 'EACCES' ? `port ${each} is not allowed to this user` : (error as Error).message
      throw new Error(`the page: ${what}: choose another one`, { cause: error })
    }
  }
}
