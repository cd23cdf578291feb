import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Influx {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

export const binary = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'motorwatch-servers', 'influx-2.7.12', 'influxd')

export async function startInflux(): Promise<Influx> {
  const dir = await mkdtemp(join(tmpdir(), 'motorwatch-influxd-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const [token, org, bucket] = ['operator-token-of-a-test', 'motor_org', 'motor_bucket'] as const
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const start = async (): Promise<void> => {
    child = spawn(binary, [
      '--bolt-path', join(dir, 'influxd.bolt'), '--sqlite-path', join(dir, 'influxd.sqlite'), '--engine-path', join(dir, 'engine'),
      '--http-bind-address', `127.0.0.1:${port}`, '--reporting-disabled', '--log-level', 'error',
    ], { stdio: 'ignore' })
    for (let i = 0; i < 300; i++) {
      if (child.exitCode !== null) throw new Error(`influxd has ended with ${child.exitCode}`)
      if (await fetch(`${url}/health`).then(response => response.ok, () => false)) return
      await sleep(100)
    }
    throw new Error('influxd is not ready after 30 s')
  }
  await start()
  const { status } = await fetch(`${url}/api/v2/setup`, { method: 'POST', body: JSON.stringify({ username: 'operator', password: 'a-password', org, bucket, token }) })
  if (status !== 201) throw new Error(`set-up answers ${status}`)
  return {
    url, token, org, bucket, kill,
    restart: start,
    async stop() {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
