import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { forget, keep } from '../keeper.js'
import { lastLines } from '../last-lines.js'
import type { Server } from './server.js'
import { within } from './within.js'

export interface Starting {
  readonly name: string
  readonly address: string
  readonly program: string
  readonly args: readonly string[]
  /** Made by `temporaryFolder`. */
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  /** Asks the server for something, and rejects as long as it does not answer well. */
  readonly ready: () => Promise<unknown>
  /** Files that it makes elsewhere, and does not remove. */
  readonly leaves?: readonly string[]
  /** How long it may take until it answers, in ms. */
  readonly limit?: number
}

const DOES_NOT_END: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT']
const ASK_LIMIT = 5000

/** For the data of one server; removed by its `stop`, or when this process ends. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `motorwatch-${name}-`))
  keep({ folder })
  return folder
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  forget({ folder })
}

interface Running {
  readonly pid: number
  readonly isGone: () => boolean
  readonly gone: Promise<unknown>
}

async function run({ program, args, folder, env }: Starting, log: string): Promise<Running> {
  const output = await open(log, 'a')
  try {
    const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', output.fd, output.fd] })
    if (child.pid !== undefined) keep({ process: child.pid })
    await once(child, 'spawn')
    const pid = child.pid!
    child.unref()
    const gone = once(child, 'exit').then(() => { forget({ process: pid }) })
    return { pid, isGone: () => child.exitCode !== null || child.signalCode !== null, gone }
  } finally {
    await output.close()
  }
}

/** Starts a program in its folder and waits until it answers. */
export async function startServer(starting: Starting): Promise<Server> {
  const { name, address, folder, ready, leaves = [], limit = 60_000 } = starting
  const log = join(folder, 'log')
  let running: Running

  const answers = async (): Promise<void> => {
    const end = performance.now() + limit
    for (let last: unknown; ; await sleep(100)) {
      const why = running.isGone() ? 'has ended' : performance.now() > end ? `does not answer within ${limit / 1000} s (${(last as Error | undefined)?.message ?? 'not asked'})` : undefined
      if (why !== undefined) throw new Error(`${name} at ${address} ${why}; the end of its log:\n${lastLines(await readFile(log, 'utf8'))}`)
      try {
        await within(ASK_LIMIT, ready())
        return
      } catch (error) {
        last = error
      }
    }
  }

  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    if (running.isGone()) return
    process.kill(running.pid, signal)
    if (!DOES_NOT_END.includes(signal)) await held(running.gone)
  }

  const stop = async (): Promise<void> => {
    await kill()
    for (const path of [folder, ...leaves]) await removeFolder(path)
  }

  try {
    for (const path of leaves) keep({ folder: path })
    running = await run(starting, log)
    await answers()
  } catch (error) {
    if (running! === undefined) await removeFolder(folder)
    else await stop()
    throw error
  }
  return {
    name,
    address,
    log,
    get pid() { return running.pid },
    kill,
    restart: async () => {
      await kill()
      running = await run(starting, log)
      await answers()
    },
    stop,
  }
}

/** Awaits what itself does not keep this process alive. */
async function held<T>(promise: Promise<T>): Promise<T> {
  const alive = setInterval(() => undefined, 1000)
  try {
    return await promise
  } finally {
    clearInterval(alive)
  }
}
