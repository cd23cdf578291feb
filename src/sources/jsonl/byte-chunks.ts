import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FileHead } from './file-head.js'
import type { InputFile } from './list-files.js'

const CHUNK = 65_536

/** A piece of a file's bytes, uncompressed, and how many of its bytes on disk have been read so far. */
export interface ByteChunk {
  readonly bytes: Buffer
  readonly read: number
}

/** Where to read on, and the hash of the file's head before it. */
export interface ResumeAt {
  readonly offset: number
  readonly head: string
}

/**
 * The uncompressed bytes of a file, from `from` or its start on, in pieces of at most about 64 kB that are the consumer's own; its first bytes are added to `head`.
 * Nothing is read ahead of the consumer beyond one piece (plain) or the streams' own buffers (gzip, standard input).
 * Ends early, without an error, when `signal` aborts. Of a gzip file or a stream the bytes before `from` are read and dropped.
 * Rejects when the file cannot be read, is shorter than `from` or begins with other bytes, or is broken gzip;
 * what could be inflated before that has been handed over, but for the last 16 kB at most.
 */
export async function* byteChunks(file: InputFile, head: FileHead, from: ResumeAt | undefined, signal: AbortSignal): AsyncGenerator<ByteChunk, void, undefined> {
  const offset = from?.offset ?? 0
  const check = (): void => {
    if (from === undefined || head.hash(offset) === from.head) return
    throw new Error(`jsonl source: cannot resume in ${titleOf(file.path)}: its first ${head.span(offset)} bytes are not those that were read before; `
      + 'bring back the file as it was, or start afresh')
  }
  const refuseShorter = (bytes: number): void => {
    throw new Error(`jsonl source: cannot resume in ${titleOf(file.path)}: it ends at byte ${bytes}, before the saved position, byte ${offset}; `
      + 'bring back the file as it was, or start afresh')
  }
  if (file.form === 'plain') {
    const handle = await open(file.path, 'r')
    try {
      const { size } = await handle.stat()
      if (size < offset) refuseShorter(size)
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(head.span(offset)), 0, head.span(offset), 0)
      head.add(buffer.subarray(0, bytesRead))
      check()
      for (let position = offset; !signal.aborted;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK, position)
        if (bytesRead === 0) return
        const bytes = buffer.subarray(0, bytesRead)
        position += bytesRead
        head.add(bytes)
        yield { bytes, read: position }
      }
    } finally {
      await handle.close()
    }
    return
  }
  let passed = 0
  for await (const { bytes, read } of file.form === 'gzip' ? gzipChunks(file.path, signal) : streamChunks(file.path, signal)) {
    head.add(bytes)
    const skipped = Math.min(offset - Math.min(offset, passed), bytes.length)
    if (passed < offset && passed + bytes.length >= offset) check()
    passed += bytes.length
    if (skipped < bytes.length) yield { bytes: bytes.subarray(skipped), read }
  }
  if (passed < offset && !signal.aborted) refuseShorter(passed)
}

const titleOf = (path: string): string => path === '-' ? 'standard input' : `'${path}'`

async function* gzipChunks(path: string, signal: AbortSignal): AsyncGenerator<ByteChunk, void, undefined> {
  const compressed = createReadStream(path, { highWaterMark: CHUNK })
  const gunzip = createGunzip()
  compressed.on('error', error => gunzip.destroy(error)).pipe(gunzip)
  let inflated = 0
  try {
    for await (const bytes of drain(gunzip, signal)) {
      inflated += bytes.length
      yield { bytes, read: gunzip.bytesWritten }
    }
  } catch (error) {
    throw new Error(`jsonl source: '${path}' is not a whole gzip file: ${(error as Error).message} near its byte ${gunzip.bytesWritten}, `
      + `after ${inflated} bytes of text, which have been read; fetch or pack the file again, then resume`, { cause: error })
  } finally {
    compressed.destroy()
    gunzip.destroy()
  }
}

async function* streamChunks(path: string, signal: AbortSignal): AsyncGenerator<ByteChunk, void, undefined> {
  const stream = path === '-' ? process.stdin : createReadStream(path)
  let read = 0
  try {
    for await (const bytes of drain(stream, signal)) {
      read += bytes.length
      yield { bytes, read }
    }
  } catch (error) {
    throw new Error(`jsonl source: cannot read ${titleOf(path)}: ${(error as Error).message}`, { cause: error })
  } finally {
    stream.destroy()
  }
}

/** As `for await` over the stream, except that what it held when it failed is handed over before the error: Node's own iterator drops it. */
async function* drain(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  let failure: Error | undefined
  let over = false
  let wake = (): void => undefined
  const woken = () => wake()
  stream.on('readable', woken)
    .on('end', () => { over = true; wake() })
    .on('close', () => { over = true; wake() })
    .on('error', error => { failure = error; wake() })
  signal.addEventListener('abort', woken)
  try {
    while (!signal.aborted) {
      const bytes = stream.read() as Buffer | null
      if (bytes !== null) yield bytes
      else if (failure !== undefined) throw failure
      else if (over) return
      else await new Promise<void>(resolve => { wake = resolve })
    }
  } finally {
    signal.removeEventListener('abort', woken)
  }
}
