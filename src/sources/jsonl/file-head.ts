import { createHash } from 'node:crypto'

const HEAD = 1_024

/** The first 1,024 bytes of a file, by which it is told from another one of the same name. */
export interface FileHead {
  /** The next bytes of the file; those behind the head are passed over. */
  add(bytes: Uint8Array): void
  /** A hash of the bytes before `offset`, or of the whole head where that is shorter. They must have been added. */
  hash(offset: number): string
  /** How many bytes `hash(offset)` looks at. */
  span(offset: number): number
}

export function fileHead(): FileHead {
  const head = Buffer.alloc(HEAD)
  let length = 0
  let whole: string | undefined
  const span = (offset: number) => Math.min(offset, HEAD)
  const hashOf = (offset: number) => createHash('sha256').update(head.subarray(0, span(offset))).digest('hex').slice(0, 16)
  return {
    add(bytes) {
      if (length === HEAD) return
      const part = bytes.subarray(0, HEAD - length)
      head.set(part, length)
      length += part.length
    },
    hash: offset => offset < HEAD ? hashOf(offset) : whole ??= hashOf(HEAD),
    span,
  }
}
