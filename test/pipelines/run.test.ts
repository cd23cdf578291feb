import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test as propertyTest } from '@fast-check/vitest'
import { EMPTY, filter, finalize, from, last, mergeMap, pipe, take } from 'rxjs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Checkpoint, Input, Item, Reading, Sink, Source } from 'motorwatch/model'
import { alarms, inOrder } from 'motorwatch/operators'
import { checkpointDirectory, monitor, run } from 'motorwatch/pipelines'
import { reference } from 'motorwatch/rules'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { memorySink } from 'motorwatch/sinks/memory'
import { Timeline } from 'motorwatch/time'

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

/** Batches of 10; `before` each it is told how many were accepted. */
function listSource(items: readonly Input[], before: (accepted: number) => void = () => undefined): Source {
  return {
    name: 'list',
    async read(accept, { from, signal }) {
      let accepted = 0
      for (let at = (from as number | undefined) ?? 0; at < items.length; at += 10) {
        before(accepted)
        if (signal.aborted) return false
        await accept({ items: items.slice(at, at + 10), position: Math.min(at + 10, items.length), progress: at / items.length })
        accepted++
      }
      return true
    },
  }
}

const never = new AbortController().signal

/** It is told to stop when so many batches were accepted. */
function stoppedAfter(batches: number): { readonly source: Source; readonly signal: AbortSignal } {
  const controller = new AbortController()
  const source = listSource(readings, (accepted) => {
    if (accepted >= batches) controller.abort()
  })
  return { source, signal: controller.signal }
}

const ordered = (time: Timeline) => inOrder<Input>({ lateness: 0 }, time)

