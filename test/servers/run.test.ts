import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { needsToStart } from './needs.js'

const toxiproxy = await needsToStart('toxiproxy')

const args = ['--import', 'tsx', fileURLToPath(new URL('run.ts', import.meta.url))]

describe.skipIf(toxiproxy.missing)('npm run servers', () => {
  test('starts what is named, tells the environment and only the user the file, and stops', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'motorwatch-run-'))
    onTestFinished(() => { rmSync(folder, { recursive: true }) })
    const file = join(folder, 'env')
    writeFileSync(file, 'old', { mode: 0o644 })
    const child = spawn(process.execPath, [...args, 'toxiproxy', '--env', file], { stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => { child.kill('SIGKILL') })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const line = String((await lines.next()).value)
    expect(line).toMatch(/^MOTORWATCH_TOXIPROXY_URL=http:\/\/127\.0\.0\.1:\d+$/)
    const url = line.slice(line.indexOf('=') + 1)
    expect((await fetch(`${url}/version`)).ok).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe(`${line}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(existsSync(file)).toBe(false)
    await expect(fetch(`${url}/version`)).rejects.toThrow()
  })
})

test.each([
  { given: ['postgres'], said: 'there is no server postgres: choose from kafka, influx, minio, seaweedfs, toxiproxy' },
  { given: ['minio', 'seaweedfs'], said: 'choose one' },
])('$given is refused', ({ given, said }) => {
  const { status, stderr } = spawnSync(process.execPath, [...args, ...given], { encoding: 'utf8' })
  expect(stderr).toContain(said)
  expect(status).toBe(1)
})
