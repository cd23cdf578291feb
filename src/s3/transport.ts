import http from 'node:http'
import https from 'node:https'
import type { ClientOptions } from 'minio'

type Transport = NonNullable<ClientOptions['transport']>

/** What the minio client would try again once, and then tell without the status. */
const TRIED_AGAIN = new Set([408, 429, 499, 500, 502, 503, 504, 520])

/**
 * Requests that fail instead of hanging: with ETIMEDOUT when nothing moves on the connection for `timeout` milliseconds, and with `statusCode` where the server says that it cannot now.
 * So each request is tried once, and whoever asked decides what comes of it.
 */
export function transport(useSSL: boolean, timeout: number): Transport {
  const { request } = useSSL ? https : http
  return {
    request(options: http.RequestOptions, respond: (response: http.IncomingMessage) => void) {
      const sent = request(options, response => {
        const { statusCode = 0 } = response
        // An answer that is none of S3, such as that of a TLS port to a request without: the client would not tell what it says.
        if (statusCode === 400 && response.headers['content-type'] === undefined && options.method !== 'HEAD') {
          let said = ''
          response.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(0, 300) }).once('end', () => {
            // The request is over, and destroying it would tell nobody.
            sent.emit('error', Object.assign(new Error(said.trim() === '' ? 'it answered 400' : said.trim().replace(/\s+/g, ' ')), { statusCode }))
          })
          return
        }
        if (!TRIED_AGAIN.has(statusCode)) {
          respond(response)
          return
        }
        response.resume()
        sent.destroy(Object.assign(new Error(`it answered ${statusCode} ${http.STATUS_CODES[statusCode] ?? ''}`.trim()), { statusCode }))
      })
      sent.setTimeout(timeout, () => {
        sent.destroy(Object.assign(new Error(`nothing came for ${timeout} ms`), { code: 'ETIMEDOUT' }))
      })
      return sent
    },
  } as Transport
}
