import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { crc32c } from '../../src/kafka/crc32c.js'
import { registerCodecs, takingDamaged } from '../../src/kafka/codecs.js'
import { damagedOf } from '../../src/kafka/damaged-batch.js'
import type { DamagedBatch } from '../../src/kafka/damaged-batch.js'

const require = createRequire(import.meta.url)
type Bytes = { readonly buffer: Buffer }
type Message = { readonly offset: string; readonly value: Buffer | null; readonly headers: Record<string, Buffer> }
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as { readonly RecordBatch: (options: object) => Promise<Bytes> }
const Record = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => unknown
const Decoder = require('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => object
const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{ readonly records: readonly Message[] }>
const Long = require('kafkajs/src/utils/long') as { readonly fromValue: (value: number) => unknown }

/** As kafkajs writes it, from this offset on. */
async function batch(compression: number, count: number, first = 100): Promise<Buffer> {
  const records = Array.from({ length: count }, (_, i) => Record({ offsetDelta: i, timestampDelta: 0, key: 'M1', value: `{"value":${i}}`, headers: {} }))
  const { buffer } = await RecordBatch({ compression, firstOffset: Long.fromValue(first), lastOffsetDelta: count - 1, records })
  return Buffer.from(buffer)
}

const read = async (bytes: Buffer): Promise<readonly Message[]> => (await decode(new Decoder(bytes))).records
const damaged = (bytes: Buffer, at = bytes.length - 5): Buffer => {
  bytes[at]! ^= 0x04
  return bytes
}

registerCodecs()

test('the checksum is that of the standard', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
})

describe.each([['no compression', 0], ['gzip', 1], ['snappy', 2], ['lz4', 3]] as const)('a batch of %s', (name, compression) => {
  test('is read', async () => {
    const messages = await takingDamaged(async () => read(await batch(compression, 50)))
    expect(messages.map(({ offset, value }) => `${offset} ${String(value)}`)).toEqual(Array.from({ length: 50 }, (_, i) => `${100 + i} {"value":${i}}`))
    expect(messages.every(({ headers }) => damagedOf(headers) === undefined)).toBe(true)
  })

  test('that is damaged is told of by its last message, and holds nothing', async () => {
    const messages = await takingDamaged(async () => read(damaged(await batch(compression, 50))))
    expect(messages).toHaveLength(50)
    expect(messages.every(({ value }) => value === null)).toBe(true)
    expect(messages.slice(0, -1).every(({ headers }) => damagedOf(headers) === 'passed')).toBe(true)
    expect(messages.at(-1)).toMatchObject({ offset: '149' })
    expect(damagedOf(messages.at(-1)!.headers)).toEqual({ first: 100, last: 149, why: `its checksum is wrong (${name})` })
  })
})

test('wherever a bit is turned behind the checksum, it is damaged, or its header is', async () => {
  const { length } = await batch(1, 20)
  for (let at = 21; at < length; at++) {
    const outcome = await takingDamaged(async () => read(damaged(await batch(1, 20), at))).then((messages) => damagedOf(messages.at(-1)?.headers), (error: unknown) => (error as Error).message)
    if (typeof outcome === 'string') expect(outcome, `${at}`).toMatch(/the batch at offset 100 is damaged in its header/)
    else {
      expect(outcome, `${at}`).toMatchObject({ first: 100 })
      expect((outcome as DamagedBatch).last, `${at}`).toBeLessThan(120)
    }
  }
})

test('whoever does not take damaged batches gets the error of the codec', async () => {
  await expect(read(damaged(await batch(1, 50)))).rejects.toThrow()
})

test('one that nothing can decompress is damaged, though its checksum is right', async () => {
  const bytes = await batch(1, 50)
  bytes[62]! ^= 0xff
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  const messages = await takingDamaged(() => read(bytes))
  expect(damagedOf(messages.at(-1)!.headers)).toMatchObject({ first: 100, last: 149, why: expect.stringContaining('it cannot be decompressed (gzip: ') as unknown })
})
