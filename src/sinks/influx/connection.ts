import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { keptAlive } from '../../net/kept-alive.js'

/** What the server said. Only an answer is one: whoever does not get one does not know whether what was sent is stored. */
export interface Answer {
  readonly status: number
  /** In one line, at most 300 characters, the middle left out; empty where it gave none. */
  readonly message: string
  /** Milliseconds that the server asks to be left alone for. */
  readonly retryAfter?: number
  /** The body of a success, where it is JSON. */
  readonly body?: unknown
}

/** The port to the server: one request, no retry, no buffer. Rejects where no answer comes before `signal` is aborted; then the request is too. */
export type Ask = (method: 'GET' | 'POST', path: string, body: string | object | undefined, signal: AbortSignal) => Promise<Answer>

/** Bodies longer than this many bytes are compressed. */
const GZIP_FROM = 1_000

/** The port over HTTP. The client's `WriteApi` is not used: it resolves before what it was given is stored, and after it was thrown away. */
export function connect({ url, token, ca }: { readonly url: string; readonly token: string; readonly ca?: string | undefined }): Ask {
  const { transport } = new InfluxDB({ url, token, timeout: 0, transportOptions: { agent: keptAlive(new URL(url).protocol === 'https:', ca) } })
  return async (method, path, body, signal) => {
    let status = 0
    try {
      const result: unknown = await transport.request(path, body, { method, gzipThreshold: GZIP_FROM, signal, headers: typeof body === 'string' ? text : {} }, (_, code = 0) => {
        status = code
      })
      return { status, message: '', body: result }
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      const { statusCode, body = '', headers } = error
      const said = (error.json as { readonly message?: unknown } | undefined)?.message
      const wait = waitOf(headers?.['retry-after'])
      return { status: statusCode, message: oneLine(typeof said === 'string' ? said : body), ...(wait === undefined ? {} : { retryAfter: wait }) }
    }
  }
}

const text = { 'content-type': 'text/plain; charset=utf-8' }

/** The header is in seconds, or is a date. */
function waitOf(header: string | readonly string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return wait > 0 ? wait : undefined
}

/** What failed is said first, and why last: 'unable to parse ...: missing fields'. */
const oneLine = (text: string): string => {
  const line = text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 100)} ... ${line.slice(-195)}` : line
}
