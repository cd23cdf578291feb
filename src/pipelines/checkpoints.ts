import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Position, SinkState } from '../model/index.js'
import { decodeSave, encodeSave } from '../time/index.js'

/** One consistent cut of a run: what has been read, what the pipeline knows, and where each sink stands. */
export interface Checkpoint {
  /** Of the source that `position` belongs to. */
  readonly source: string
  readonly position: Position
  /** The timeline's save. */
  readonly timeline: Uint8Array
  readonly sinks: ReadonlyMap<string, SinkState>
  /** What the pipeline was made with; a run made with something else does not go on from here. */
  readonly pipeline: string
  /** The data had ended. */
  readonly ended: boolean
}

/** Keeps checkpoints where they survive the process. */
export interface CheckpointStore {
  /** For messages. */
  readonly name: string
  /** The newest that can be read; takes hold of the store until `release`. */
  load(): Promise<Checkpoint | undefined>
  save(checkpoint: Checkpoint): Promise<void>
  release(): Promise<void>
}

const KEPT = 3
const NAME = /^checkpoint-(\d{12})\.save$/

/**
 * Checkpoints as files of a directory. Each is written beside, synced and renamed, so a kill at any moment leaves the one before it;
 * the last three are kept, and one that is damaged is passed over with a warning on standard error. A lock file refuses a second process.
 */
export function checkpointDirectory(dir: string): CheckpointStore {
  const lock = join(dir, 'lock')
  let number = 0
  let held = false

  const sync = async (): Promise<void> => {
    const handle = await open(dir, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  const take = async (): Promise<void> => {
    for (;;) {
      try {
        await writeFile(lock, String(process.pid), { flag: 'wx' })
        held = true
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
        if (owner > 0 && owner !== process.pid && isAlive(owner))
          throw new Error(`${dir} is in use by process ${owner}: stop it first, or choose another directory (if that process is none of ours, remove ${lock})`)
        await rm(lock, { force: true })
      }
    }
  }

  return {
    name: dir,
    async load() {
      await mkdir(dir, { recursive: true })
      await take()
      const names = (await readdir(dir)).filter((name) => NAME.test(name)).sort().reverse()
      number = Number(NAME.exec(names[0] ?? '')?.[1] ?? 0)
      for (const name of names) {
        try {
          return decodeSave(await readFile(join(dir, name))) as Checkpoint
        } catch (error) {
          process.emitWarning(`${join(dir, name)} is passed over: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      if (names.length > 0) throw new Error(`no checkpoint in ${dir} can be read: start afresh in an empty directory`)
      return undefined
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
      if (held) await rm(lock, { force: true })
      held = false
    },
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
