import { open, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** One file of the input. `stream`: standard input or a pipe, which has no size and cannot be sought in. */
export interface InputFile {
  /** As it was given, or the folder as it was given and the name in it; `-` for standard input. */
  readonly path: string
  readonly form: 'plain' | 'gzip' | 'stream'
  /** Bytes on disk, compressed where it is compressed. Absent for a stream. */
  readonly size?: number
}

const NAMES = /^[^.].*\.(jsonl|json|ndjson)(\.gz)?$/

/**
 * The files behind `inputs`, in the order in which they are read: inputs as given, a folder's files by name (code units, so `a10` stands before `a2`).
 * Of a folder: its own `*.jsonl`, `*.json` and `*.ndjson`, each also `.gz`; not hidden ones, and not those of folders in it.
 * A file is taken as gzip when its name ends in `.gz` or its first two bytes say so.
 * Rejects when an input does not exist or cannot be read, a folder holds no such file, or a file is given twice.
 */
export async function listFiles(inputs: readonly string[]): Promise<readonly InputFile[]> {
  const files: InputFile[] = []
  for (const input of inputs) {
    if (input === '-') files.push({ path: '-', form: 'stream' })
    else if (!(await statOf(input)).isDirectory()) files.push(await describe(input))
    else {
      const names = (await readdir(input)).filter(name => NAMES.test(name)).sort()
      const found: InputFile[] = []
      for (const name of names) {
        const path = join(input, name)
        if (!(await statOf(path)).isDirectory()) found.push(await describe(path))
      }
      if (found.length === 0) {
        throw new Error(`jsonl source: the folder '${input}' holds nothing to read: expected *.jsonl, *.json or *.ndjson files, each also as .gz`)
      }
      files.push(...found)
    }
  }
  const seen = new Set<string>()
  for (const { path } of files) {
    const full = path === '-' ? path : resolve(path)
    if (seen.has(full)) throw new Error(`jsonl source: '${path}' is given twice; a position in it would be ambiguous: give it once`)
    seen.add(full)
  }
  return files
}

async function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' || error.code === 'ENOTDIR'
      ? `jsonl source: there is no file or folder '${path}' (looked for ${resolve(path)}); expected a file, a folder of *.jsonl files, or - for standard input`
      : `jsonl source: cannot read '${path}': ${error.message}`, { cause: error })
  })
}

async function describe(path: string): Promise<InputFile> {
  const stats = await statOf(path)
  if (!stats.isFile()) return { path, form: 'stream' }
  const handle = await open(path, 'r').catch((error: Error) => {
    throw new Error(`jsonl source: cannot read '${path}': ${error.message}; look at its permissions`, { cause: error })
  })
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    const gzip = path.endsWith('.gz') || (bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b)
    return { path, form: gzip ? 'gzip' : 'plain', size: stats.size }
  } finally {
    await handle.close()
  }
}
