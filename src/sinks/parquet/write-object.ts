import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncDirectory } from '../file/sync-directory.js'

/** Writes `dir/path` whole or not at all, durably: a temporary file beside it, fsync, rename, fsync of the folder and of those that were made. */
export async function writeObject(dir: string, path: string, bytes: Uint8Array): Promise<void> {
  const full = join(dir, path)
  const folder = dirname(full)
  const made = await mkdir(folder, { recursive: true })
  const temporary = `${full}.tmp`
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
