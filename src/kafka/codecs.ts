import { AsyncLocalStorage } from 'node:async_hooks'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { decompress as unzstd } from 'fzstd'
import kafkajs from 'kafkajs'
import snappy from 'kafkajs-snappy'
import { compressFrame, decompressFrame } from 'lz4-napi'
import { crc32c } from './crc32c.js'
import { substitute } from './damaged-batch.js'

const { CompressionCodecs, CompressionTypes } = kafkajs

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

/** Node has it from 22.15 on. */
const zstdCompress = (zlib as unknown as { readonly zstdCompress?: (data: Buffer, done: (error: Error | null, result: Buffer) => void) => void }).zstdCompress

const gzip = promisify(zlib.gzip)
const gunzip = promisify(zlib.gunzip)

const CODECS: Readonly<Record<number, readonly [name: string, codec: Codec]>> = {
  // The batch of a codec that is none: kafkajs asks for none of it, and takes one that is there.
  [CompressionTypes.None]: ['no compression', { compress: async ({ buffer }) => buffer, decompress: async (buffer) => buffer }],
  [CompressionTypes.GZIP]: ['gzip', { compress: ({ buffer }) => gzip(buffer), decompress: (buffer) => gunzip(buffer) }],
  [CompressionTypes.Snappy]: ['snappy', snappy() as Codec],
  [CompressionTypes.LZ4]: ['lz4', { compress: ({ buffer }) => compressFrame(buffer), decompress: (buffer) => decompressFrame(buffer) }],
  [CompressionTypes.ZSTD]: ['zstd', {
    compress: async ({ buffer }) => {
      if (zstdCompress === undefined) throw new Error('kafka: zstd is written by Node 22.15 and later only, and this is Node ' + process.versions.node + ': use another compression, or a newer Node')
      return promisify(zstdCompress)(buffer)
    },
    decompress: async (buffer) => Buffer.from(unzstd(buffer)),
  }],
}

/** What a batch has before its records, from its first offset on. */
const HEADER = 61
/** Of these, what is before what the checksum is of. */
const BEFORE_CHECKED = 21

/** Whoever reads in it gets, in the place of a damaged batch, what `isDamaged` knows; others an error of kafkajs. */
const taking = new AsyncLocalStorage<true>()

/** Runs a consumer that passes over damaged batches: to be called round `consumer.run`. */
export const takingDamaged = <R>(work: () => R): R => taking.run(true, work)

/** Of three bits for the codec, so many values have none: where a batch has one of these, it is damaged, or of a Kafka that we do not know. */
const UNKNOWN = [5, 6, 7] as const

const unknown: Codec = {
  compress: async () => { throw new Error('kafka: there is no such compression') },
  decompress: async () => { throw new Error('kafka: a batch is in a compression that is not known here: have it written in gzip, snappy, lz4 or zstd') },
}

function checked(name: string, codec: Codec): Codec {
  const { compress, decompress } = codec
  return {
    compress,
    async decompress(buffer) {
      if (taking.getStore() === undefined) return decompress(buffer)
      // kafkajs hands over the rest of the batch, as a part of the memory that the whole of it is in.
      const header = Buffer.from(buffer.buffer, buffer.byteOffset - HEADER, HEADER)
      const sum = crc32c(new Uint8Array(buffer.buffer, buffer.byteOffset - HEADER + BEFORE_CHECKED, HEADER - BEFORE_CHECKED + buffer.length))
      if (sum !== header.readUInt32BE(17)) return substitute(header, `its checksum is wrong (${name})`)
      if (codec === unknown) return decompress(buffer)
      try {
        return await decompress(buffer)
      } catch (error) {
        return substitute(header, `it cannot be decompressed (${name}: ${error instanceof Error ? error.message : String(error)})`)
      }
    },
  }
}

/** Registers gzip, snappy, lz4 and zstd with kafkajs, for this process; zstd is written only where Node has it. */
export function registerCodecs(): void {
  const codecs = CompressionCodecs as Record<number, () => Codec>
  for (const [type, [name, codec]] of Object.entries(CODECS)) codecs[Number(type)] = () => checked(name, codec)
  for (const type of UNKNOWN) codecs[type] = () => checked('an unknown compression', unknown)
}
