import type { IHeaders } from 'kafkajs'

/** A batch of the log that cannot be read: these offsets are lost. */
export interface DamagedBatch {
  readonly first: number
  readonly last: number
  readonly why: string
}

const MARK = 'motorwatch-damaged-batch'
/** No batch of a broker spans so many offsets. */
const MOST = 10_000_000

/** Zigzag and 7 bits a byte, as Kafka writes lengths. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value >= 0 ? 2 * value : -2 * value - 1
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}

const text = (words: string): Buffer => {
  const bytes = Buffer.from(words)
  return Buffer.concat([varint(bytes.length), bytes])
}

function record(offsetDelta: number, headers: readonly (readonly [string, string])[]): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]), varint(0), varint(offsetDelta), varint(-1), varint(-1),
    varint(headers.length), ...headers.flatMap(([name, value]) => [text(name), text(value)]),
  ])
  return Buffer.concat([varint(body.length), body])
}

/**
 * Records in the place of those of a damaged batch, as many as its header tells: kafkajs reads that many, and gives up for good where it cannot. All are without a value; the last one carries what `damagedOf` gives.
 * Throws where the header itself cannot be: then it is not known where the next batch begins.
 */
export function substitute(header: Buffer, why: string): Buffer {
  const first = Number(header.readBigInt64BE(0))
  const span = header.readInt32BE(23)
  const count = header.readInt32BE(57)
  if (!(span >= 0 && span < MOST && count > 0 && count <= span + 1))
    throw new Error(`kafka source: the batch at offset ${first} is damaged in its header (${count} records over ${span + 1} offsets; ${why}): move the group's checkpoints behind it, or have the topic repaired`)
  // Where the two disagree (a compacted topic, or a damaged header) the lesser one: what is fetched again beyond it is passed over, and what lies behind it is not.
  const reach = Math.min(span, count - 1)
  const damaged: DamagedBatch = { first, last: first + reach, why }
  const records = Array.from({ length: count - 1 }, (_, i) => record(Math.min(i, reach), [[MARK, '']]))
  return Buffer.concat([...records, record(reach, [[MARK, JSON.stringify(damaged)]])])
}

/** Of a message: `passed`: it is one of a damaged batch, whose last message tells of it all. */
export function damagedOf(headers: IHeaders | undefined): DamagedBatch | 'passed' | undefined {
  const mark = headers?.[MARK]
  if (mark === undefined) return undefined
  const said = String(Array.isArray(mark) ? mark[0] : mark)
  return said === '' ? 'passed' : JSON.parse(said) as DamagedBatch
}
