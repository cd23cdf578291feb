import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Batch, Item, Source } from '../../src/model/index.js'
import { lineSplitter } from '../../src/sources/jsonl/line-splitter.js'
import { pacer } from '../../src/sources/jsonl/pacer.js'
import { jsonlSource } from '../../src/sources/jsonl.js'

interface Text extends Item {
  readonly kind: 'text'
  readonly text: string
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

let dir: string
beforeAll(async () => { dir = await mkdtemp(join(tmpdir(), 'motorwatch-jsonl-')) })
afterAll(() => rm(dir, { recursive: true, force: true }))

let files = 0
const fresh = async (content: string | Uint8Array, suffix = '.jsonl'): Promise<string> => {
  const path = join(dir, `file-${files++}${suffix}`)
  await writeFile(path, content)
  return path
}

const folder = async (contents: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
  const path = join(dir, `folder-${files++}`)
  await mkdir(path)
  for (const [name, content] of Object.entries(contents)) await writeFile(join(path, name), content)
  return path
}

const asText = (line: Uint8Array): E.Either<never, Text> => E.right({ kind: 'text', text: Buffer.from(line).toString() })
const texts = (input: string | readonly string[]): Source<Text | Item> => jsonlSource<Text>({ input, decode: asText })

const readAll = async <T extends Item>(source: Source<T>, from?: unknown): Promise<Batch<T>[]> => {
  const batches: Batch<T>[] = []
  const options = from === undefined ? {} : { from: JSON.parse(JSON.stringify(from)) as unknown }
  expect(await source.read(async batch => { batches.push(batch) }, { ...options, signal: new AbortController().signal })).toBe(true)
  return batches
}
const itemsOf = <T extends Item>(batches: readonly Batch<T>[]): T[] => batches.flatMap(({ items }) => items)
const textsOf = (batches: readonly Batch<Item>[]): string[] => itemsOf(batches).map(item => (item as Text).text)
const never = new AbortController().signal
const reading = (time: number, value = 1): string =>
  JSON.stringify({ timestamp: new Date(time).toISOString(), machine_id: 'M1', sensor_type: 'current', value, unit: 'A' })
const T0 = Date.UTC(2025, 11, 18, 12)

describe('lineSplitter', () => {
  const content = fc.array(fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('', ' \t', '\r', 'a\r', 'ü€😀', '\ufeffx'), fc.constantFrom('y'.repeat(65_536), 'z'.repeat(65_537)),
  ), { maxLength: 6 }).chain(lines => fc.constantFrom('', '\n').map(end => Buffer.from(lines.join('\n') + end)))

  test.prop([content, fc.array(fc.nat({ max: 70_000 }), { maxLength: 5 })])('gives the same lines wherever the chunks are cut', (bytes, cuts) => {
    const at = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
    const splitter = lineSplitter(0, 1)
    const lines = at.slice(1).flatMap((to, i) => splitter.push(bytes.subarray(at[i], to))).concat(splitter.end())

    let offset = 0
    const raw = bytes.toString('latin1').split('\n')
    const expected = raw.flatMap((line, i) => {
      const begin = offset
      const end = offset += line.length + (i === raw.length - 1 ? 0 : 1)
      const tooLong = line.length > 65_536
      const trimmed = tooLong ? line.slice(0, 4_000) : line.replace(/\r$/, '')
      const text = begin === 0 ? trimmed.replace(/^\xef\xbb\xbf/, '') : trimmed
      return /^[ \t\r]*$/.test(text) ? [] : [{ text, tooLong, number: i + 1, end }]
    })
    expect(lines.map(({ bytes, ...line }) => ({ text: bytes.toString('latin1'), ...line }))).toEqual(expected)
  })

  test('holds no more than about 64 kB of a line without an end', async () => {
    const splitter = lineSplitter(0, 1)
    const chunk = Buffer.alloc(65_536, 'a')
    const samples: WeakRef<ArrayBufferLike>[] = []
    for (let i = 0; i < 2_000; i++) {
      const copy = Buffer.from(chunk)
      splitter.push(copy)
      if (i % 100 === 50) samples.push(new WeakRef(copy.buffer))
    }
    await new Promise(resolve => setImmediate(resolve))
    collectGarbage()
    expect(samples.filter(buffer => buffer.deref() !== undefined)).toEqual([])
    const [line] = splitter.push(Buffer.from('\n'))
    expect(line).toMatchObject({ tooLong: true, number: 1, end: 2_000 * 65_536 + 1 })
    expect(line?.bytes.length).toBe(4_000)
    expect(line?.bytes.buffer.byteLength).toBeLessThanOrEqual(65_536)
  })
})

