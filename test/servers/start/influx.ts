import http from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { provideInflux } from '../provide/influx.js'
import type { Certificate } from './certificates.js'
import { freePorts } from './free-ports.js'
import { secret } from './secret.js'
import type { Server } from './server.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export interface Influx extends Server {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
}

export interface InfluxOptions {
  /** influxd's own options, such as `--storage-cache-max-memory-size=1048576`. */
  readonly args?: readonly string[]
  /** It speaks TLS alone. */
  readonly tls?: Certificate & { readonly ca: string }
}

const ORG = 'motor_org'
const BUCKET = 'motor_bucket'

/** Not by `fetch`, which cannot be given an authority. */
const ask = (url: string, method: string, body: string | undefined, ca: string | undefined): Promise<{ readonly status: number; readonly text: string }> => new Promise((resolve, reject) => {
  const sent = (ca === undefined ? http : https).request(url, { method, agent: false, ...(ca === undefined ? {} : { ca }) }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part: string) => { text += part }).once('end', () => { resolve({ status: response.statusCode ?? 0, text }) }).once('error', reject)
  })
  sent.once('error', reject).end(body)
})

async function isHealthy(url: string, ca: string | undefined): Promise<void> {
  const { status } = await ask(`${url}/health`, 'GET', undefined, ca)
  if (status !== 200) throw new Error(`/health answers ${status}`)
}

async function setUp(url: string, token: string, ca: string | undefined): Promise<void> {
  const { status, text } = await ask(`${url}/api/v2/setup`, 'POST', JSON.stringify({ username: 'motor', password: secret(), org: ORG, bucket: BUCKET, token }), ca)
  if (status !== 201) throw new Error(`InfluxDB at ${url} was not set up: ${status} ${text}`)
}

export async function startInflux({ args = [], tls }: InfluxOptions = {}): Promise<Influx> {
  const program = await provideInflux()
  const [port] = await freePorts(1)
  const folder = await temporaryFolder('influx')
  const address = `127.0.0.1:${port}`
  const url = `${tls === undefined ? 'http' : 'https'}://${address}`
  const token = secret(32)
  const server = await startServer({
    name: 'InfluxDB',
    address,
    program,
    args: ['--bolt-path', join(folder, 'influxd.bolt'), '--sqlite-path', join(folder, 'influxd.sqlite'), '--engine-path', join(folder, 'engine'), '--http-bind-address', address, '--reporting-disabled', ...(tls === undefined ? [] : ['--tls-cert', tls.cert, '--tls-key', tls.key]), ...args],
    folder,
    ready: () => isHealthy(url, tls?.ca),
  })
  try {
    await setUp(url, token, tls?.ca)
  } catch (error) {
    await server.stop()
    throw error
  }
  return withProperties(server, { url, token, org: ORG, bucket: BUCKET })
}
