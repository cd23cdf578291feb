import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asCheckpoint, KEPT, Unreadable } from '../model/checkpoint.js'
import type { Checkpoint, CheckpointStore } from '../model/index.js'
import { decodeSave, encodeSave } from '../time/index.js'

const NAME = /^checkpoint-(\d{12})\.save$/

/**
 * Checkpoints as files of a directory. Each is written beside, synced and renamed, so a kill at any moment leaves the one before it;
 * the last three are kept, and one that is damaged is passed over with a warning on standard error.
 *
 * A lock refuses a second run, of this process or another, and is taken over from a process that is no more. It knows processes by their pids:
 * it does not see those of another machine, of another container (pid namespace), or of another thread of this process, and takes their lock
 * for one left behind. Keep those apart yourself. A lock that is held is waited for, for `patience` milliseconds.
 */
export function checkpointDirectory(dir: string, { patience = 0 }: { readonly patience?: number } = {}): CheckpointStore {
  const lock = join(dir, 'lock')
  let number = 0
  let held: { readonly at: string; readonly name: string } | undefined

  const sync = async (): Promise<void> => {
    const handle = await open(dir, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  /**
   * The lock is a directory that holds one file, named `pid.uuid`. It is made ready elsewhere and renamed, which succeeds only where there is none, or an empty one.
   * A name is never used again, so removing that of a dead process cannot remove another's.
   */
  const take = async (): Promise<void> => {
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
  }

  const newest = async (names: readonly string[]): Promise<Checkpoint | undefined> => {
    let passedOver = ''
    for (const name of names) {
      try {
        return asCheckpoint(decodeSave(await readFile(join(dir, name))))
      } catch (error) {
        passedOver = `${join(dir, name)} is passed over: ${error instanceof Error ? error.message : String(error)}`
        process.emitWarning(passedOver)
      }
    }
    if (names.length > 0) throw new Unreadable(`no checkpoint in ${dir} can be read (${passedOver}): start afresh in an empty directory`)
    return undefined
  }
  /** Newest first. */
  const names = async (): Promise<readonly string[]> => (await readdir(dir)).filter((name) => NAME.test(name)).sort().reverse()

  return {
    name: dir,
    async load() {
      await mkdir(dir, { recursive: true })
      for (const until = Date.now() + patience; held === undefined; ) {
        await take().catch(async (error: unknown) => {
          if (Date.now() >= until) throw error
          await new Promise((resolve) => setTimeout(resolve, 100))
        })
      }
      const all = await names()
      number = Number(NAME.exec(all[0] ?? '')?.[1] ?? 0)
      return newest(all)
    },
    async peek() {
      return existsSync(dir) ? newest(await names()) : undefined
    },
    async save(checkpoint) {
      const name = (n: number): string => join(dir, `checkpoint-${String(n).padStart(12, '0')}.save`)
      number++
      const temporary = `${name(number)}.tmp`
      const handle = await open(temporary, 'w')
      try {
        await handle.writeFile(encodeSave(checkpoint))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, name(number))
      await sync()
      await rm(name(number - KEPT), { force: true })
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
