import { spawn } from 'node:child_process'
import { forget, keep } from '../keeper.js'
import { lastLines } from '../last-lines.js'

/** What has to be installed where a program is missing. */
const INSTALL = {
  java: 'a Java runtime, 17 or newer (on Debian: openjdk-17-jre-headless)',
  mvn: 'Apache Maven (on Debian: maven)',
  go: 'Go, 1.24 or newer',
  cargo: 'Rust with cargo (rustup, toolchain stable)',
  cc: 'a C compiler (on Debian: gcc and libc6-dev)',
  openssl: 'OpenSSL (on Debian: openssl)',
  mosquitto: 'Mosquitto (on Debian: mosquitto)',
  python3: 'Python 3 with pip (on Debian: python3-pip)',
} as const

export type Tool = keyof typeof INSTALL

export function notFound(program: Tool | (string & {})): Error {
  const install = INSTALL[program as Tool] as string | undefined
  return new Error(`${program} was not found${install === undefined ? '' : `: install ${install}`}`)
}

export interface ToolOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program to its end. @returns what it printed on its standard output; rejects with the last lines where it fails, and with what to install where it is missing. */
export const runTool = (program: Tool | (string & {}), args: readonly string[], { cwd, env }: ToolOptions = {}): Promise<string> => new Promise((resolve, reject) => {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) keep({ process: child.pid })
  const [out, all]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out.push(text)
    all.push(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { all.push(text) })
  child.once('error', (error: NodeJS.ErrnoException) => {
    reject(error.code === 'ENOENT' ? notFound(program) : error)
  })
  child.once('close', (code, signal) => {
    if (child.pid !== undefined) forget({ process: child.pid })
    if (code === 0) resolve(out.join(''))
    else reject(new Error(`${program} ${args.join(' ')} ended with ${code === null ? String(signal) : `exit code ${code}`}:\n${lastLines(all.join(''))}`))
  })
})
