import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Pairs = readonly (readonly [time: number, value: number])[]

export interface Request {
  /** Discrete time, or dense. */
  readonly mode: 'offline' | 'online' | 'dense'
  /** Seconds from one sample to the next, in discrete time. */
  readonly period?: number
  readonly specs: readonly string[]
  /** All samples in discrete time, changes in dense time. */
  readonly signals: Readonly<Record<string, Pairs>>
}

/** RTAMT in a process of its own. */
export interface Monitor {
  /** The robustness of each spec, at each sample or (dense) from each change of it on. */
  ask(request: Request): Promise<readonly Pairs[]>
  close(): Promise<void>
}

export function startMonitor(python: string): Monitor {
  const child = spawn(python, [fileURLToPath(new URL('monitor.py', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => { resolve() }))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('RTAMT has ended')
      const answer = JSON.parse(value) as { readonly results: readonly Pairs[] } | { readonly error: string }
      if ('error' in answer) throw new Error(`RTAMT: ${answer.error}\n${request.specs.join('\n')}`)
      return answer.results
    },
    close: () => {
      child.stdin.end()
      return ended
    },
  }
}
