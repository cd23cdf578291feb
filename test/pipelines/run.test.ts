import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test as propertyTest } from '@fast-check/vitest'
import { filter, from } from 'rxjs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Input, Item, Reading, Sink, Source } from 'motorwatch/model'
import { alarms, inOrder } from 'motorwatch/operators'
import { checkpointDirectory, monitor, run } from 'motorwatch/pipelines'
import type { Checkpoint } from 'motorwatch/pipelines'
import { reference } from 'motorwatch/rules'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { memorySink } from 'motorwatch/sinks/memory'
import { Timeline } from 'motorwatch/time'
import { pipe } from 'rxjs'

const T = Date.UTC(2026, 0, 5)

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-run-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

const readings: readonly Reading[] = Array.from({ length: 600 }, (_, i) => ({
  kind: 'reading',
  time: T + Math.floor(i / 6) * 1000 + (i % 7 === 0 ? -3000 : 0),
  machine: 'ab'[i % 2]!,
  sensor: ['temperature_coil', 'vibration_rotor', 'current'][i % 3]!,
  value: (i * 7919) % 140,
  quality: 'good',
}))

/** Batches of 10; `stop` is told how many were accepted. */
function listSource(items: readonly Input[], stop: (accepted: number) => boolean = () => false): Source {
  return {
    name: 'list',
    async read(accept, { from, signal }) {
      let accepted = 0
      for (let at = (from as number | undefined) ?? 0; at < items.length; at += 10) {
        if (signal.aborted || stop(accepted)) return false
        await accept({ items: items.slice(at, at + 10), position: Math.min(at + 10, items.length), progress: at / items.length })
        accepted++
      }
      return true
    },
  }
}

const never = new AbortController().signal

