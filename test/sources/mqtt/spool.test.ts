import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect, vi } from 'vitest'
import { decodeMessage, encodeMessage } from '../../../src/sources/mqtt/message.js'
import { openSpool, type Spool } from '../../../src/sources/mqtt/spool.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-spool-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true, force: true })
})

let made = 0
const fresh = (): string => join(dir, `spool-${made++}`)
const never = new AbortController().signal
const segments = async (place: string): Promise<string[]> => (await readdir(place)).filter((name) => name.endsWith('.spool')).sort()

async function allFrom(spool: Spool, from = spool.start): Promise<{ readonly texts: readonly string[]; readonly offsets: readonly number[] }> {
  const [texts, offsets]: [string[], number[]] = [[], [from]]
  for (let records = await spool.read(from); records.length > 0; records = await spool.read(offsets.at(-1)!))
    for (const { offset, next, record } of records) {
      expect(offset).toBe(offsets.at(-1))
      texts.push(Buffer.from(record).toString('latin1'))
      offsets.push(next)
    }
  return { texts, offsets }
}

async function written(place: string, groups: readonly (readonly string[])[], segmentBytes = 100): Promise<Spool> {
  const spool = await openSpool(place, { segmentBytes })
  for (const group of groups) {
    for (const text of group) spool.append(Buffer.from(text, 'latin1'))
    await spool.sync()
  }
  return spool
}

const records = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 60 }).map((text) => Buffer.from(text).toString('latin1')), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })

