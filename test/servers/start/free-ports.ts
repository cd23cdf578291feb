import { createServer } from 'node:net'
import { randomInt } from 'node:crypto'

const given = new Set<number>()

const isFree = (port: number): Promise<boolean> => new Promise((resolve) => {
  const server = createServer()
  server.once('error', () => { resolve(false) })
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => { server.close(() => { resolve(true) }) })
})

/**
 * Ports of 127.0.0.1 that nobody listens on.
 * Below those from which the system connects: else, while a server is down, a client that tries to reach it may be given its port, and even connects to itself.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found: number[] = []
  while (found.length < count) {
    const port = randomInt(12_000, 32_000)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    found.push(port)
  }
  return found
}
