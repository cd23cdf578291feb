import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cached } from './provide/cached.js'
import { providers } from './provide/index.js'
import { runTool } from './provide/run-tool.js'

let home: string
const cache = (): string => join(home, 'motorwatch-servers')

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'motorwatch-cache-'))
  vi.stubEnv('XDG_CACHE_HOME', home)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(home, { recursive: true, force: true })
})

const thing = { name: 'thing', version: '1', takes: 'no time' }
const module = fileURLToPath(new URL('provide/cached.ts', import.meta.url))

/** Another process that builds the same for 300 ms, and tells how often. */
const program = `
const { cached } = await import(${JSON.stringify(module)})
const { writeFile } = await import('node:fs/promises')
let built = 0
await cached({ ...${JSON.stringify(thing)}, build: async (folder) => {
  built++
  await new Promise((resolve) => setTimeout(resolve, 300))
  await writeFile(folder + '/program', '')
} })
console.log(built)
`

async function another(): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => { text += part })
  await once(child, 'close')
  return Number(text)
}

describe('the cache', () => {
  test('builds once, by whichever of several processes is the first', async () => {
    const built = await Promise.all([another(), another(), another()])
    expect([...built].sort()).toEqual([0, 0, 1])
    expect(readdirSync(cache())).toEqual(['thing-1'])
    expect(readdirSync(join(cache(), 'thing-1'))).toEqual(['program'])
  })

  test('keeps nothing of a build that failed, and says what failed', async () => {
    await expect(cached({ ...thing, build: () => Promise.reject(new Error('no disk')) })).rejects.toThrow('thing 1 cannot be had: no disk')
    expect(readdirSync(cache())).toEqual([])
  })

  test.each([
    { whose: 'a process that is gone', pid: '4194304', age: 0 },
    { whose: 'nobody who has touched it for a minute', pid: `${process.pid}`, age: 120 },
  ])('takes the lock of $whose', async ({ pid, age }) => {
    mkdirSync(cache(), { recursive: true })
    const lock = join(cache(), 'thing-1.lock')
    writeFileSync(lock, pid)
    const then = Date.now() / 1000 - age
    utimesSync(lock, then, then)
    await cached({ ...thing, build: () => Promise.resolve() })
    expect(readdirSync(cache())).toEqual(['thing-1'])
  })
})

describe('a tool', () => {
  test('that fails says how it was called and what it said last', async () => {
    await expect(runTool('sh', ['-c', 'echo wrong >&2; exit 3'])).rejects.toThrow('sh -c echo wrong >&2; exit 3 ended with exit code 3:\nwrong')
  })

  test.each([
    ['kafka', 'kafka 3.9.2 cannot be had: java was not found: install a Java runtime, 17 or newer'],
    ['influx', 'influx 2.7.12 cannot be had: go was not found: install Go'],
    ['minio', 'go was not found: install Go'],
    ['seaweedfs', 'python3 was not found: install Python 3 with pip'],
    ['toxiproxy', 'go was not found: install Go'],
    ['alertmanager', 'go was not found: install Go'],
    ['mosquitto', 'mosquitto was not found: install Mosquitto (on Debian: mosquitto)'],
  ] as const)('that %s needs and is missing is named', async (name, message) => {
    vi.stubEnv('PATH', home)
    await expect(providers[name]()).rejects.toThrow(message)
    expect(existsSync(cache()) ? readdirSync(cache()) : []).toEqual([])
  })
})
