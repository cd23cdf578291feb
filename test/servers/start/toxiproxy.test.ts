import { setTimeout as sleep } from 'node:timers/promises'
import { Toxiproxy as ToxiproxyClient } from 'toxiproxy-node-client'
import { describe, expect, test } from 'vitest'
import { isRunning } from '../is-running.js'
import { killAndRestart, started, stopsWithoutTrace } from '../lifecycle.js'
import { needsToStart } from '../needs.js'
import { startToxiproxy } from './index.js'

const toxiproxy = await needsToStart('toxiproxy')

describe.skipIf(toxiproxy.missing)('toxiproxy', () => {
  test('delays what it passes on, and is there after a kill', async () => {
    const [behind, proxied] = await Promise.all([started(startToxiproxy()), started(startToxiproxy())])
    const client = new ToxiproxyClient(proxied.url)
    const proxy = await client.createProxy({ name: 'behind', listen: '127.0.0.1:0', upstream: behind.address })
    await proxy.addToxic({ name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 300, jitter: 0 } })
    const began = performance.now()
    expect((await fetch(`http://${proxy.listen}/version`)).status).toBe(200)
    expect(performance.now() - began).toBeGreaterThan(290)
    await killAndRestart(proxied)
    await stopsWithoutTrace(proxied)
  })

  test('stands still and goes on', async () => {
    const server = await started(startToxiproxy())
    await server.kill('SIGSTOP')
    await sleep(100)
    expect(isRunning(server.pid)).toBe(true)
    await server.kill('SIGCONT')
    expect((await fetch(`${server.url}/version`)).ok).toBe(true)
  })
})
