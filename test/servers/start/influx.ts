import { join } from 'node:path'
import { provideInflux } from '../provide/influx.js'
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
}

const ORG = 'motor_org'
const BUCKET = 'motor_bucket'

async function isHealthy(url: string): Promise<void> {
  const answer = await fetch(`${url}/health`)
  if (!answer.ok) throw new Error(`/health answers ${answer.status}`)
}

async function setUp(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/api/v2/setup`, { method: 'POST', body: JSON.stringify({ username: 'motor', password: secret(), org: ORG, bucket: BUCKET, token }) })
  if (answer.status !== 201) throw new Error(`InfluxDB at ${url} was not set up: ${answer.status} ${await answer.text()}`)
}

export async function startInflux({ args = [] }: InfluxOptions = {}): Promise<Influx> {
  const program = await provideInflux()
  const [port] = await freePorts(1)
  const folder = await temporaryFolder('influx')
  const address = `127.0.0.1:${port}`
  const url = `http://${address}`
  const token = secret(32)
  const server = await startServer({
    name: 'InfluxDB',
    address,
    program,
    args: ['--bolt-path', join(folder, 'influxd.bolt'), '--sqlite-path', join(folder, 'influxd.sqlite'), '--engine-path', join(folder, 'engine'), '--http-bind-address', address, '--reporting-disabled', ...args],
    folder,
    ready: () => isHealthy(url),
  })
  try {
    await setUp(url, token)
  } catch (error) {
    await server.stop()
    throw error
  }
  return withProperties(server, { url, token, org: ORG, bucket: BUCKET })
}
