import http from 'node:http'
import https from 'node:https'
import { show } from '../../model/show.js'
import { causes, describeFailure, failureOf } from '../../net/failure.js'
import { Refused } from './refused.js'

export interface Posting {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca: string | undefined
  readonly signal: AbortSignal
}

/** These pass, as 5xx do: taken too long, too early, too many. */
const PASSING = [408, 425, 429]
const MOST = 2_000

const ask = (url: URL, { body, headers, ca, signal }: Posting): Promise<{ readonly status: number; readonly text: string }> => new Promise((resolve, reject) => {
  const { request } = url.protocol === 'https:' ? https : http
  const sent = request(url, { method: 'POST', agent: false, signal, headers: { 'content-type': 'application/json', 'user-agent': 'motorwatch', ...headers, 'content-length': Buffer.byteLength(body) }, ...(ca === undefined ? {} : { ca }) }, (response) => {
    let text = ''
    response.setEncoding('utf8')
      .on('data', (part: string) => { if (text.length < MOST) text += part })
      .once('end', () => { resolve({ status: response.statusCode ?? 0, text }) })
      .once('error', reject)
  })
  sent.once('error', reject).end(body)
})

/** Resolves when the answer is 2xx. Rejects with `Refused` where another attempt would not change it. */
export async function post(url: URL, posting: Posting): Promise<void> {
  const { status, text } = await ask(url, posting)
  if (status >= 200 && status < 300) return
  const said = `${url.host} answers ${status}${text.trim() === '' ? '' : ` ${show(text.trim())}`}`
  if (status >= 500 || PASSING.includes(status)) throw new Error(said)
  throw new Refused(`${said}: ${advice(status)}`)
}

function advice(status: number): string {
  if (status < 400) return 'expected 2xx; it has moved: give the address that it has now'
  if (status === 401 || status === 403) return 'it does not know who asks: check the address and the secret'
  if (status === 404 || status === 405) return 'nothing takes a POST there: check the path of the address'
  return 'look there what is wrong with the body'
}

/** Why there was no answer; `ca` names the option for it. */
export function describePost(error: unknown, url: URL, ca: string): string {
  const failure = failureOf(error)
  if (failure !== undefined) return describeFailure(failure, { at: url.host, ca, tls: 'the s of https://' })
  const { name } = error as Error
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer of ${url.host} in time`
  return causes(error).map(({ message }) => message).findLast((message) => message !== '') ?? String(error)
}

/** Throws a RangeError that does not repeat the text, which may hold a secret. */
export function httpUrl(sink: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new RangeError(`${sink}: url is none of http:// or https://; expected an address such as http://localhost:9093`)
  if (url.username !== '' || url.password !== '') throw new RangeError(`${sink}: url holds a user or a password, which have no place there; expected an address without them`)
  return url
}
