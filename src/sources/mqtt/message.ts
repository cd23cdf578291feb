/** What came from a broker. */
export interface Message {
  /** Epoch milliseconds of this machine's clock when it came. */
  readonly arrived: number
  /** The broker had kept it for those who come later: how old it is, it does not say. */
  readonly retained: boolean
  readonly topic: string
  readonly payload: Uint8Array
}

const HEAD = 11

/** As a record of a spool. */
export function encodeMessage({ arrived, retained, topic, payload }: Message): Uint8Array {
  const name = Buffer.from(topic)
  const bytes = Buffer.allocUnsafe(HEAD + name.length + payload.length)
  bytes.writeDoubleLE(arrived, 0)
  bytes.writeUInt8(retained ? 1 : 0, 8)
  bytes.writeUInt16LE(name.length, 9)
  bytes.set(name, HEAD)
  bytes.set(payload, HEAD + name.length)
  return bytes
}

/** The payload is not copied. */
export function decodeMessage(record: Uint8Array): Message {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
  const end = HEAD + bytes.readUInt16LE(9)
  return { arrived: bytes.readDoubleLE(0), retained: bytes.readUInt8(8) === 1, topic: bytes.toString('utf8', HEAD, end), payload: bytes.subarray(end) }
}
