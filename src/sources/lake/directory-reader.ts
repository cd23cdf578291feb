import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { ObjectReader } from '../../lake/object-reader.js'

/** Objects as files below `dir`. `who` begins each message. */
export function directoryReader(who: string, dir: string): ObjectReader {
  const cannot = (doing: string, path: string, cause: unknown): Error => new Error(`${who}: cannot ${doing} '${path}': ${(cause as Error).message}`, { cause })
  return {
    name: join(dir, '/'),
    async open() {
      const found = await stat(dir).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw cannot('read', dir, error)
        throw new Error(`${who}: there is no folder '${dir}' (looked for ${resolve(dir)}); expected the folder of a lake`, { cause: error })
      })
      if (!found.isDirectory()) throw new Error(`${who}: '${dir}' is a file; expected the folder of a lake`)
    },
    async* list(prefix) {
      const folder = join(dir, dirname(`${prefix}.`))
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
        throw cannot('list', folder, error)
      })
      for (const entry of entries) {
        const path = relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/')
        if (!entry.isDirectory() && path.startsWith(prefix)) yield path
      }
    },
    get: (path) => readFile(join(dir, path)).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw cannot('read', join(dir, path), error)
    }),
    async close() {},
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
