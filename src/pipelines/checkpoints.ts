import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asCheckpoint, KEPT, Unreadable } from '../model/checkpoint.js'
import { directoryLock } from '../model/directory-lock.js'
import type { Checkpoint, CheckpointStore } from '../model/index.js'
import { syncDirectory } from '../model/sync-directory.js'
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
  const lock = directoryLock(dir)
  let number = 0

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
      for (const until = Date.now() + patience; ; ) {
        try {
          await lock.take()
          break
        } catch (error) {
          if (Date.now() >= until) throw error
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
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
      await syncDirectory(dir)
      await rm(name(number - KEPT), { force: true })
    },
    release: () => lock.release(),
  }
}
