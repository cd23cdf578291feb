import { open } from 'node:fs/promises'

/** After it has resolved, names made, renamed or removed in the directory outlive a loss of power. Does nothing on Windows, which cannot. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
