import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from '../../model/sync-directory.js'
import { fileError } from '../file/file-error.js'
import type { Mark } from './ledger.js'

/** What a target has been told, where it survives the process. */
export interface ToldLog {
  /** By alarm. Leaves the file in its shortest form. */
  open(): Promise<ReadonlyMap<string, Mark>>
  /** On the disk when it has resolved. */
  append(marks: readonly (readonly [string, Mark])[]): Promise<void>
  close(): Promise<void>
}

/** Lines before the file is written anew. */
const LONGEST = 10_000

const lineOf = (entry: readonly [string, Mark]): string => `${JSON.stringify(entry)}\n`

/** Lines of JSON, `[alarm, mark]`; the last one of an alarm counts, and a half-written last line none. */
export function toldLog(path: string): ToldLog {
  const marks = new Map<string, Mark>()
  let handle: FileHandle | undefined
  let lines = 0

  const attempt = async <R>(doing: string, action: () => Promise<R>): Promise<R> => {
    try {
      return await action()
    } catch (error) {
      throw fileError('notification log', doing, path, error)
    }
  }

  const close = async (): Promise<void> => {
    const left = handle
    handle = undefined
    await left?.close()
  }

  const rewrite = async (): Promise<void> => {
    await close()
    const temporary = await open(`${path}.tmp`, 'w')
    try {
      await temporary.writeFile([...marks].map(lineOf).join(''))
      await temporary.sync()
    } finally {
      await temporary.close()
    }
    await rename(`${path}.tmp`, path)
    await syncDirectory(dirname(path))
    handle = await open(path, 'a')
    lines = 0
  }

  const read = async (): Promise<void> => {
    await mkdir(dirname(path), { recursive: true })
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const whole = text.split('\n').slice(0, -1)
    for (const [i, line] of whole.entries()) {
      let entry: unknown
      try {
        entry = JSON.parse(line)
      } catch {
        entry = undefined
      }
      if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'object') throw new Error(`line ${i + 1} is not one of what was told; name another file, or remove it: then what was told since the last checkpoint is told again`)
      marks.set(entry[0], entry[1] as Mark)
    }
  }

  return {
    open: () => attempt('read', async () => {
      marks.clear()
      await read()
      await rewrite()
      return new Map(marks)
    }),
    append: (entries) => attempt('write', async () => {
      for (const [key, mark] of entries) marks.set(key, mark)
      if (handle === undefined || lines > LONGEST) return rewrite()
      lines += entries.length
      await handle.appendFile(entries.map(lineOf).join(''))
      await handle.sync()
    }),
    close,
  }
}
