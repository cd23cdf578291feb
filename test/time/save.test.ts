import { fc, test } from '@fast-check/vitest'
import { Serializer } from 'node:v8'
import { crc32 } from 'node:zlib'
import { describe, expect } from 'vitest'
import { decodeSave, encodeSave } from '../../src/time/index.js'

const typedArrays = fc.oneof(
  fc.uint8Array(), fc.int16Array(), fc.float32Array(), fc.float64Array(), fc.bigInt64Array(), fc.array(fc.double()).map((values) => new Float64Array([0, ...values]).subarray(1)),
)
const plainData = fc.anything({ withMap: true, withSet: true, withDate: true, withTypedArray: true, withBigInt: true, withSparseArray: true, withUnicodeString: true } as fc.ObjectConstraints)

/** Another form of the same data: what a save must survive is exactly what structuredClone does. */
const copied = (value: unknown): unknown => structuredClone(value)

const sample = encodeSave({ now: 1, operators: new Map([['a', { version: 1, data: ['é€😀', NaN, -0, new Float64Array([Infinity])] }]]) })

const headerLength = 28

describe('a save', () => {
  test.prop([plainData])('brings plain data back', (value) => {
    expect(decodeSave(encodeSave(value))).toStrictEqual(copied(value))
  })

  test.prop([typedArrays])('brings typed arrays back, without what lies around them', (values) => {
    expect(decodeSave(encodeSave({ x: values }))).toStrictEqual({ x: values })
  })

  test('brings back what JSON loses', () => {
    const date = new Date(0)
    const shared = { n: 1 }
    const value = { infinity: [Infinity, -Infinity], nan: NaN, zero: -0, map: new Map<unknown, unknown>([[NaN, new Set([undefined])]]), date, big: 1n, shared, again: shared, ['__proto__x']: 1 }
    const back = decodeSave(encodeSave(value)) as typeof value
    expect(back).toStrictEqual(value)
    expect(Object.is(back.zero, -0)).toBe(true)
    expect(back.again).toBe(back.shared)
  })

  test('refuses what is no data', () => {
    for (const value of [() => 1, Symbol('s'), { f: () => 1 }, new Map([[1, Symbol('s')]]), new WeakMap()])
      expect(() => encodeSave(value)).toThrow(/^state cannot be saved: .*must be plain data$/)
  })

  test('can lie anywhere in a larger buffer', () => {
    for (let offset = 0; offset < 9; offset++) {
      const larger = new Uint8Array(offset + sample.length + 5)
      larger.set(sample, offset)
      expect(decodeSave(larger.subarray(offset, offset + sample.length))).toStrictEqual(decodeSave(sample))
    }
  })

  test('is refused wherever it is cut', () => {
    for (let length = 0; length < sample.length; length++)
      expect(() => decodeSave(sample.subarray(0, length)), `${length} bytes`).toThrow(/^the save is (empty|truncated).*use an older one$/)
  })

  test('is refused when it has more than it should', () => {
    expect(() => decodeSave(Buffer.concat([sample, Buffer.from([0])]))).toThrow(/^the save is damaged/)
  })

  test('is refused for any flipped bit', () => {
    for (let at = 0; at < sample.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Uint8Array.from(sample)
        damaged[at]! ^= 1 << bit
        expect(() => decodeSave(damaged), `bit ${bit} of byte ${at}`).toThrow(/^(not a save of motorwatch|the save (is truncated|is damaged|has format))/)
      }
  })

  test.prop([fc.array(fc.tuple(fc.nat(sample.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 20 })])('is refused, or equal, after any damage', (changes) => {
    const damaged = Uint8Array.from(sample)
    for (const [at, value] of changes) damaged[at] = value
    if (Buffer.compare(damaged, sample) === 0) expect(decodeSave(damaged)).toStrictEqual(decodeSave(sample))
    else expect(() => decodeSave(damaged)).toThrow(/save/)
  })

  test.prop([fc.uint8Array({ minLength: 1 }).filter((bytes) => bytes[0] !== sample[0])])('is refused where it is none', (bytes) => {
    expect(() => decodeSave(bytes)).toThrow('not a save of motorwatch: it does not begin with its mark')
  })

  test('of a newer format says so, though its body cannot be read', () => {
    const newer = Buffer.from(sample)
    newer.writeUInt32LE(2, headerLength - 12)
    newer.fill(0xff, headerLength)
    expect(() => decodeSave(newer)).toThrow('the save has format 2, this version reads up to 1: it was written by a newer motorwatch; use that')
  })

  test('of a newer Node says so', () => {
    const serializer = new Serializer()
    serializer.writeHeader()
    serializer.writeValue(1)
    const body = serializer.releaseBuffer()
    body[1] = 99 // the version of V8's format
    const header = Buffer.from(sample.subarray(0, headerLength))
    header.writeUInt32LE(body.length, headerLength - 8)
    header.writeUInt32LE(crc32(body), headerLength - 4)
    expect(() => decodeSave(Buffer.concat([header, body]))).toThrow(/^the save cannot be read by Node .*newer Node\?$/)
  })
})
