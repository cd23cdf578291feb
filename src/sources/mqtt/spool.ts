import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { directoryLock } from '../../model/directory-lock.js'
import { syncDirectory } from '../../model/sync-directory.js'
import { framed, type Framed, recordsIn } from './records.js'

/** An append-only log of records in a directory. Offsets count the bytes of all records there ever were, so each record keeps its own. */
export interface Spool {
  /** Tells it from another one in the same place. */
  readonly id: string
  /** Of the oldest record that is kept. */
  readonly start: number
  /** Behind the last record that is durable. */
  readonly end: number
  /** Takes a record in; it is neither durable nor read before `sync` has resolved. */
  append(record: Uint8Array): void
  /** Resolves when all that was taken in is on the disk. Calls must not overlap. After it has rejected, the spool is to be opened anew. */
  sync(): Promise<void>
  /** Whole records from an offset on, about 256 kB of them and at least one; none at the end. Rejects where one is damaged. */
  read(from: number): Promise<readonly Framed[]>
  /** Resolves when `end` is beyond `offset`, or the signal is aborted. */
  beyond(offset: number, signal: AbortSignal): Promise<void>
  /** What lies before `offset` is not needed any more: segments that lie before it as a whole are removed. */
  trim(offset: number): Promise<void>
  /** What was taken in and not synced is not kept. */
  close(): Promise<void>
}

interface Segment {
  readonly base: number
  readonly path: string
}

const SEGMENT = 8 * 1024 * 1024
const CHUNK = 256 * 1024
const NAME = /^(\d{16})\.spool$/
const MARK = 'motorwatch spool 1 '
/** The mark, a UUID and a line break. */
const HEADER = MARK.length + 37

/**
 * Opens the spool in a directory, or makes one. What a kill has left half written at its end is cut off, with a warning; it had not been acknowledged.
 * One run alone has it, until `close`: another one is refused. Rejects where a segment is missing, or is none.
 */
export async function openSpool(dir: string, { segmentBytes = SEGMENT }: { readonly segmentBytes?: number } = {}): Promise<Spool> {
  await mkdir(dir, { recursive: true })
  const lock = directoryLock(dir)
  await lock.take()
  try {
    return await opened(dir, segmentBytes, () => lock.release())
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function opened(dir: string, segmentBytes: number, release: () => Promise<void>): Promise<Spool> {
  const segments = await segmentsIn(dir)
  let last = segments.at(-1)
  // Killed while it was made: nothing is in it yet.
  if (last !== undefined && (await stat(last.path)).size < HEADER) {
    await rm(last.path)
    segments.pop()
    last = segments.at(-1)
  }
  const id = last === undefined ? randomUUID() : await idOf(last.path)
  for (const [i, { base, path }] of segments.slice(0, -1).entries()) {
    if ((await idOf(path)) !== id) throw new Error(`spool: ${path} is of another spool than ${last!.path}: move it elsewhere`)
    const next = base + (await stat(path)).size - HEADER
    if (next !== segments[i + 1]!.base) throw new Error(`spool: ${path} ends at ${next}, and the next segment begins at ${segments[i + 1]!.base}: one is missing or was cut; bring it back, or start afresh with another spool and other checkpoints`)
  }

  let file: FileHandle
  let end: number
  const begin = async (base: number): Promise<void> => {
    const path = join(dir, `${String(base).padStart(16, '0')}.spool`)
    file = await open(path, 'wx')
    await file.writeFile(`${MARK}${id}\n`)
    await file.sync()
    await syncDirectory(dir)
    segments.push({ base, path })
  }
  if (last === undefined) {
    end = 0
    await begin(0)
  } else {
    const bytes = (await readFile(last.path)).subarray(HEADER)
    const whole = recordsIn(bytes, last.base).bytes
    file = await open(last.path, 'r+')
    if (whole < bytes.length) {
      process.emitWarning(`spool: the last ${bytes.length - whole} bytes of ${last.path} are cut off: a record was half written, and not acknowledged`)
      await file.truncate(HEADER + whole)
    }
    await file.sync()
    end = last.base + whole
  }

  let pending: Uint8Array[] = []
  let broken: Error | undefined
  let reading: { readonly segment: Segment; readonly file: FileHandle } | undefined
  const waiting = new Set<() => void>()

  const handleOf = async (segment: Segment): Promise<FileHandle> => {
    if (reading?.segment !== segment) {
      await reading?.file.close()
      reading = undefined
      reading = { segment, file: await open(segment.path, 'r') }
    }
    return reading.file
  }

  return {
    id,
    get start() { return segments[0]!.base },
    get end() { return end },
    append(record) { pending.push(framed(record)) },
    async sync() {
      if (broken !== undefined) throw broken
      if (pending.length === 0) return
      const bytes = Buffer.concat(pending)
      pending = []
      try {
        if (end - segments.at(-1)!.base >= segmentBytes) {
          await file.close()
          await begin(end)
        }
        const at = HEADER + end - segments.at(-1)!.base
        for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
        await file.datasync()
      } catch (error) {
        broken = new Error(`spool: cannot write in ${dir}: ${(error as Error).message}`, { cause: error })
        throw broken
      }
      end += bytes.length
      for (const wake of waiting) wake()
    },
    async read(from) {
      const segment = segments.findLast(({ base }) => base <= from)
      if (segment === undefined || from >= end) return []
      const until = segments[segments.indexOf(segment) + 1]?.base ?? end
      const source = await handleOf(segment)
      for (let size = Math.min(CHUNK, until - from); ; size = Math.min(2 * size, until - from)) {
        const bytes = Buffer.allocUnsafe(size)
        const { bytesRead } = await source.read(bytes, 0, size, HEADER + from - segment.base)
        const { records, damaged } = recordsIn(bytes.subarray(0, bytesRead), from)
        if (records.length > 0) return records
        if (damaged || bytesRead < size || size === until - from) throw new Error(`spool: there is no whole record at offset ${from} of ${segment.path}: the file is damaged, or the offset is of another spool; start afresh with another spool and other checkpoints`)
      }
    },
    async beyond(offset, signal) {
      while (end <= offset && !signal.aborted)
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake)
            signal.removeEventListener('abort', wake)
            resolve()
          }
          waiting.add(wake)
          signal.addEventListener('abort', wake)
        })
    },
    async trim(offset) {
      // The oldest first: a kill leaves no gap.
      while (segments.length > 1 && segments[1]!.base <= offset) {
        const [oldest] = segments
        if (reading?.segment === oldest) {
          await reading!.file.close()
          reading = undefined
        }
        await rm(oldest!.path)
        segments.shift()
      }
    },
    async close() {
      try {
        await reading?.file.close()
        await file.close()
      } finally {
        await release()
      }
    },
  }
}

async function segmentsIn(dir: string): Promise<Segment[]> {
  return (await readdir(dir)).filter((name) => NAME.test(name)).sort().map((name) => ({ base: Number(NAME.exec(name)![1]), path: join(dir, name) }))
}

async function idOf(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(HEADER), 0, HEADER, 0)
    const text = buffer.toString('latin1')
    if (!text.startsWith(MARK) || !text.endsWith('\n')) throw new Error(`spool: ${path} is no segment of a spool, or of a newer motorwatch: move it elsewhere`)
    return text.slice(MARK.length, -1)
  } finally {
    await file.close()
  }
}
