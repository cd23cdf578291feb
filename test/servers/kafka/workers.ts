import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Job } from './job.js'
import type { WorkerTells } from './worker.js'

export interface Workers {
  /** How often a worker has told that an attempt at a server failed, and what they have read. */
  readonly told: { readonly influx: number; readonly s3: number; readonly read: number }
  /** A worker that has ended though nobody killed it. */
  readonly failed: () => boolean
  kill(which: number): Promise<void>
  /** In the place of one that has ended, or one more. */
  start(which: number): void
  /** Stops it in order, as an operator would. */
  end(which: number): Promise<void>
  pause(which: number): void
  goOn(which: number): void
  stop(): Promise<void>
}

/** So many processes in one consumer group. */
export function workers(count: number, job: Job, { onTold, heap = false }: { readonly onTold?: (which: number, message: WorkerTells) => void; /** They tell how much memory they have in use. */ readonly heap?: boolean } = {}): Workers {
  const told = { influx: 0, s3: 0, read: 0 }
  const ending = new Set<ChildProcess>()
  let hasFailed = false
  const begin = (which: number): ChildProcess => {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(job)], { execArgv: ['--import', 'tsx', ...(heap ? ['--expose-gc'] : [])], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', (message: WorkerTells) => {
      onTold?.(which, message)
      if ('read' in message) told.read += message.read
      else if ('waiting' in message) told[message.waiting]++
    })
    child.on('exit', () => { if (!ending.has(child)) hasFailed = true })
    return child
  }
  const children = Array.from({ length: count }, (_, which) => begin(which))
  const signal = async (which: number, name: NodeJS.Signals): Promise<void> => {
    const child = children[which]!
    if (child.exitCode !== null || child.signalCode !== null) return
    ending.add(child)
    child.kill(name)
    await once(child, 'exit')
  }
  const kill = (which: number): Promise<void> => signal(which, 'SIGKILL')
  return {
    told,
    failed: () => hasFailed,
    kill,
    start(which) { children[which] = begin(which) },
    end: (which) => signal(which, 'SIGTERM'),
    pause(which) { children[which]!.kill('SIGSTOP') },
    goOn(which) { children[which]!.kill('SIGCONT') },
    async stop() { await Promise.all(children.map((_, i) => kill(i))) },
  }
}
