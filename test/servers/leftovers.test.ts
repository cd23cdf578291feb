import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { isRunning } from './is-running.js'
import { needsToStart } from './needs.js'

const toxiproxy = await needsToStart('toxiproxy')

const start = fileURLToPath(new URL('start/toxiproxy.ts', import.meta.url))

/** Starts a server and tells of it; then does as it is told. */
const starter = (then: string): string => `
const { startToxiproxy } = await import(${JSON.stringify(start)})
const { pid, log } = await startToxiproxy()
console.log(JSON.stringify({ pid, log }))
const alive = setInterval(() => {}, 1000)
${then}
`

describe.skipIf(toxiproxy.missing)('a server does not outlive the process that started it', () => {
  test.each([
    { end: 'is killed', then: '', signal: 'SIGKILL' },
    { end: 'is interrupted', then: '', signal: 'SIGINT' },
    { end: 'is terminated', then: '', signal: 'SIGTERM' },
    { end: 'throws', then: 'setTimeout(() => { throw new Error() }, 100)' },
    { end: 'exits', then: 'setTimeout(() => { process.exit(0) }, 100)' },
    { end: 'has nothing left to do', then: 'clearInterval(alive)' },
  ] as const)('when that $end', async ({ then, ...how }) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', starter(then)], { stdio: ['ignore', 'pipe', 'ignore'] })
    for await (const line of createInterface({ input: child.stdout })) {
      const { pid, log } = JSON.parse(line) as { readonly pid: number; readonly log: string }
      expect(isRunning(pid)).toBe(true)
      expect(existsSync(log)).toBe(true)
      if ('signal' in how) child.kill(how.signal)
      await vi.waitFor(() => {
        expect(isRunning(child.pid!)).toBe(false)
        expect(isRunning(pid)).toBe(false)
        expect(existsSync(dirname(log))).toBe(false)
      }, { timeout: 10_000 })
      return
    }
    throw new Error('the server was not started')
  })
})
