import { spawnSync } from 'node:child_process'

/** Runs a program to its end and returns what it printed; throws with all that it said where it fails. */
export const command = (program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string => {
  const done = spawnSync(program, args, { cwd, env: { ...process.env, NODE_OPTIONS: '', ...env }, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (done.error !== undefined) throw done.error
  if (done.status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${done.status ?? done.signal}\n${done.stdout}\n${done.stderr}`)
  }
  return done.stdout
}
