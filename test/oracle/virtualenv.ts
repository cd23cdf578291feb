import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type Python = { readonly python: string } | { readonly missing: string }

export interface Packages {
  /** Of the folder in the user's cache. */
  readonly name: string
  /** What pip is told; the first one names the folder below. */
  readonly packages: readonly string[]
  /** What must be there to import. */
  readonly imports: string
  readonly versions: readonly string[]
}

const run = (program: string, args: readonly string[]): { readonly ok: boolean; readonly output: string } => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  return { ok: status === 0, output: error?.message ?? `${stdout}${stderr}`.trim() }
}

const pythonOf = (venv: string): string => (process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python'))

/** A Python that has these packages: installed once into the user's cache, and found there from then on; or why there is none. */
export function pythonWith({ name, packages, imports, versions }: Packages): Python {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), name)
  const venv = join(cache, packages[0]!)
  const python = pythonOf(venv)
  if (existsSync(python) && run(python, ['-c', `import ${imports}`]).ok) return { python }
  const system = [...versions.map((version) => `python${version}`), 'python3', 'python']
    .find((program) => versions.includes(run(program, ['-c', "import sys; print('%d.%d' % sys.version_info[:2])"]).output))
  if (system === undefined) return { missing: `no Python ${versions.join(' or ')} was found` }
  // Made beside and renamed: what is found is whole.
  const fresh = join(cache, `making-${process.pid}`)
  mkdirSync(cache, { recursive: true })
  const steps = [
    () => run(system, ['-m', 'venv', fresh]),
    () => run(pythonOf(fresh), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]),
    () => run(pythonOf(fresh), ['-c', `import ${imports}`]),
  ]
  for (const step of steps) {
    const { ok, output } = step()
    if (ok) continue
    rmSync(fresh, { recursive: true, force: true })
    return { missing: `${packages.join(', ')} was not installed with ${system}: ${output}` }
  }
  rmSync(venv, { recursive: true, force: true })
  renameSync(fresh, venv)
  return { python }
}
