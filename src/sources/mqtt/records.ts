import { crc32 } from 'node:zlib'

/** A record and where it stands: from `offset` to before `next`. */
export interface Framed {
  readonly offset: number
  readonly next: number
  readonly record: Uint8Array
}

/** Length and checksum. */
const FRAME = 8

/** The record with its length and checksum in front of it. */
export function framed(record: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(FRAME + record.length)
  bytes.writeUInt32LE(record.length, 0)
  bytes.writeUInt32LE(crc32(record), 4)
  bytes.set(record, FRAME)
  return bytes
}

/** The whole records at the beginning of `bytes`, how many bytes they take, and whether the next one is damaged (otherwise there is only part of it, or nothing). */
export function recordsIn(bytes: Buffer, offset: number): { readonly records: readonly Framed[]; readonly bytes: number; readonly damaged: boolean } {
  const records: Framed[] = []
  let at = 0
  while (at + FRAME <= bytes.length) {
    const end = at + FRAME + bytes.readUInt32LE(at)
    if (end > bytes.length) break
    const record = bytes.subarray(at + FRAME, end)
    // A record of no bytes has the checksum 0, as a hole in a file would have it.
    if (record.length === 0 || crc32(record) !== bytes.readUInt32LE(at + 4)) return { records, bytes: at, damaged: true }
    records.push({ offset: offset + at, next: offset + end, record })
    at = end
  }
  return { records, bytes: at, damaged: false }
}
