import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, expect } from 'vitest'
import { encodeItem } from '../../src/model/codecs.js'
import type { Item, Sink } from '../../src/model/index.js'
import { jsonlSink, type JsonlSinkOptions } from '../../src/sinks/jsonl.js'

let root: string
beforeAll(async () => { root = await mkdtemp(join(tmpdir(), 'motorwatch-jsonl-sink-')) })
afterAll(() => rm(root, { recursive: true, force: true }))

let count = 0
const place = (): string => join(root, `run-${count++}`, 'deep')
const sinkIn = (dir: string, options: Omit<JsonlSinkOptions, 'path'> = {}): Sink => jsonlSink({ path: join(dir, 'out.jsonl'), ...options })
const item = (text: string, kind = 'own'): Item => ({ kind, text } as Item)
const filesIn = async (dir: string): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all((await readdir(dir)).sort().map(async name => [name, await readFile(join(dir, name), 'utf8')] as const)))

/** What the files must be, said in another way: each line goes where it still fits, or begins the next file. */
const expected = (items: readonly Item[], maxBytes: number): Record<string, string> => {
  const files = ['']
  for (const one of items) {
    const line = `${encodeItem(one)}\n`
    const last = files.at(-1) as string
    if (last !== '' && Buffer.byteLength(last + line) > maxBytes) files.push(line)
    else files[files.length - 1] = last + line
  }
  return Object.fromEntries(files.map((text, i) => [i === 0 ? 'out.jsonl' : `out.${i}.jsonl`, text]))
}

test('appends a line an item, of the kinds that are asked for', async () => {
  const dir = place()
  const sink = sinkIn(dir, { kinds: ['rejected'] })
  await sink.open()
  await sink.write([item('a'), item('b', 'rejected')])
  await sink.write([item('c', 'rejected'), item('d')])
  await sink.close(true)
  expect(await filesIn(dir)).toEqual({ 'out.jsonl': '{"kind":"rejected","text":"b"}\n{"kind":"rejected","text":"c"}\n' })
})

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ write: fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 6 }) }) },
  fc.constant('save' as const),
  fc.constantFrom('crash' as const, 'stop' as const),
)

test.prop([fc.array(step, { maxLength: 25 }), fc.constantFrom(Infinity, 1, 100, 300)], { numRuns: 80 })(
  'any writes, saves, crashes and restores leave the files of an undisturbed run, byte by byte', async (steps, maxBytes) => {
    const dir = place()
    const options = { maxBytes }
    let sink = sinkIn(dir, options)
    await sink.open()
    const crashed: Sink[] = []
    let kept: Item[] = []
    let written: Item[] = []
    let saved = structuredClone(await sink.save())
    for (const step of steps) {
      if (step === 'save') {
        saved = structuredClone(await sink.save())
        kept = [...written]
      } else if (step === 'crash' || step === 'stop') {
        if (step === 'stop') await sink.close(false)
        else crashed.push(sink)
        sink = sinkIn(dir, options)
        await sink.open(saved)
        written = [...kept]
        expect(await filesIn(dir)).toEqual(expected(written, maxBytes))
      } else {
        const items = step.write.map(text => item(text))
        await sink.write(items)
        written.push(...items)
        expect(await filesIn(dir)).toEqual(expected(written, maxBytes))
      }
    }
    await sink.close(true)
    expect(await filesIn(dir)).toEqual(expected(written, maxBytes))
    await rm(dir, { recursive: true })
    await Promise.allSettled(crashed.map(sink => sink.close(false)))
  })

