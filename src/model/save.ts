import { Deserializer, Serializer } from 'node:v8'
import { crc32 } from 'node:zlib'

const MAGIC = Buffer.from('motorwatch save\n', 'latin1')
const FORMAT = 1
const HEADER = MAGIC.length + 12

/**
 * Encodes plain data (whatever structuredClone copies: Map, Set, Date, typed arrays, NaN, Infinity and -0 survive)
 * with a mark, the format's version, its length and a checksum. Throws a `TypeError` for functions, symbols and the like.
 */
export function encodeSave(value: unknown): Uint8Array {
  const serializer = new Serializer()
  serializer.writeHeader()
  try {
    serializer.writeValue(value)
  } catch (error) {
    throw new TypeError(`state cannot be saved: ${error instanceof Error ? error.message : String(error)}; a behaviour's state must be plain data`)
  }
  const body = serializer.releaseBuffer()
  const header = Buffer.alloc(HEADER)
  MAGIC.copy(header)
  header.writeUInt32LE(FORMAT, MAGIC.length)
  header.writeUInt32LE(body.length, MAGIC.length + 4)
  header.writeUInt32LE(crc32(body), MAGIC.length + 8)
  return Buffer.concat([header, body])
}

/** Reads what `encodeSave` wrote. Throws an `Error` that tells a foreign, a truncated, a damaged and a newer save apart. */
export function decodeSave(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = buffer.subarray(0, MAGIC.length)
  if (buffer.length === 0) throw new Error('the save is empty: it was cut off before anything was written; use an older one')
  if (!mark.equals(MAGIC.subarray(0, mark.length))) throw new Error('not a save of motorwatch: it does not begin with its mark')
  if (buffer.length < HEADER) throw new Error(`the save is truncated: ${buffer.length} bytes, its header alone has ${HEADER}; use an older one`)
  const format = buffer.readUInt32LE(MAGIC.length)
  if (format > FORMAT) throw new Error(`the save has format ${format}, this version reads up to ${FORMAT}: it was written by a newer motorwatch; use that`)
  const length = buffer.readUInt32LE(MAGIC.length + 4)
  const body = buffer.subarray(HEADER)
  if (body.length < length) throw new Error(`the save is truncated: ${body.length} of ${length} bytes; use an older one`)
  if (format !== FORMAT || body.length > length || crc32(body) !== buffer.readUInt32LE(MAGIC.length + 8))
    throw new Error('the save is damaged: its checksum does not fit; use an older one')
  try {
    const deserializer = new Deserializer(body)
    deserializer.readHeader()
    return deserializer.readValue()
  } catch (error) {
    throw new Error(
      `the save cannot be read by Node ${process.versions.node} (${error instanceof Error ? error.message : String(error)}): was it written by a newer Node?`,
    )
  }
}
