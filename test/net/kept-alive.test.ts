import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { keptAlive } from '../../src/net/kept-alive.js'

const get = (port: number, agent: ReturnType<typeof keptAlive>, onEnd: (socket: NonNullable<ReturnType<typeof request>['socket']>) => void = () => undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request({ port, agent }, (response) => {
      const { socket } = sent
      response.resume().on('end', () => {
        onEnd(socket!)
        resolve()
      })
    })
    sent.on('error', reject).end()
  })

test('a connection that fails between two requests ends nothing, and the next request has another', async () => {
  let connections = 0
  const server = createServer((_, response) => response.end('ok')).on('connection', () => { connections++ }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = keptAlive(false)
  await get(port, agent)
  // In the very turn in which Node has taken its listener away; without one of ours vitest reports an unhandled error.
  await get(port, agent, (socket) => socket.destroy(new Error('write ECONNRESET')))
  expect(connections).toBe(1)
  await get(port, agent)
  expect(connections).toBe(2)
  agent.destroy()
})
