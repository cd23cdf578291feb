import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { patiently } from '../../src/net/patiently.js'
import { s3 } from '../../src/s3/s3.js'
import { diagnose } from '../../src/s3/s3-error.js'
import type { S3Options } from '../../src/s3/s3-options.js'
import { describeWaiting, type Waiting } from '../../src/net/waiting.js'

const closing: (() => void)[] = []
afterEach(() => { for (const close of closing.splice(0)) close() })

const SECRET = 'a-very-secret-key'
const server = async (answer: (request: http.IncomingMessage, response: http.ServerResponse) => void): Promise<number> => {
  const made = http.createServer((request, response) => {
    request.resume().on('end', () => { answer(request, response) })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => made.once('listening', resolve))
  closing.push(() => { made.closeAllConnections(); made.close() })
  return (made.address() as AddressInfo).port
}
const to = (port: number, waits: (Waiting | undefined)[] = [], more: Partial<S3Options> = {}) => s3('lake sink', {
  endPoint: '127.0.0.1', port, useSSL: false, accessKey: 'user', secretKey: SECRET, bucket: 'motor-data-lake', timeout: 1_500, onWaiting: waiting => { waits.push(waiting) }, ...more,
})
const error = (status: number, code: string) => (response: http.ServerResponse): void => {
  response.writeHead(status, { 'Content-Type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`)
}

describe('what passes is waited for', () => {
  test('refusals, silence, connections that break and answers of busy servers, until it is well; then that is told', async () => {
    const bad = [
      (response: http.ServerResponse) => response.socket?.destroy(), () => undefined, error(408, 'RequestTimeout'), error(429, 'SlowDown'), error(500, 'InternalError'), error(503, 'SlowDown'), error(409, 'OperationAborted'),
    ]
    let asked = 0
    const bodies: string[] = []
    const port = await server((request, response) => {
      bodies.push(`${request.method} ${request.url} ${request.headers['content-length']}`)
      const how = bad[asked++]
      if (how === undefined) response.writeHead(200, { etag: '"x"' }).end()
      else how(response)
    })
    const waits: (Waiting | undefined)[] = []
    await to(port, waits, { prefix: '/plant 7/' }).put('a/b.parquet', Buffer.from('12345'))
    expect(bodies).toEqual(Array.from({ length: bad.length + 1 }, () => 'PUT /motor-data-lake/plant%207/a/b.parquet 5'))
    expect(waits.map(waiting => waiting?.attempts)).toEqual([1, 2, 3, 4, 5, 6, 7, undefined])
    expect(waits.map(waiting => waiting?.why)).toEqual([
      'socket hang up', 'nothing came for 1500 ms', 'it answered 408 Request Timeout', 'it answered 429 Too Many Requests', 'it answered 500 Internal Server Error', 'it answered 503 Service Unavailable', 'm', undefined,
    ])
    const [first] = waits
    expect(describeWaiting({ ...first!, since: Date.UTC(2026, 0, 5, 6) })).toBe(`waiting for s3 http://127.0.0.1:${port} since 2026-01-05T06:00:00Z (1 attempt): socket hang up`)
    expect(JSON.stringify(waits)).not.toContain(SECRET)
  })

  test('an answer that stops in the middle too', async () => {
    let asked = 0
    const port = await server((_, response) => {
      response.writeHead(200, { 'Content-Length': 5 })
      if (asked++ === 0) response.write('12')
      else response.end('12345')
    })
    expect(Buffer.from(await to(port).get('a') ?? []).toString()).toBe('12345')
    expect(asked).toBe(2)
  })

  test.each(['close', 'signal'])('until it is told to stop, by its %s', async how => {
    const signal = new AbortController()
    const store = to(1, [], { signal: signal.signal })
    const waits = store.open()
    setTimeout(() => { if (how === 'close') void store.close(); else signal.abort() }, 50)
    await expect(waits).rejects.toThrow(/lake sink: cannot open the bucket 'motor-data-lake': not done, because it was told to stop while it waited for s3 http:\/\/127\.0\.0\.1:1 \(connect ECONNREFUSED/)
  })

  test('with pauses that grow from a tenth of a second', async () => {
    const at: number[] = []
    await patiently('x', async () => {
      at.push(performance.now())
      if (at.length < 5) throw new Error('no')
    }, { server: 's', diagnose: () => ({ passing: true, message: 'no' }), signal: new AbortController().signal, onWaiting: () => undefined })
    at.slice(1).forEach((time, i) => { expect(time - at[i]!).toBeGreaterThan(45 * 2 ** i) })
  })
})

describe('what does not mend itself is told at once, in one line', () => {
  test.each([
    [403, 'InvalidAccessKeyId', /does not know this access key, or the secret key does not belong to it: check accessKey and secretKey/],
    [403, 'SignatureDoesNotMatch', /check accessKey and secretKey/],
    [403, 'AccessDenied', /refuses access to the bucket 'motor-data-lake'/],
    [404, 'NoSuchBucket', /there is no bucket 'motor-data-lake' at http:.*: make it, check its name, or ask for it with `create: true`/],
    [403, 'RequestTimeTooSkewed', /clocks of this machine and of http:.* are more than 15 minutes apart/],
    [400, 'Whatever', /Whatever: m$/],
  ])('%d %s', async (status, code, expected) => {
    const waits: unknown[] = []
    const port = await server((_, response) => { error(status, code)(response) })
    const failure = await to(port, waits as never).open().catch((error: unknown) => error as Error)
    expect((failure as Error).message).toMatch(expected)
    expect((failure as Error).message).toMatch(/^lake sink: cannot open the bucket 'motor-data-lake': [^\n]*$/)
    expect((failure as Error).message).not.toContain(SECRET)
    expect(waits).toEqual([])
  })

  const of = { url: 'https://h:1', bucket: 'b', use: 'write' as const }
  test('an unknown host, until it has been reached once', () => {
    expect(diagnose({ code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND h' }, of, { reached: false })).toEqual({ passing: false, message: 'there is no host of that name: https://h:1; check the address' })
    expect(diagnose({ code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND h' }, of, { reached: true })).toEqual({ passing: true, message: 'getaddrinfo ENOTFOUND h' })
  })
  test.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /signed by nobody known here: give the certificate of its authority as `ca`/], ['ERR_TLS_CERT_ALTNAME_INVALID', /is for another host: use the name that is in it/], ['EPROTO', /does not speak TLS: use its TLS port, or leave out `useSSL`/],
  ])('TLS: %s', (code, expected) => {
    const { passing, message } = diagnose({ code, message: 'm' }, of, { reached: true })
    expect(passing).toBe(false)
    expect(message).toMatch(expected)
  })
  test('options that cannot be', () => {
    expect(() => to(1, [], { endPoint: 'http://localhost' })).toThrow(/lake sink: Invalid endPoint : http:\/\/localhost; expected endPoint as a host without scheme and port/)
    expect(() => to(1, [], { timeout: 0 })).toThrow(/timeout is 0 ms; expected more than 0/)
    expect(() => to(1, [], { prefix: 'a/../b' })).toThrow(/prefix is 'a\/\.\.\/b'; expected a path such as/)
  })
})
