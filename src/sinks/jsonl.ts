import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import { encodeItem } from '../model/codecs.js'
import type { Item, Sink } from '../model/index.js'
import { fileError } from './file/file-error.js'
import { syncDirectory } from '../model/sync-directory.js'

export interface JsonlSinkOptions {
  /** The first file; its folder is made where it is missing. */
  readonly path: string
  /** Only items of these kinds are written, the others passed over. Absent: all. `['rejected']` makes it a dead-letter file. */
  readonly kinds?: readonly string[]
  /** A line that would make a file longer than this many bytes begins the next one. Absent: one file. */
  readonly maxBytes?: number
}

/** `bytes`: the length of file number `file`. */
interface JsonlState {
  readonly file: number
  readonly bytes: number
}

/**
 * Appends items as lines of JSON, as `encodeItem` writes them. With `maxBytes` the files are `name.jsonl`, `name.1.jsonl`, `name.2.jsonl`, ...;
 * which line is in which file depends on the lines alone. A line longer than `maxBytes` has a file of its own.
 *
 * `save` brings everything to disk (fsync) and returns how far the files go; `open(saved)` cuts the file back to there and removes the files after it,
 * and refuses a file that is missing or shorter. `open()` refuses a place where an earlier run has left lines: two runs in one file could not be told apart.
 * A `write` that failed may be called again with the same items: it overwrites what was half written.
 */
export function jsonlSink<T extends Item = Item>({ path, kinds, maxBytes = Infinity }: JsonlSinkOptions): Sink<T> {
  if (!(maxBytes > 0)) throw new RangeError(`jsonl sink: maxBytes is ${maxBytes}; expected a number of bytes above 0`)
  const name = `jsonl:${path}`
  const directory = dirname(path)
  const stem = join(directory, parse(path).name)
  const extension = parse(path).ext
  const wanted = kinds === undefined ? undefined : new Set(kinds)
  let state: JsonlState = { file: 0, bytes: 0 }
  let handle: FileHandle | undefined
  let opened = -1
  let newNames = false
  let ready = false

  const pathOf = (file: number): string => file === 0 ? path : `${stem}.${file}${extension}`

  const numberOf = (entry: string): number => {
    if (entry === basename(path)) return 0
    const middle = entry.startsWith(`${parse(path).name}.`) && entry.endsWith(extension)
      ? entry.slice(parse(path).name.length + 1, entry.length - extension.length) : ''
    return /^[1-9]\d*$/.test(middle) ? Number(middle) : -1
  }

  const existing = async (): Promise<number[]> => (await readdir(directory)).map(numberOf).filter(file => file >= 0).sort((a, b) => a - b)

  const leave = async (): Promise<void> => {
    const left = handle
    handle = undefined
    opened = -1
    if (left === undefined) return
    try {
      await left.sync()
    } finally {
      await left.close()
    }
  }

  /** Nothing stands behind `bytes` in the file afterwards. */
  const enter = async (file: number, bytes: number): Promise<FileHandle> => {
    if (handle !== undefined && opened === file) return handle
    await leave()
    handle = await open(pathOf(file), file === state.file && state.bytes > 0 ? 'r+' : 'w')
    opened = file
    newNames = true
    await handle.truncate(bytes)
    return handle
  }

  const attempt = async <R>(doing: string, file: number, action: () => Promise<R>): Promise<R> => {
    try {
      return await action()
    } catch (error) {
      throw fileError('jsonl sink', doing, pathOf(file), error)
    }
  }

  const restore = async (saved: JsonlState): Promise<void> => {
    const { size } = await attempt('resume', saved.file, () => stat(pathOf(saved.file))).catch((error: Error) => {
      if (saved.bytes === 0) return { size: 0 }
      throw error
    })
    if (size < saved.bytes) {
      throw new Error(`jsonl sink: cannot resume '${pathOf(saved.file)}': it has ${size} bytes, and the checkpoint was taken at ${saved.bytes}; `
        + 'bring back the file as it was, or start afresh with an empty place and no checkpoint')
    }
    state = saved
    await attempt('cut back', saved.file, () => enter(saved.file, saved.bytes))
    for (const file of await existing()) if (file > saved.file) await attempt('remove', file, () => rm(pathOf(file)))
  }

  const startFresh = async (): Promise<void> => {
    for (const file of await existing()) {
      const { size } = await attempt('look at', file, () => stat(pathOf(file)))
      if (size > 0) {
        throw new Error(`jsonl sink: '${pathOf(file)}' holds ${size} bytes of an earlier run, and there is no checkpoint to go on from; `
          + 'move or remove it, or name another path')
      }
    }
    state = { file: 0, bytes: 0 }
    await attempt('open', 0, () => enter(0, 0))
    for (const file of await existing()) if (file > 0) await attempt('remove', file, () => rm(pathOf(file)))
  }

  return {
    name,
    async open(saved) {
      ready = false
      await leave()
      await attempt('make the folder of', 0, () => mkdir(directory, { recursive: true }))
      await (saved === undefined ? startFresh() : restore(asState(saved, path)))
      ready = true
    },
    async write(items) {
      let { file, bytes } = state
      let lines: Buffer[] = []
      let pending = 0
      const flush = async (): Promise<void> => {
        if (lines.length === 0) return
        const at = bytes - pending
        await attempt('write', file, async () => writeAll(await enter(file, at), Buffer.concat(lines), at)).catch(async (error: unknown) => {
          await leave().catch(() => undefined)
          throw error
        })
        lines = []
        pending = 0
      }
      for (const item of items) {
        if (wanted !== undefined && !wanted.has(item.kind)) continue
        const line = Buffer.from(`${encodeItem(item)}\n`)
        if (bytes > 0 && bytes + line.length > maxBytes) {
          await flush()
          file += 1
          bytes = 0
        }
        lines.push(line)
        bytes += line.length
        pending += line.length
      }
      await flush()
      state = { file, bytes }
    },
    async save() {
      await attempt('bring to disk', state.file, async () => {
        await handle?.sync()
        if (newNames) await syncDirectory(directory)
        newNames = false
      })
      return state
    },
    async close() {
      if (!ready) return leave()
      ready = false
      await attempt('close', state.file, async () => {
        await enter(state.file, state.bytes)
        await leave()
        await syncDirectory(directory)
      })
    },
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
}

function asState(saved: unknown, path: string): JsonlState {
  const { file, bytes } = (saved ?? {}) as Partial<JsonlState>
  if (Number.isSafeInteger(file) && Number.isSafeInteger(bytes) && Number(file) >= 0 && Number(bytes) >= 0) return { file: Number(file), bytes: Number(bytes) }
  throw new Error(`jsonl sink: cannot resume '${path}': the saved state is ${JSON.stringify(saved)}; expected { file, bytes }, as \`save\` returned it`)
}
