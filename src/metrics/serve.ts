import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import type { HealthReport } from './health.js'

export interface ServeOptions {
  /** 0: one that is free. */
  readonly port: number
  /** Left out: this machine alone. `0.0.0.0`: all addresses, as in a container. */
  readonly host?: string
  readonly register: Pick<Registry, 'metrics' | 'contentType'>
  readonly health: () => HealthReport
}

export interface Served {
  /** `http://127.0.0.1:9464` */
  readonly url: string
  close(): Promise<void>
}

/**
 * `GET /metrics` for Prometheus, and `GET /health` as JSON: 200 where the job is healthy, 503 where it waits for something. It holds no process alive.
 * Rejects where the port is taken.
 */
export async function serve({ port, host = '127.0.0.1', register, health }: ServeOptions): Promise<Served> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => { response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(request.method === 'HEAD' ? '' : body) }
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', 'GET is all that is answered\n')
    else if (request.url === '/health') {
      const report = health()
      answer(report.state === 'healthy' ? 200 : 503, 'application/json', `${JSON.stringify(report)}\n`)
    } else if (request.url === '/metrics')
      register.metrics().then((text) => { answer(200, register.contentType, text) }, (error: unknown) => { answer(500, 'text/plain', `${String(error)}\n`) })
    else answer(404, 'text/plain', 'there are /metrics and /health\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => { reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} of ${host} is taken: choose another one for metrics and health`, { cause: error }) : error) })
    server.listen(port, host, resolve)
  })
  server.unref()
  const { address, port: given } = server.address() as AddressInfo
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${given}`,
    close: () => new Promise((resolve) => {
      server.close(() => { resolve() })
      server.closeAllConnections()
    }),
  }
}
