import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const PACKAGES = ['rtamt==0.4.10', 'antlr4-python3-runtime==4.7']
/** 3.13 has no `typing.io`, which its parser needs. */
const VERSIONS = ['3.11', '3.12']

export type Rtamt = { readonly python: string } | { readonly missing: string }

const run = (program: string, args: readonly string[]): { readonly ok: boolean; readonly output: string } => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  return { ok: status === 0, output: error?.message ?? `${stdout}${stderr}`.trim() }
}

const pythonOf = (venv: string): string => (process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python'))

/** A Python that has RTAMT: installed once into the user's cache, and found there from then on; or why there is none. */
export function rtamt(): Rtamt {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'motorwatch-rtamt')
  const venv = join(cache, PACKAGES[0]!)
  const python = pythonOf(venv)
  if (existsSync(python) && run(python, ['-c', 'import rtamt']).ok) return { python }
  const system = [...VERSIONS.map((version) => `python${version}`), 'python3', 'python']
    .find((program) => VERSIONS.includes(run(program, ['-c', "import sys; print('%d.%d' % sys.version_info[:2])"]).output))
  if (system === undefined) return { missing: `no Python ${VERSIONS.join(' or ')} was found` }
  // Made beside and renamed: what is found is whole.
  const fresh = join(cache, `making-${process.pid}`)
  mkdirSync(cache, { recursive: true })
  const steps = [
    () => run(system, ['-m', 'venv', fresh]),
    () => run(pythonOf(fresh), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]),
    () => run(pythonOf(fresh), ['-c', 'import rtamt']),
  ]
  for (const step of steps) {
    const { ok, output } = step()
    if (ok) continue
    rmSync(fresh, { recursive: true, force: true })
    return { missing: `RTAMT was not installed with ${system}: ${output}` }
  }
  rmSync(venv, { recursive: true, force: true })
  renameSync(fresh, venv)
  return { python }
}