describe('pacer', () => {
  test('a reading is due at start + (t - t0) / speed, a late one at once', () => {
    const due = pacer(10)
    expect(due(5_000, 100)).toBe(100)
    expect(due(6_000, 101)).toBe(200)
    expect(due(5_500, 200)).toBe(200)
    expect(due(NaN, 201)).toBe(201)
    expect(due(7_000, 500)).toBe(500)
    expect(due(15_000, 500)).toBe(1_100)
  })

  test('one far-future stamp costs a minute and does not hold up or hurry the others', () => {
    const due = pacer(1)
    due(T0, 0)
    expect(due(T0 + 1e12, 10)).toBe(60_010)
    expect(due(T0 + 1_000, 60_010)).toBe(60_010)
    expect(due(T0 + 3_000, 60_010)).toBe(62_010)
  })

  test('a wrong first stamp does not make all others late', () => {
    const due = pacer(1)
    due(T0 + 1e12, 0)
    expect(due(T0, 5)).toBe(5)
    expect(due(T0 + 1_000, 5)).toBe(1_005)
  })

  test.prop([fc.array(fc.oneof(fc.double(), fc.integer({ min: T0, max: T0 + 1e6 })), { maxLength: 50 }), fc.double({ min: 0.001, max: 1e6, noNaN: true })])(
    'no wait is negative or longer than a minute', (times, speed) => {
      const due = pacer(speed)
      let now = 0
      for (const time of times) {
        const at = due(time, now)
        expect(at).toBeGreaterThanOrEqual(now)
        expect(at).toBeLessThanOrEqual(now + 60_000)
        now = at
      }
    })
})

