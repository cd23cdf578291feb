import type { Message } from 'kafkajs'

/** Of what is sent at once to one partition: a broker takes 1 MB (`max.message.bytes`), headers of the batch included. */
const BYTES = 500_000

const sizeOf = ({ key, value, headers }: Message): number =>
  64 + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '') + Object.entries(headers ?? {}).reduce((sum, [name, text]) => sum + 8 + name.length + Buffer.byteLength(String(text)), 0)

/** The messages in pieces, in their order, each small enough to be sent at once; one that is larger by itself stands alone. */
export function piecesOf<M extends Message>(messages: readonly M[], most = Infinity, bytes = BYTES): readonly (readonly M[])[] {
  const pieces: M[][] = []
  let size = Infinity
  for (const message of messages) {
    const more = sizeOf(message)
    const last = pieces.at(-1)
    if (last === undefined || size + more > bytes || last.length >= most) {
      pieces.push([message])
      size = more
    } else {
      last.push(message)
      size += more
    }
  }
  return pieces
}
