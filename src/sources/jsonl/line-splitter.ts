const NEWLINE = 0x0a
const LONGEST = 65_536
const BEGINNING = 4_000

export interface Line {
  /** Without line break and byte order mark; of a line that is too long its first 4,000 bytes. */
  readonly bytes: Buffer
  /** Longer than 64 kB (65,536 bytes). */
  readonly tooLong: boolean
  /** Counted from 1. */
  readonly number: number
  /** Byte offset of the next line. */
  readonly end: number
}

export interface LineSplitter {
  /** The lines that end in this chunk. They may share its memory. */
  push(chunk: Buffer): readonly Line[]
  /** The last line, where it has no line break. */
  end(): readonly Line[]
}

/**
 * Cuts bytes into lines at LF, drops one CR before it, and the UTF-8 byte order mark at offset 0. Blank lines (spaces, tabs, CR) are counted and left out.
 * The lines do not depend on where the chunks were cut. Of a line that is too long, no more than 64 kB are ever held.
 * `offset` and `number` are those of the first line to come.
 */
export function lineSplitter(offset: number, number: number): LineSplitter {
  let held: Buffer[] = []
  let heldBytes = 0
  let beginning: Buffer | undefined
  let at = offset
  let next = number

  const hold = (bytes: Buffer): void => {
    heldBytes += bytes.length
    if (beginning !== undefined) return
    held.push(bytes)
    if (heldBytes > LONGEST) {
      beginning = Buffer.from(Buffer.concat(held).subarray(0, BEGINNING))
      held = []
    }
  }

  const finish = (last: Buffer, ended: boolean, lines: Line[]): void => {
    const start = at
    let bytes = last
    let tooLong = last.length > LONGEST
    at += last.length + (ended ? 1 : 0)
    if (heldBytes > 0) {
      at += heldBytes
      hold(last)
      bytes = beginning ?? Buffer.concat(held)
      tooLong = beginning !== undefined
      held = []
      heldBytes = 0
      beginning = undefined
    }
    if (tooLong) bytes = bytes.subarray(0, BEGINNING)
    else if (bytes[bytes.length - 1] === 0x0d) bytes = bytes.subarray(0, -1)
    if (start === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
    const n = next
    next += 1
    if (tooLong || !isBlank(bytes)) lines.push({ bytes, tooLong, number: n, end: at })
  }

  return {
    push(chunk) {
      const lines: Line[] = []
      let from = 0
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        finish(chunk.subarray(from, to), true, lines)
        from = to + 1
      }
      if (from < chunk.length) hold(chunk.subarray(from))
      return lines
    },
    end() {
      const lines: Line[] = []
      if (heldBytes > 0) finish(Buffer.alloc(0), false, lines)
      return lines
    },
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}