const ticks = (count: number): readonly Input[] => Array.from({ length: count }, (_, i) => ({ kind: 'tick', time: T + i }))

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
            ...stoppedAfter(stop),
            pipeline: monitor(reference),
            sinks: [jsonlSink({ path })],
            checkpoints: { store: join(dir, name, 'checkpoints') },
          })
        return readFile(path, 'utf8')
      }
      const run1 = `disturbed-${Math.random()}`
      expect(await write(run1, stops)).toBe(await write(`undisturbed-${run1}`, []))
    },
  )

  test('the source is told of each checkpoint, when it is durable', async () => {
    const store = checkpointDirectory(join(dir, 'told'))
    const told: unknown[] = []
    let durable: unknown
    const source: Source = { ...listSource(readings.slice(0, 30)), saved: async (position) => { told.push([position, durable]) } }
    const keeping = { ...store, save: async (checkpoint: Checkpoint) => {
      await store.save(checkpoint)
      durable = checkpoint.position
    } }
    await run({ source, pipeline: monitor(reference), sinks: [], checkpoints: { store: keeping, every: 0 }, signal: never })
    expect(told).toEqual([[undefined, undefined], [10, 10], [20, 20], [30, 30], [30, 30]])
  })

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

  const errorOf = (running: Promise<unknown>): Promise<Error> => running.then(() => Promise.reject(new Error('it did not reject')), (error: Error) => error)

  test('an error of a sink, of the source and of the pipeline ends it, and says where', async () => {
    const lake: Sink = { ...memorySink(), name: 'lake', write: async () => Promise.reject(new Error('disk full')) }
    const bug = new Error('x is not a function')
    const options = { source: listSource(readings), pipeline: ordered, sinks: [memorySink<Item>()], signal: never }
    const errors = await Promise.all([
      errorOf(run({ ...options, sinks: [lake] })),
      errorOf(run({ ...options, source: listSource(readings, () => { throw bug }) })),
      errorOf(run({ ...options, pipeline: (time) => pipe(ordered(time), filter<Item>(() => { throw bug })) })),
      errorOf(run({ ...options, pipeline: (time) => pipe(ordered(time), last(({ kind }) => kind === 'tick')) })),
      errorOf(run({ ...options, pipeline: () => { throw bug } })),
    ])
    expect(errors.map(({ message }) => message)).toEqual([
      "sink 'lake': disk full", "source 'list': x is not a function", 'pipeline: x is not a function', 'pipeline: no elements in sequence', 'pipeline: x is not a function',
    ])
    expect(errors[2]?.cause).toBe(bug)
  })

  test('it is the first error that is told, where the source makes another of it, or none', async () => {
    const lake: Sink = { ...memorySink(), name: 'lake', write: async () => Promise.reject(new Error('disk full')) }
    for (const after of [async () => Promise.reject(new Error('lost')), async () => true])
      expect((await errorOf(run({
        source: { name: 'own', read: async (accept) => accept({ items: ticks(9), position: 0 }).then(() => true, after) }, pipeline: ordered, sinks: [lake], signal: never,
      }))).message).toBe("sink 'lake': disk full")
  })

  test('when it rejects, every sink has ended its work and is closed as on a stop, the pipeline is unsubscribed, and only then is the store released', async () => {
    const events: string[] = []
    const watched = (name: string, write: () => Promise<void>): Sink => ({
      name,
      open: async () => undefined,
      write,
      save: async () => undefined,
      close: async (completed) => {
        events.push(`${name} closed ${completed}`)
        throw new Error('and this too')
      },
    })
    const slow = watched('slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      events.push('slow written')
    })
    const broken = watched('broken', async () => Promise.reject(new Error('disk full')))
    const unopened: Sink = { ...watched('unopened', async () => undefined), open: async () => Promise.reject(new Error('no such host')) }
    const store = { name: 'own', load: async () => undefined, peek: async () => undefined, save: async () => undefined, release: async () => void events.push('released') }
    const pipeline = (time: Timeline) => pipe(ordered(time), finalize(() => { events.push('unsubscribed') }))
    await expect(run({ source: listSource(readings), pipeline, sinks: [broken, slow], checkpoints: { store }, signal: never })).rejects.toThrow("sink 'broken': disk full")
    expect(events).toEqual(['slow written', 'unsubscribed', 'broken closed false', 'slow closed false', 'released'])
    events.length = 0
    await expect(run({ source: listSource(readings), pipeline, sinks: [slow, unopened], signal: never })).rejects.toThrow("sink 'unopened': no such host")
    expect(events).toEqual(['slow closed false'])
  })

  test('a pipeline that has not completed when the data have ended is an error: its outputs would be lost', async () => {
    const sink = memorySink<Item>()
    const pipeline = (time: Timeline) => pipe(ordered(time), mergeMap(async (item) => item))
    const holding = (time: Timeline) => pipe(ordered(time), mergeMap((item) => new Promise<Item>((resolve) => setTimeout(() => resolve(item), 60_000).unref())))
    for (const each of [pipeline, holding])
      await expect(run({ source: listSource(readings), pipeline: each, sinks: [sink], checkpoints: { store: join(dir, 'c') }, signal: never }))
        .rejects.toThrow(/^pipeline: the data have ended and it has not completed, so it holds asynchronous operators .*: hand them the timeline/)
  })

  test('a pipeline that completes ends the run, and the source is told to stop', async () => {
    let batches = 0
    const endless: Source = {
      name: 'endless',
      async read(accept, { signal }) {
        for (; !signal.aborted && batches < 1000; batches++) await accept({ items: [{ kind: 'tick', time: T + 1000 * batches }], position: batches })
        return false
      },
    }
    const closed: boolean[] = []
    const sink = memorySink<Item>()
    const options = () => ({
      source: endless,
      pipeline: (time: Timeline) => pipe(ordered(time), take(3)),
      sinks: [{ ...sink, close: async (completed: boolean) => void closed.push(completed) }],
      checkpoints: { store: join(dir, 'c') },
      signal: never,
    })
    expect(await run(options())).toEqual({ ended: true, resumed: false })
    expect(sink.items).toHaveLength(3)
    expect(batches).toBeLessThan(5)
    expect(await run(options())).toEqual({ ended: true, resumed: true })
    expect(closed).toEqual([true, true])
  })

  test('a pipeline that is complete from the start reads nothing', async () => {
    const source = listSource(readings, () => { throw new Error('it was read') })
    expect(await run({ source, pipeline: () => () => EMPTY, sinks: [memorySink<Item>()], signal: never })).toEqual({ ended: true, resumed: false })
  })

  test('a source that stops though nobody told it to is an error, not a stop', async () => {
    const source: Source = { name: 'hasty', read: async () => false }
    await expect(run({ source, pipeline: ordered, sinks: [memorySink<Item>()], signal: never })).rejects.toThrow(/^source 'hasty': it has stopped though it was not told to/)
  })

  test('refuses a checkpoint of something else, with what to do', async () => {
    const store = join(dir, 'c')
    const options = (more: object) => ({ ...stoppedAfter(3), pipeline: monitor(reference), sinks: [jsonlSink({ path: join(dir, 'out.jsonl') })], checkpoints: { store, pipeline: 'rules A' }, ...more })
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

  test('after the first signal, a second one has its default effect, even while a sink hangs', async () => {
    const before = process.listenerCount('SIGINT')
    let release = (): void => undefined
    const hanging: Sink = { ...memorySink(), write: () => new Promise((resolve) => { release = resolve }) }
    const running = run({ source: listSource(ticks(100)), pipeline: ordered, sinks: [hanging] })
    await vi.waitFor(() => { expect(release.length).toBe(1) })
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
    process.emit('SIGINT')
    process.emit('SIGINT')
    await vi.waitFor(() => { expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([before, before]) })
    release()
    expect(await running).toEqual({ ended: false, resumed: false })
  })

  test('refuses RxJS operators with a timer where there are checkpoints', async () => {
    const { debounceTime } = await import('rxjs')
    await expect(
      run({ source: listSource(readings), pipeline: (time) => pipe(inOrder({ lateness: 0 }, time), debounceTime(60_000, time)), sinks: [jsonlSink({ path: join(dir, 'o.jsonl') })], checkpoints: { store: join(dir, 'c'), every: 0 }, signal: never }),
    ).rejects.toThrow(/RxJS's own operators/)
  })
})

test('alarms in a pipeline of its own', async () => {
  const sink = memorySink<Item>()
  await run({ source: listSource(readings), pipeline: (time) => pipe(inOrder<Input>({ lateness: '5s' }, time), alarms(reference, {}, time)), sinks: [sink], signal: never })
  expect(new Set(sink.items.map(({ kind }) => kind))).toEqual(new Set(['alarm']))
})
