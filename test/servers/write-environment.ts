import { open, rename } from 'node:fs/promises'

/** Writes variables to a file that only the user may read, whatever the file was before. */
export async function writeEnvironment(path: string, env: Readonly<Record<string, string>>): Promise<void> {
  const fresh = `${path}.${process.pid}`
  const file = await open(fresh, 'wx', 0o600)
  try {
    await file.writeFile(Object.entries(env).map(([name, value]) => `${name}=${value}\n`).join(''))
  } finally {
    await file.close()
  }
  await rename(fresh, path)
}
