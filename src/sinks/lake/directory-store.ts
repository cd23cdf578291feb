import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../file/file-error.js'
import { syncDirectory } from '../../model/sync-directory.js'
import { objectName } from '../../lake/object-name.js'
import type { ObjectStore } from '../../lake/object-store.js'

const LEVELS = ['kind=', 'day=', 'hour=']
const TEMPORARY = '.tmp'

/** Objects as files, in folders `kind=/day=/hour=`; nothing else under `dir` is looked at. `sink`: who says so in messages. */
export function directoryStore(sink: string, dir: string): ObjectStore {
  const attempt = async <R>(doing: string, path: string, action: () => Promise<R>): Promise<R> => {
    try {
      return await action()
    } catch (error) {
      throw fileError(sink, doing, path, error)
    }
  }
  const files = (): Promise<string[]> => attempt('list', dir, () => filesOf(dir))
  const remove = async (path: string): Promise<void> => {
    const full = join(dir, path)
    await attempt('remove', full, () => rm(full, { force: true }))
    await attempt('bring to disk', dirname(full), () => syncDirectory(dirname(full)))
  }

  return {
    name: dir,
    async open() {
      await attempt('make', dir, () => mkdir(dir, { recursive: true }))
      for (const path of await files()) if (path.endsWith(TEMPORARY) && objectName(path.slice(0, -TEMPORARY.length)) !== undefined) await remove(path)
    },
    put: (path, bytes) => attempt('write', join(dir, path), () => writeWhole(dir, path, bytes)),
    async* list(prefix) {
      for (const path of await files()) if (path.startsWith(prefix)) yield path
    },
    remove,
    async close() {},
  }
}

async function filesOf(dir: string): Promise<string[]> {
  let folders = ['']
  for (const level of LEVELS) {
    const next: string[] = []
    for (const folder of folders) {
      for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) if (entry.isDirectory() && entry.name.startsWith(level)) next.push(`${folder}${entry.name}/`)
    }
    folders = next
  }
  const files: string[] = []
  for (const folder of folders) for (const name of await readdir(join(dir, folder))) files.push(`${folder}${name}`)
  return files
}

/** A temporary file beside it, fsync, rename, fsync of the folder and of those that were made. */
async function writeWhole(dir: string, path: string, bytes: Uint8Array): Promise<void> {
  const full = join(dir, path)
  const folder = dirname(full)
  const made = await mkdir(folder, { recursive: true })
  const temporary = `${full}${TEMPORARY}`
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, full)
  await syncDirectory(folder)
  if (made === undefined) return
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) await syncDirectory(join(dir, dirname(parent)))
}
