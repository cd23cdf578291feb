import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface FactoryRun {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** From its first word, which comes before it asks a server, to its end: how long Node takes to load it is a matter of the machine. */
  readonly milliseconds: number
}

const ROOT = join(import.meta.dirname, '../..')

/** The main job to its end, with these variables and no others of ours; killed after `limit` ms. */
export const factoryRun = (args: readonly string[], env: Readonly<Record<string, string>>, limit = 60_000): Promise<FactoryRun> => new Promise((resolve, reject) => {
  let began = performance.now()
  const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(MOTORWATCH_|NODE_ENV|VITEST)/.test(name)))
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/factory.ts', ...args], { cwd: ROOT, env: { ...others, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (out === '') began = performance.now()
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text })
  const timer = setTimeout(() => { child.kill('SIGKILL') }, limit)
  child.once('error', reject).once('close', (code) => {
    clearTimeout(timer)
    resolve({ code, out, err, milliseconds: performance.now() - began })
  })
})