describe('run', () => {
  test('writes what the pipeline makes into all sinks, and completes them when the data end', async () => {
    const sink = memorySink()
    const closed: boolean[] = []
    const watching: Sink = { ...memorySink(), name: 'watching', close: async (completed) => void closed.push(completed) }
    const result = await run({ source: listSource(readings), pipeline: monitor(reference), sinks: [sink, watching], signal: never })
    expect(result).toEqual({ ended: true, resumed: false })
    expect(closed).toEqual([true])
    const direct: Item[] = []
    from(readings).pipe(monitor(reference)(new Timeline())).subscribe((item) => direct.push(item))
    expect(new Set(direct.map(({ kind }) => kind))).toEqual(new Set(['reading', 'snapshot', 'anomaly', 'alarm', 'summary']))
    expect(sink.items).toEqual(direct)
  })

  propertyTest.prop([fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 })], { numRuns: 15 })(
    'stopped anywhere and started again as often as you like, it writes what it writes undisturbed',
    async (stops) => {
      const write = async (name: string, stopAfter: readonly number[]): Promise<string> => {
        const path = join(dir, name, 'out.jsonl')
        for (const stop of [...stopAfter, Infinity])
          await run({
            source: listSource(readings, (accepted) => accepted >= stop),
            pipeline: monitor(reference),
            sinks: [jsonlSink({ path })],
            checkpoints: { store: join(dir, name, 'checkpoints') },
            signal: never,
          })
        return readFile(path, 'utf8')
      }
      const run1 = `disturbed-${Math.random()}`
      expect(await write(run1, stops)).toBe(await write(`undisturbed-${run1}`, []))
    },
  )

  test('a crash between two checkpoints takes nothing away and adds nothing', async () => {
    const options = (source: Source, name: string) => ({
      source,
      pipeline: monitor(reference),
      sinks: [jsonlSink({ path: join(dir, name, 'out.jsonl') })],
      checkpoints: { store: join(dir, name, 'checkpoints'), every: 0 } as const,
      signal: never,
    })
    await run(options(listSource(readings), 'whole'))
    const failing = listSource(readings, (accepted) => {
      if (accepted === 17) throw new Error('power cut')
      return false
    })
    for (let i = 0; i < 3; i++) await expect(run(options(failing, 'cut'))).rejects.toThrow('power cut')
    await run(options(listSource(readings), 'cut'))
    expect(await readFile(join(dir, 'cut', 'out.jsonl'), 'utf8')).toBe(await readFile(join(dir, 'whole', 'out.jsonl'), 'utf8'))
  })

  test('a run that has ended finds nothing left to do', async () => {
    const options = () => ({ source: listSource(readings), pipeline: monitor(reference), sinks: [jsonlSink({ path: join(dir, 'out.jsonl') })], checkpoints: { store: join(dir, 'c') }, signal: never })
    await run(options())
    const before = await readFile(join(dir, 'out.jsonl'), 'utf8')
    expect(await run(options())).toEqual({ ended: true, resumed: true })
    expect(await readFile(join(dir, 'out.jsonl'), 'utf8')).toBe(before)
  })

  test('the next batch is read when the sinks have taken the last one', async () => {
    const events: string[] = []
    const slow: Sink = {
      name: 'slow',
      open: async () => undefined,
      write: async () => {
        events.push('write')
        await new Promise((resolve) => setTimeout(resolve, 2))
        events.push('written')
      },
      save: async () => undefined,
      close: async () => undefined,
    }
    const source: Source = {
      name: 'watched',
      async read(accept) {
        for (let i = 0; i < 5; i++) {
          events.push('batch')
          await accept({ items: [{ kind: 'tick', time: T + i * 10_000 }], position: i })
        }
        return true
      },
    }
    await run({ source, pipeline: (time) => inOrder({ lateness: 0 }, time), sinks: [slow], signal: never })
    expect(events).toEqual(['batch', 'batch', 'write', 'written', 'batch', 'write', 'written', 'batch', 'write', 'written', 'batch', 'write', 'written', 'write', 'written'])
  })

  test('an error of a sink, of the source and of the pipeline ends it, and says where', async () => {
    const broken: Sink = { ...memorySink(), name: 'lake', write: async () => Promise.reject(new Error('disk full')) }
    await expect(run({ source: listSource(readings), pipeline: monitor(reference), sinks: [broken], signal: never })).rejects.toThrow("sink 'lake': disk full")
    const throwing = pipe(inOrder<Input>({ lateness: 0 }, new Timeline()), filter<Item>(() => { throw new Error('a bug') }))
    await expect(run({ source: listSource(readings), pipeline: () => throwing, sinks: [memorySink<Item>()], signal: never })).rejects.toThrow('a bug')
  })

  test('refuses a checkpoint of something else, with what to do', async () => {
    const store = join(dir, 'c')
    const options = (more: object) => ({ source: listSource(readings, (accepted) => accepted > 2), pipeline: monitor(reference), sinks: [jsonlSink({ path: join(dir, 'out.jsonl') })], signal: never, checkpoints: { store, pipeline: 'rules A' }, ...more })
    await run(options({}))
    await expect(run(options({ checkpoints: { store, pipeline: 'rules B' } }))).rejects.toThrow(/taken with other rules or settings: go on with that, or start afresh in another directory/)
    await expect(run(options({ source: { ...listSource(readings), name: 'other' } }))).rejects.toThrow(/taken of 'list', this run reads 'other'/)
    await expect(run(options({ sinks: [memorySink()] }))).rejects.toThrow(/with the sinks jsonl:.*, this run has memory/)
  })

  test('stops in order on SIGTERM, and leaves no handler behind', async () => {
    const before = process.listenerCount('SIGTERM')
    const endless: Source = {
      name: 'endless',
      async read(accept, { signal }) {
        for (let i = 0; !signal.aborted; i++) {
          await accept({ items: [{ kind: 'tick', time: T + i }], position: i })
          await new Promise((resolve) => setImmediate(resolve))
        }
        return false
      },
    }
    setTimeout(() => process.emit('SIGTERM'), 20)
    expect(await run({ source: endless, pipeline: (time) => inOrder({ lateness: 0 }, time), sinks: [memorySink()] })).toEqual({ ended: false, resumed: false })
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  test('refuses RxJS operators with a timer where there are checkpoints', async () => {
    const { debounceTime } = await import('rxjs')
    await expect(
      run({ source: listSource(readings), pipeline: (time) => pipe(inOrder({ lateness: 0 }, time), debounceTime(60_000, time)), sinks: [jsonlSink({ path: join(dir, 'o.jsonl') })], checkpoints: { store: join(dir, 'c'), every: 0 }, signal: never }),
    ).rejects.toThrow(/RxJS's own operators/)
  })
})

describe('a checkpoint directory', () => {
  const checkpoint = (n: number): Checkpoint => ({ source: 's', position: n, timeline: new Uint8Array([1, 2, n]), sinks: new Map([['x', { at: NaN }]]), pipeline: 'p', ended: false })

  test('gives back the newest, and keeps three', async () => {
    const store = checkpointDirectory(dir)
    expect(await store.load()).toBeUndefined()
    for (let n = 0; n < 5; n++) await store.save(checkpoint(n))
    await store.release()
    expect((await readdir(dir)).sort()).toEqual(['checkpoint-000000000003.save', 'checkpoint-000000000004.save', 'checkpoint-000000000005.save'])
    const again = checkpointDirectory(dir)
    expect(await again.load()).toEqual(checkpoint(4))
    await again.save(checkpoint(9))
    await again.release()
    expect(await checkpointDirectory(dir).load()).toEqual(checkpoint(9))
  })

  test('passes over a damaged one and a half-written one, with a warning', async () => {
    const store = checkpointDirectory(dir)
    await store.load()
    await store.save(checkpoint(1))
    await store.save(checkpoint(2))
    await store.release()
    await truncate(join(dir, 'checkpoint-000000000002.save'), 40)
    await writeFile(join(dir, 'checkpoint-000000000003.save.tmp'), 'half')
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const again = checkpointDirectory(dir)
    expect(await again.load()).toEqual(checkpoint(1))
    expect(String(await warned)).toMatch(/checkpoint-000000000002\.save is passed over: the save is truncated/)
    await again.release()
  })

  test('refuses a second process, and takes over from a dead one', async () => {
    await writeFile(join(dir, 'lock'), String(process.ppid))
    await expect(checkpointDirectory(dir).load()).rejects.toThrow(`in use by process ${process.ppid}`)
    const { spawnSync } = await import('node:child_process')
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    await writeFile(join(dir, 'lock'), String(dead))
    expect(await checkpointDirectory(dir).load()).toBeUndefined()
  })
})

test('alarms in a pipeline of its own', async () => {
  const sink = memorySink<Item>()
  await run({ source: listSource(readings), pipeline: (time) => pipe(inOrder<Input>({ lateness: '5s' }, time), alarms(reference, {}, time)), sinks: [sink], signal: never })
  expect(new Set(sink.items.map(({ kind }) => kind))).toEqual(new Set(['alarm']))
})