describe('jsonlSource', () => {
  test('decodes readings, and rejects what is none with its place and text', async () => {
    const path = await fresh(`${reading(T0)}\nnot json\n\n{"a":1}\n${reading(T0 + 1_000, 2)}`)
    const items = itemsOf(await readAll(jsonlSource({ input: path })))
    expect(items[0]).toMatchObject({ kind: 'reading', time: T0, machine: 'M1', sensor: 'current', value: 1, quality: 'good' })
    expect(items[1]).toEqual({ kind: 'rejected', time: NaN, reason: 'undecodable', where: `${path}:2`, raw: 'not json', detail: expect.stringContaining('JSON') as string })
    expect(items[2]).toMatchObject({ kind: 'rejected', where: `${path}:4`, raw: '{"a":1}' })
    expect(items[3]).toMatchObject({ kind: 'reading', value: 2 })
    expect(items).toHaveLength(4)
  })

  test('a line of more than 64 kB is rejected with its beginning, and the next one is read', async () => {
    const path = await fresh(`${'é'.repeat(100_000)}\n${reading(T0)}\n`)
    const items = itemsOf(await readAll(jsonlSource({ input: path })))
    expect(items).toHaveLength(2)
    expect(items[0]).toMatchObject({ kind: 'rejected', reason: 'undecodable', where: `${path}:1`, raw: 'é'.repeat(1_000), detail: expect.stringContaining('65,536') as string })
    expect(items[1]).toMatchObject({ kind: 'reading' })
  })

  test('CRLF, a byte order mark, blank lines, and a last line without its end', async () => {
    expect(textsOf(await readAll(texts(await fresh('\ufeffa\r\n\r\n  \nb\r\n\ufeffc'))))).toEqual(['a', 'b', '\ufeffc'])
    expect(await readAll(texts(await fresh('')))).toEqual([])
    expect(await readAll(texts(await fresh('\n\r\n\n')))).toEqual([])
  })

  const lines = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }).map(text => text.replaceAll('\n', ' ')), fc.constant('x'.repeat(30_000))), { maxLength: 12 })
    .chain(lines => fc.constantFrom('\n', '\r\n').chain(end => fc.boolean().map(last => lines.join(end) + (last ? end : ''))))

  test.prop([fc.array(fc.tuple(lines, fc.boolean()), { minLength: 1, maxLength: 4 })], { numRuns: 60 })(
    'resumed from each of its positions, it reads what the uninterrupted one read after it', async contents => {
      const input = await folder(Object.fromEntries(contents.map(([text, gzip], i) => gzip ? [`${i}.jsonl.gz`, gzipSync(text)] : [`${i}.jsonl`, text])))
      const batches = await readAll(texts(input))
      expect(textsOf(batches)).toEqual(contents.flatMap(([text]) =>
        text.replace(/^\ufeff/, '').split('\n').filter(line => !/^[ \t\r]*$/.test(line)).map(line => Buffer.from(line.replace(/\r$/, '')).toString())))
      for (const [i, { position }] of batches.entries()) {
        expect(textsOf(await readAll(texts(input), position))).toEqual(textsOf(batches.slice(i + 1)))
      }
      expect(batches.at(-1)?.progress ?? 1).toBeLessThanOrEqual(1)
    })

  test('line numbers go on after a resume, batches have at most 1,000 lines, and progress grows to 1', async () => {
    const path = await fresh(Array.from({ length: 5_000 }, (_, i) => `x${i}\n`).join(''))
    const source = jsonlSource({ input: path })
    const batches = await readAll(source)
    expect(batches.map(({ items }) => items.length)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000])
    const [first] = itemsOf(await readAll(source, batches[2]?.position))
    expect(first).toMatchObject({ where: `${path}:3001`, raw: 'x3000' })
    const progress = batches.map(batch => batch.progress ?? NaN)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })

  test('a folder: its files by name, also gzip, not hidden ones, others, or those of folders in it', async () => {
    const path = await folder({
      'b.ndjson': 'b\n', 'a.jsonl.gz': gzipSync('a\n'), 'a2.json': 'a2', 'a10.jsonl': 'a10', 'c.txt': 'no', '.hidden.jsonl': 'no', 'disguised.jsonl': gzipSync('d'),
    })
    await mkdir(join(path, 'sub.jsonl'))
    await writeFile(join(path, 'sub.jsonl', 'e.jsonl'), 'no')
    expect(textsOf(await readAll(texts(path)))).toEqual(['a', 'a10', 'a2', 'b', 'd'])
    expect(textsOf(await readAll(texts([join(path, 'b.ndjson'), join(path, 'a.jsonl.gz')])))).toEqual(['b', 'a'])
  })

  test('gzip of several members is one file', async () => {
    expect(textsOf(await readAll(texts(await fresh(Buffer.concat([gzipSync('a\nb'), gzipSync('c\nd')]), '.gz'))))).toEqual(['a', 'bc', 'd'])
  })

  test('what is not there, or not usable, is refused with what was looked for', async () => {
    const missing = join(dir, 'no-such-file.jsonl')
    await expect(readAll(texts(missing))).rejects.toThrow(/no file or folder '.*no-such-file\.jsonl'.*expected a file, a folder/)
    await expect(readAll(texts(await folder({ 'a.csv': 'x' })))).rejects.toThrow(/holds nothing to read: expected \*\.jsonl/)
    const path = await fresh('a')
    await expect(readAll(texts([path, path]))).rejects.toThrow(/given twice/)
    expect(() => texts([])).toThrow(/`input` is empty/)
    expect(() => jsonlSource({ input: 'x', speed: 0 })).toThrow(/speed is 0; expected 'max', or a number above 0/)
    expect(() => jsonlSource({ input: 'x', speed: NaN })).toThrow(/speed is NaN/)
  })

  test('broken gzip: what came before is handed over, then an error with file and byte; the mended file is read on', async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `${i} ${Math.sin(i)}`).join('\n')
    const whole = gzipSync(text)
    const path = await fresh(whole.subarray(0, whole.length - 1_000), '.jsonl.gz')
    const batches: Batch<Item>[] = []
    await expect(texts(path).read(async batch => { batches.push(batch); await new Promise(resolve => setTimeout(resolve, 2)) }, { signal: never }))
      .rejects.toThrow(/file-\d+\.jsonl\.gz' is not a whole gzip file: unexpected end of file near its byte \d+, after \d+ bytes of text/)
    const got = textsOf(batches)
    const inflatable = gunzipSync(whole.subarray(0, whole.length - 1_000), { finishFlush: constants.Z_SYNC_FLUSH }).toString()
    expect(got).toEqual(inflatable.split('\n').slice(0, -1))
    await writeFile(path, whole)
    expect([...got, ...textsOf(await readAll(texts(path), batches.at(-1)?.position))]).toEqual(text.split('\n'))
    await expect(readAll(texts(await fresh('{"not":"gzip"}\n', '.gz')))).rejects.toThrow(/not a whole gzip file: incorrect header check/)
  })

  test.each(['plain', 'gzip'])('a %s file that is missing, shorter or another one is not resumed in', async form => {
    const pack = (text: string) => form === 'gzip' ? gzipSync(text) : text
    const path = await fresh(pack('aaaa\nbbbb\n'), form === 'gzip' ? '.gz' : '.jsonl')
    const position = (await readAll(texts(path)))[0]?.position
    await writeFile(path, pack('aaaa\nbbbb\nc\n'))
    expect(textsOf(await readAll(texts(path), position))).toEqual(['c'])
    await writeFile(path, pack('aaaa\n'))
    await expect(readAll(texts(path), position)).rejects.toThrow(/cannot resume in '.*': it ends at byte 5, before the saved position, byte 10/)
    await writeFile(path, pack('aaaX\nbbbb\nc\n'))
    await expect(readAll(texts(path), position)).rejects.toThrow(/first 10 bytes are not those that were read before/)
    await writeFile(path, pack('aaaX\nbbbb\n'))
    await expect(readAll(texts(path), position)).rejects.toThrow(/first 10 bytes are not those/)
    await expect(readAll(texts(await fresh('x')), position)).rejects.toThrow(/cannot resume: the file '.*' of the saved position is not among the 1 of the input/)
    await expect(readAll(texts(path), { topic: 'x' })).rejects.toThrow(/saved position is \{"topic":"x"\}; expected/)
  })

  test('one batch is outstanding, also under a slow consumer; an error of the consumer is that of `read`', async () => {
    const path = await fresh(`${'x'.repeat(99)}\n`.repeat(20_000))
    let outstanding = 0
    let most = 0
    let count = 0
    await texts(path).read(async ({ items }) => {
      most = Math.max(most, ++outstanding)
      await new Promise(setImmediate)
      outstanding -= 1
      count += items.length
    }, { signal: never })
    expect([most, count]).toEqual([1, 20_000])
    const error = new Error('full')
    await expect(texts(path).read(async () => { throw error }, { signal: never })).rejects.toBe(error)
  })

  test.each([['.jsonl', false], ['.gz', true]] as const)('stopped, it hands over nothing more and resolves to false (%s)', async (suffix, gzip) => {
    const text = `${'x'.repeat(99)}\n`.repeat(20_000)
    const path = await fresh(gzip ? gzipSync(text) : text, suffix)
    const stop = new AbortController()
    let batches = 0
    expect(await texts(path).read(async () => { if (++batches === 2) stop.abort() }, { signal: stop.signal })).toBe(false)
    expect(batches).toBe(2)
    expect(await texts(path).read(async () => { batches += 1 }, { signal: AbortSignal.abort() })).toBe(false)
    expect(batches).toBe(2)
  })

  test('paced, no reading comes before it is due, and the order is kept', async () => {
    const offsets = [0, 1_000, 500, 2_000, 2_000, 4_000]
    const path = await fresh(offsets.map((offset, i) => reading(T0 + offset, i)).join('\n'))
    const begin = performance.now()
    const seen: { readonly value: number, readonly wall: number }[] = []
    await jsonlSource({ input: path, speed: 20 }).read(async ({ items }) => {
      for (const item of items) if (item.kind === 'reading') seen.push({ value: item.value, wall: performance.now() - begin })
    }, { signal: never })
    expect(seen.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5])
    for (const { value, wall } of seen) expect(wall).toBeGreaterThanOrEqual((offsets[value] ?? NaN) / 20)
  })

  test('a paced sleep ends when it is stopped', async () => {
    const path = await fresh(`${reading(T0)}\n${reading(T0 + 3_600_000)}\n`)
    const stop = new AbortController()
    const seen: number[] = []
    const done = await jsonlSource({ input: path, speed: 100 }).read(async ({ items }) => {
      seen.push(items.length)
      setTimeout(() => stop.abort(), 20)
    }, { signal: stop.signal })
    expect([done, seen]).toEqual([false, [1]])
  })

  const child = (from?: unknown) => {
    const source = fileURLToPath(new URL('../../src/sources/jsonl.ts', import.meta.url))
    const script = `
      import { jsonlSource } from ${JSON.stringify(source)}
      const stop = new AbortController()
      process.on('SIGTERM', () => stop.abort())
      const options = { signal: stop.signal${from === undefined ? '' : `, from: ${JSON.stringify(from)}`} }
      const done = await jsonlSource({ input: '-' }).read(async ({ items, position, progress }) => {
        for (const { raw, where } of items) console.log(JSON.stringify({ raw, where, position, progress }))
      }, options).catch(error => error.message)
      console.log(JSON.stringify(done))`
    const process = spawn(globalThis.process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    let out = ''
    process.stdout.on('data', data => { out += String(data) })
    const lines = new Promise<unknown[]>(resolve => process.on('close', () => resolve(out.trim().split('\n').map(line => JSON.parse(line) as unknown))))
    return { process, lines, seen: () => out }
  }

  test('standard input is read as it comes, and resumed by reading it again', async () => {
    const first = child()
    first.process.stdin.write('a\nb')
    while (!first.seen().includes('"a"')) await new Promise(resolve => setTimeout(resolve, 20))
    first.process.stdin.end('b\nc')
    const [a, b, c, end] = await first.lines as { readonly position: unknown }[]
    expect([a, b, c]).toMatchObject([{ raw: 'a', where: '-:1' }, { raw: 'bb', where: '-:2' }, { raw: 'c', where: '-:3' }])
    expect(a).not.toHaveProperty('progress')
    expect(end).toBe(true)

    const second = child(a?.position)
    second.process.stdin.end('a\nbb\nc')
    expect(await second.lines).toMatchObject([{ raw: 'bb', where: '-:2' }, { raw: 'c', where: '-:3' }, true])
    const third = child(a?.position)
    third.process.stdin.end('X\nbb\nc')
    expect(await third.lines).toEqual([expect.stringContaining('standard input: its first 2 bytes are not those')])
    const fourth = child(a?.position)
    fourth.process.stdin.end('a')
    expect(await fourth.lines).toEqual([expect.stringContaining('standard input: it ends at byte 1, before the saved position, byte 2')])
  })

  test('stopped while standard input is silent, it resolves and lets the process end', async () => {
    const { process, lines, seen } = child()
    process.stdin.write('a\n')
    while (!seen().includes('"a"')) await new Promise(resolve => setTimeout(resolve, 20))
    process.kill('SIGTERM')
    expect(await lines).toMatchObject([{ raw: 'a' }, false])
    process.stdin.destroy()
  })
})