test('a fresh start refuses files of an earlier run, and names the way out', async () => {
  const dir = place()
  const first = sinkIn(dir)
  await first.open()
  await first.close(true)
  const second = sinkIn(dir)
  await second.open()
  await second.write([item('a')])
  await second.close(true)
  const third = sinkIn(dir)
  await expect(third.open()).rejects.toThrow(/out\.jsonl' holds 26 bytes of an earlier run, and there is no checkpoint to go on from; move or remove it, or name another path/)
  await third.close(false)
  expect(await filesIn(dir)).toEqual({ 'out.jsonl': '{"kind":"own","text":"a"}\n' })
  await rm(join(dir, 'out.jsonl'))
  await writeFile(join(dir, 'out.3.jsonl'), 'x')
  await expect(sinkIn(dir).open()).rejects.toThrow(/out\.3\.jsonl' holds 1 bytes/)
  expect(await filesIn(dir)).toEqual({ 'out.3.jsonl': 'x' })
})

test('files that only look alike are left alone', async () => {
  const dir = place()
  await mkdir(dir, { recursive: true })
  const others = { 'out.x.jsonl': 'x', 'out.01.jsonl': 'x', 'out.1.json': 'x', 'outer.jsonl': 'x', 'out.1.jsonl.gz': 'x' }
  for (const [name, text] of Object.entries(others)) await writeFile(join(dir, name), text)
  const sink = sinkIn(dir)
  await sink.open()
  const saved = await sink.save()
  await sink.close(false)
  const again = sinkIn(dir)
  await again.open(saved)
  await again.close(false)
  expect(await filesIn(dir)).toEqual({ ...others, 'out.jsonl': '' })
})

test('refuses to go on in a file that is missing or shorter than it was, and a state of another sink', async () => {
  const dir = place()
  const sink = sinkIn(dir)
  await sink.open()
  await sink.write([item('a')])
  const saved = await sink.save()
  await sink.close(false)
  await writeFile(join(dir, 'out.jsonl'), 'short')
  await expect(sinkIn(dir).open(saved)).rejects.toThrow(/cannot resume '.*out\.jsonl': it has 5 bytes, and the checkpoint was taken at 26; bring back/)
  await rm(join(dir, 'out.jsonl'))
  await expect(sinkIn(dir).open(saved)).rejects.toThrow(/cannot resume '.*out\.jsonl': ENOENT/)
  await expect(sinkIn(dir).open({ length: 3 })).rejects.toThrow(/saved state is \{"length":3\}; expected \{ file, bytes \}/)
  expect(() => jsonlSink({ path: 'x', maxBytes: 0 })).toThrow(/maxBytes is 0; expected/)
})

test.skipIf(process.getuid?.() === 0)('SKIPPED AS ROOT: a folder without write permission is an error that says so', async () => {
  const dir = place()
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o500)
  await expect(sinkIn(dir).open()).rejects.toThrow(/cannot open '.*out\.jsonl': EACCES.*give the process the right/)
})

test('a path through a file is an error that says so', async () => {
  const dir = place()
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'file'), '')
  await expect(jsonlSink({ path: join(dir, 'file', 'out.jsonl') }).open()).rejects.toThrow(/jsonl sink: cannot make the folder of '.*': (ENOTDIR|EEXIST)/)
})

test('a full disk rejects, says where, and leaves nothing half written', { skip: process.platform === 'win32' }, async () => {
  const dir = place()
  await mkdir(dir, { recursive: true })
  // A limit on file size (ulimit -f, in blocks of 512 or 1,024 bytes) fails a write in the middle, as a full disk does.
  const module = fileURLToPath(new URL('../../src/sinks/jsonl.ts', import.meta.url))
  const script = `
    import { jsonlSink } from ${JSON.stringify(module)}
    process.on('SIGXFSZ', () => {})
    const sink = jsonlSink({ path: ${JSON.stringify(join(dir, 'out.jsonl'))} })
    await sink.open()
    await sink.write([{ kind: 'own', text: 'first' }])
    const saved = await sink.save()
    const message = await sink.write([{ kind: 'own', text: 'x'.repeat(100_000) }]).then(() => 'written', error => error.message)
    await sink.write([{ kind: 'own', text: 'second' }])
    await sink.close(true)
    console.log(JSON.stringify(message))`
  const child = spawn('sh', ['-c', 'ulimit -f 20; exec "$0" "$@"', process.execPath, '--import', 'tsx', '--input-type=module', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TSX_DISABLE_CACHE: '1' } })
  let out = ''
  child.stdout.on('data', data => { out += String(data) })
  await once(child, 'close')
  expect(JSON.parse(out)).toMatch(/jsonl sink: cannot write '.*out\.jsonl': EFBIG/)
  expect(await filesIn(dir)).toEqual({ 'out.jsonl': '{"kind":"own","text":"first"}\n{"kind":"own","text":"second"}\n' })
})

test('after kill -9 in the middle of writing, it goes on from the saved moment', async () => {
  const dir = place()
  const options = { maxBytes: 20_000 }
  const all = Array.from({ length: 3_000 }, (_, i) => item(`line ${i}`))
  const module = fileURLToPath(new URL('../../src/sinks/jsonl.ts', import.meta.url))
  const script = `
    import { jsonlSink } from ${JSON.stringify(module)}
    const sink = jsonlSink({ path: ${JSON.stringify(join(dir, 'out.jsonl'))}, maxBytes: 20_000 })
    await sink.open()
    for (let i = 0; ; i += 10) {
      if (i % 100 === 0) console.log(JSON.stringify({ i, saved: await sink.save() }))
      await sink.write(Array.from({ length: 10 }, (_, j) => ({ kind: 'own', text: 'line ' + (i + j) })))
    }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  const closed = once(child, 'close')
  child.stdout.on('data', data => {
    out += String(data)
    if (out.split('\n').length > 15) child.kill('SIGKILL')
  })
  await closed
  const { i, saved } = JSON.parse(out.split('\n').at(-2) as string) as { readonly i: number, readonly saved: unknown }
  expect(i).toBeGreaterThan(1_000)
  const sink = sinkIn(dir, options)
  await sink.open(saved)
  await sink.write(all.slice(i))
  await sink.close(true)
  expect(await filesIn(dir)).toEqual(expected([...Array.from({ length: i }, (_, j) => item(`line ${j}`)), ...all.slice(i)], 20_000))
})
