import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { Item, Reading, Rejected, Source } from '../model/index.js'
import { decoder, describeRejection, type Rejection } from '../model/wire.js'
import { byteChunks } from './jsonl/byte-chunks.js'
import { fileHead } from './jsonl/file-head.js'
import { lineSplitter, type Line } from './jsonl/line-splitter.js'
import { type InputFile, listFiles } from './jsonl/list-files.js'
import { pacer } from './jsonl/pacer.js'

export interface JsonlSourceOptions<T extends Item = Reading> {
  /** A file, a folder, `-` for standard input, or several of them, read one after the other. See `listFiles` for a folder and for gzip. */
  readonly input: string | readonly string[]
  /** `max` (default): as fast as it is taken in. A number: event milliseconds a wall-clock millisecond, so 1 is live and 60 a minute a second. */
  readonly speed?: 'max' | number
  /** What makes an item of a line, which comes without its line break and must not be kept. Default: `decoder().decodeLine`. */
  readonly decode?: (line: Uint8Array) => E.Either<Rejection, T>
}

/** `offset` is of the next line, in uncompressed bytes; `line` is that line's number; `head` tells the file from another one. */
interface JsonlPosition {
  readonly file: string
  readonly offset: number
  readonly line: number
  readonly head: string
}

const BATCH = 1_000
const RAW = 1_000

/**
 * Reads lines of JSON from files. A line that cannot be decoded, or is longer than 64 kB, goes out as `rejected` with `file:line`, and nothing else stops for it.
 * Blank lines, CRLF and a byte order mark are no error; a last line without a line break is taken, so do not resume in a file whose last line was still being written.
 * Batches: the lines of about 64 kB, at most 1,000. One chunk of a file, one line and one batch is all that is held in memory.
 *
 * `speed` as a number paces by the readings' own time: one is handed over when it is due, a late one at once; a gap costs at most 60 s (see `pacer`). It counts anew on each `read`.
 *
 * Resumed, it reads on from exactly the position: files that stand before it in the list are not looked at, gzip is inflated and dropped up to it, standard input is read and dropped up to it.
 * `read` rejects when an input is missing, a folder has no such file, gzip is broken, or the position does not fit:
 * its file is not in the list, is shorter than the position, or has other first bytes (up to 1,024, before the position).
 * `progress` counts bytes on disk over all files; it is absent where one of them is a stream.
 */
export function jsonlSource<T extends Item = Reading>(options: JsonlSourceOptions<T>): Source<T | Rejected> {
  const { speed = 'max' } = options
  const inputs = typeof options.input === 'string' ? [options.input] : options.input
  if (inputs.length === 0 || inputs.includes('')) throw new RangeError('jsonl source: `input` is empty; expected a file, a folder, or - for standard input')
  if (speed !== 'max' && !(speed > 0 && speed < Infinity)) {
    throw new RangeError(`jsonl source: speed is ${speed}; expected 'max', or a number above 0: event milliseconds a wall-clock millisecond`)
  }
  const decode = options.decode ?? decoder().decodeLine as unknown as (line: Uint8Array) => E.Either<Rejection, T>

  return {
    name: `jsonl:${inputs.join(',')}`,
    async read(accept, { from, signal }) {
      const position = from === undefined ? undefined : asPosition(from)
      const files = await listFiles(inputs)
      const first = position === undefined ? 0 : files.findIndex(({ path }) => path === position.file)
      if (first === -1) {
        throw new Error(`jsonl source: cannot resume: the file '${position?.file}' of the saved position is not among the ${files.length} of the input `
          + `(${files.slice(0, 3).map(({ path }) => path).join(', ')}${files.length > 3 ? ', ...' : ''}); bring it back under that name, or start afresh`)
      }
      const due = speed === 'max' ? undefined : pacer(speed)
      const sizes = files.map(({ size }) => size ?? NaN)
      const total = sum(sizes)

      const readFile = async (file: InputFile, before: number, start: JsonlPosition | undefined): Promise<boolean> => {
        const head = fileHead()
        const splitter = lineSplitter(start?.offset ?? 0, start?.line ?? 1)
        let items: (T | Rejected)[] = []
        let last: Line | undefined
        let read = 0

        const handOver = async (): Promise<boolean> => {
          if (signal.aborted) return false
          if (items.length === 0 || last === undefined) return true
          const position: JsonlPosition = { file: file.path, offset: last.end, line: last.number + 1, head: head.hash(last.end) }
          const progress = total === 0 ? 1 : Math.min(1, (before + read) / total)
          const batch = Number.isNaN(progress) ? { items, position } : { items, position, progress }
          items = []
          await accept(batch)
          return !signal.aborted
        }

        const take = async (lines: readonly Line[]): Promise<boolean> => {
          for (const line of lines) {
            const item = itemOf(line, file.path)
            if (due !== undefined) {
              const at = due((item as { readonly time?: number }).time ?? NaN, performance.now())
              for (let wait = at - performance.now(); wait > 0; wait = at - performance.now()) {
                if (!(await handOver())) return false
                await sleep(Math.ceil(wait), undefined, { signal }).catch(() => undefined) // told to stop; it may wake earlier, by a millisecond at most
              }
            }
            items.push(item)
            last = line
            if (items.length === BATCH && !(await handOver())) return false
          }
          return handOver()
        }

        for await (const chunk of byteChunks(file, head, start, signal)) {
          read = chunk.read
          if (!(await take(splitter.push(chunk.bytes)))) return false
        }
        return !signal.aborted && take(splitter.end())
      }

      for (const [i, file] of files.entries()) {
        if (i >= first && !(await readFile(file, sum(sizes.slice(0, i)), i === first ? position : undefined))) return false
      }
      return true
    },
  }

  function itemOf(line: Line, file: string): T | Rejected {
    const decoded = line.tooLong ? TOO_LONG : decode(line.bytes)
    if (E.isRight(decoded)) return decoded.right
    return {
      kind: 'rejected',
      time: NaN,
      reason: 'undecodable',
      detail: describeRejection(decoded.left),
      where: `${file}:${line.number}`,
      raw: line.bytes.subarray(0, 4 * RAW).toString().slice(0, RAW),
    }
  }
}

const TOO_LONG: E.Either<Rejection, never> = E.left({ field: 'line', got: 'more than 65,536 bytes', expected: 'at most 65,536 bytes' })

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

function asPosition(from: unknown): JsonlPosition {
  const { file, offset, line, head } = (from ?? {}) as Partial<Record<keyof JsonlPosition, unknown>>
  if (typeof file === 'string' && isCount(offset) && isCount(line) && typeof head === 'string') return { file, offset, line, head }
  throw new Error(`jsonl source: cannot resume: the saved position is ${JSON.stringify(from)?.slice(0, 200)}; expected { file, offset, line, head }, as a batch of this source had it`)
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
