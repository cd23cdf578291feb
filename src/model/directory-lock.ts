import { randomUUID } from 'node:crypto'
import { mkdir, readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface DirectoryLock {
  /** Rejects where another holds it, in one line that says who. Held already: does nothing. */
  take(): Promise<void>
  release(): Promise<void>
}

/**
 * Keeps a directory, which must be there, for one run alone, of this process or another. It is taken over from a process that is no more. It knows processes by their pids:
 * it does not see those of another machine, of another container (pid namespace), or of another thread of this process, and takes their lock for one left behind.
 *
 * The lock is a directory that holds one file, named `pid.uuid`. It is made ready elsewhere and renamed, which succeeds only where there is none, or an empty one.
 * A name is never used again, so removing that of a dead process cannot remove another's.
 */
export function directoryLock(dir: string): DirectoryLock {
  const lock = join(dir, 'lock')
  let held: { readonly at: string; readonly name: string } | undefined
  return {
    async take() {
      if (held !== undefined) return
      const at = await realpath(dir)
      if (own.has(at)) throw new Error(`${dir} is in use by another run of this process: let that end first, or choose another directory`)
      own.add(at)
      const name = `${process.pid}.${randomUUID()}`
      const ready = `${lock}.${name}`
      try {
        await mkdir(ready)
        await writeFile(join(ready, name), '')
        while (!(await moved(ready, lock))) {
          for (const other of await readdir(lock).catch(() => [])) {
            const owner = Number.parseInt(other)
            if (owner !== process.pid && isAlive(owner))
              throw new Error(`${dir} is in use by process ${owner}: stop it first, or choose another directory (if that process is none of ours, remove ${lock})`)
            await rm(join(lock, other), { force: true })
          }
        }
        held = { at, name }
      } catch (error) {
        own.delete(at)
        await rm(ready, { recursive: true, force: true })
        throw error
      }
    },
    async release() {
      if (held === undefined) return
      const { at, name } = held
      held = undefined
      try {
        await rm(join(lock, name), { force: true })
        await rmdir(lock).catch(() => undefined)
      } finally {
        own.delete(at)
      }
    },
  }
}

/** Directories that runs of this process hold. */
const own = new Set<string>()

/** Not where another directory is there that holds something. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
