import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from '../is-running.js'

const BEAT = 5000
const STALE = 12 * BEAT

/** Whose process is gone, or which nobody has touched for a minute. */
async function isStale(lock: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(lock), readFile(lock, 'utf8')])
    return Date.now() - mtimeMs > STALE || (text !== '' && !isRunning(Number(text)))
  } catch {
    return false // just given back
  }
}

/**
 * Does something while no other process does it. A lock that its owner left behind is taken.
 * Two may take such a lock at the same moment: what is done must be right all the same.
 */
export async function withLock<T>(lock: string, work: () => Promise<T>, onWait: () => void): Promise<T> {
  await mkdir(dirname(lock), { recursive: true })
  for (let told = false; ;) {
    try {
      await writeFile(lock, `${process.pid}`, { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (await isStale(lock)) {
      await rm(lock, { force: true })
      continue
    }
    if (!told) onWait()
    told = true
    await sleep(500)
  }
  const beat = setInterval(() => { utimes(lock, new Date(), new Date()).catch(() => undefined) }, BEAT)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(lock, { force: true })
  }
}