describe('a spool', () => {
  test.prop([records], { numRuns: 40 })('has what was written, in its order, at the same offsets after it was opened again, and goes on behind it', async (groups) => {
    const place = fresh()
    const spool = await written(place, groups)
    const before = await allFrom(spool)
    expect(before.texts).toEqual(groups.flat())
    await spool.close()
    const again = await written(place, [['more']])
    const after = await allFrom(again)
    expect(after.texts).toEqual([...groups.flat(), 'more'])
    expect(after.offsets.slice(0, -1)).toEqual(before.offsets)
    expect(again.id).toBe(spool.id)
    for (const [i, offset] of before.offsets.entries()) expect((await allFrom(again, offset)).texts).toEqual([...groups.flat(), 'more'].slice(i))
    await again.close()
  })

  test.prop([records, fc.double({ min: 0, max: 1, noNaN: true })], { numRuns: 40 })('cut anywhere in its last segment, it has all records before the cut, says what is cut off, and goes on', async (groups, where) => {
    vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
    const place = fresh()
    const { offsets, texts } = await (async () => {
      const spool = await written(place, groups)
      const all = await allFrom(spool)
      await spool.close()
      return all
    })()
    const last = (await segments(place)).at(-1)!
    const path = join(place, last)
    const base = Number.parseInt(last)
    const header = (await readFile(path)).length - (offsets.at(-1)! - base)
    const cut = base + Math.floor(where * (offsets.at(-1)! - base))
    await truncate(path, header + cut - base)
    const whole = offsets.findLastIndex((offset) => offset <= cut)
    const again = await written(place, [['more']])
    expect((await allFrom(again)).texts).toEqual([...texts.slice(0, whole), 'more'])
    await again.close()
    expect(vi.mocked(process.emitWarning).mock.calls.length).toBe(offsets[whole] === cut ? 0 : 1)
    vi.restoreAllMocks()
  })

  test.prop([records, fc.nat(1000)], { numRuns: 40 })('trimmed, it keeps all that lies behind, and no segment more than it must', async (groups, at) => {
    const place = fresh()
    const spool = await written(place, groups)
    const { texts, offsets } = await allFrom(spool)
    const offset = offsets[at % offsets.length]!
    await spool.trim(offset)
    expect(spool.start).toBeLessThanOrEqual(offset)
    expect((await allFrom(spool, offset)).texts).toEqual(texts.slice(at % offsets.length))
    const bases = (await segments(place)).map((name) => Number.parseInt(name))
    expect(bases.filter((base) => base <= offset)).toHaveLength(1)
    await spool.close()
    const again = await openSpool(place)
    expect((await allFrom(again, offset)).texts).toEqual(texts.slice(at % offsets.length))
    await again.close()
  })

  test('hands over nothing that is not on the disk', async () => {
    const spool = await openSpool(fresh())
    spool.append(Buffer.from('one'))
    expect(await spool.read(0)).toEqual([])
    let told = false
    const waiting = spool.beyond(0, never).then(() => { told = true })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toBe(false)
    await spool.sync()
    await waiting
    expect((await allFrom(spool)).texts).toEqual(['one'])
    await spool.close()
  })

  test('has records that are larger than what is read at once', async () => {
    const large = 'x'.repeat(3_000_000)
    const spool = await written(fresh(), [['small', large, 'small']])
    const { texts } = await allFrom(spool)
    expect(texts.map(({ length }) => length)).toEqual([5, 3_000_000, 5])
    await spool.close()
  })

  test('killed while a segment was made, goes on', async () => {
    const place = fresh()
    await (await written(place, [['one']])).close()
    await writeFile(join(place, '0000000000000011.spool'), 'motorwatch sp')
    const spool = await written(place, [['two']])
    expect((await allFrom(spool)).texts).toEqual(['one', 'two'])
    await spool.close()
  })

  test('is refused to a second run, and free again when it is closed', async () => {
    const place = fresh()
    const spool = await openSpool(place)
    await expect(openSpool(place)).rejects.toThrow(`${place} is in use by another run of this process`)
    await spool.close()
    await (await openSpool(place)).close()
  })

  test('a segment that is missing, one of another spool, and a damaged record are said', async () => {
    const place = fresh()
    await (await written(place, [['one'], ['two'], ['three']], 1)).close()
    const [first, second] = await segments(place)
    const other = fresh()
    await (await written(other, [['xyz']])).close()
    const kept = join(dir, 'kept')
    await copyFile(join(place, second!), kept)
    await rm(join(place, second!))
    await expect(openSpool(place)).rejects.toThrow(/ends at 11, and the next segment begins at 22: one is missing or was cut/)
    await copyFile(kept, join(place, second!))
    await copyFile(join(other, first!), join(place, first!))
    await expect(openSpool(place)).rejects.toThrow(/is of another spool than/)
    await writeFile(join(place, first!), 'x'.repeat(100))
    await expect(openSpool(place)).rejects.toThrow(/is no segment of a spool/)
    await rm(join(place, first!))
    const bytes = await readFile(kept)
    bytes[bytes.length - 1]! ^= 1
    await writeFile(join(place, second!), bytes)
    const spool = await openSpool(place)
    await expect(spool.read(spool.start)).rejects.toThrow(/no whole record at offset 11 of .*: the file is damaged/)
    await spool.close()
  })

  test('a disk that cannot be written is said, and nothing goes on behind it', async () => {
    const place = fresh()
    const spool = await written(place, [['one']], 1)
    await mkdir(join(place, '0000000000000011.spool'))
    spool.append(Buffer.from('two'))
    await expect(spool.sync()).rejects.toThrow(/spool: cannot write in .*EEXIST/)
    spool.append(Buffer.from('three'))
    await expect(spool.sync()).rejects.toThrow(/spool: cannot write/)
    expect((await allFrom(spool)).texts).toEqual(['one'])
    await spool.close().catch(() => undefined)
  })
})

test.prop([fc.record({ arrived: fc.double(), retained: fc.boolean(), topic: fc.string({ unit: 'grapheme', maxLength: 100 }), payload: fc.uint8Array({ maxLength: 200 }) })])('a message is the same after the way through a record', (message) => {
  const { payload, ...rest } = decodeMessage(encodeMessage(message))
  expect({ ...rest, payload: Uint8Array.from(payload) }).toEqual(message)
})
