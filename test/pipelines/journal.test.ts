import { describe, expect, test } from 'vitest'
import type { Batch, Checkpoint, CheckpointStore, Input, Item, Journal, Sink, Source } from 'motorwatch/model'
import { run } from 'motorwatch/pipelines'

const reading = (value: number): Input => ({ kind: 'reading', time: value, machine: 'm', sensor: 'current', value, quality: 'good' })

/** A run over these batches, with what was called, in order. */
function made(batches: readonly Batch<Input>[], failing?: 'append' | 'load') {
  const calls: string[] = []
  let saved: Checkpoint | undefined
  const source: Source<Input> = {
    name: 'list',
    async read(accept, { from, mark, signal }) {
      calls.push(`read from ${String(from)} to ${String(mark)}`)
      for (const batch of batches.slice(from === undefined ? 0 : Number(from))) {
        if (signal.aborted) return false
        await accept(batch)
      }
      return true
    },
  }
  const journal: Journal<Item> = {
    name: 'j',
    async open() { calls.push('journal open'); return 'mark' },
    async append({ items, end }, outputs) {
      if (failing === 'append') throw new Error('fenced')
      calls.push(`append ${items.length} with ${outputs.length}${end === true ? ' at the end' : ''}`)
    },
    async close() { calls.push('journal close') },
  }
  const store: CheckpointStore = {
    name: 's',
    async load() {
      calls.push('load')
      if (failing === 'load') throw new Error('none of ours')
      return saved
    },
    peek: async () => saved,
    async save(checkpoint) { saved = checkpoint },
    async release() { calls.push('release') },
  }
  const sink: Sink = {
    name: 'sink', open: async () => { calls.push('sink open') }, save: async () => undefined, close: async () => { calls.push('sink close') },
    write: async (items) => { calls.push(`write ${items.length}`) },
  }
  const start = (signal = new AbortController().signal) => run<Input, Item>({ source, pipeline: () => (items) => items, sinks: [sink], journal, checkpoints: { store, every: '1h' }, signal })
  return { calls, start }
}

const two: readonly Batch<Input>[] = [{ items: [reading(1), reading(2)], position: 1 }, { items: [reading(3)], position: 2 }]

describe('a run with a journal', () => {
  test('shuts out whoever had it before, then looks where to go on', async () => {
    const { calls, start } = made(two)
    await start()
    expect(calls.slice(0, 4)).toEqual(['journal open', 'load', 'sink open', 'read from undefined to mark'])
  })

  test('has each batch in the journal before a sink sees what came of it, and its end too', async () => {
    const { calls, start } = made(two)
    await start()
    expect(calls.slice(4)).toEqual(['append 2 with 2', 'write 2', 'append 1 with 1', 'write 1', 'append 0 with 0 at the end', 'sink close', 'journal close', 'release'])
  })

  test('appends nothing that comes again, and hands it to the sinks', async () => {
    const { calls, start } = made([{ ...two[0]!, again: true }, two[1]!])
    await start()
    expect(calls.slice(4, 7)).toEqual(['write 2', 'append 1 with 1', 'write 1'])
  })

  test('writes nothing that is not in the journal, and leaves all in order', async () => {
    const { calls, start } = made(two, 'append')
    await expect(start()).rejects.toThrow("journal 'j': fenced")
    expect(calls.slice(4)).toEqual(['sink close', 'journal close', 'release'])
  })

  test('closes the journal where it cannot go on from the checkpoint', async () => {
    const { calls, start } = made(two, 'load')
    await expect(start()).rejects.toThrow('none of ours')
    expect(calls).toEqual(['journal open', 'load', 'journal close', 'release'])
  })

  test('wants checkpoints: the journal is read again behind one', async () => {
    const journal: Journal<Item> = { name: 'j', open: async () => undefined, append: async () => undefined, close: async () => undefined }
    await expect(run<Input, Item>({ source: { name: 'list', read: async () => true }, pipeline: () => (items) => items, sinks: [], journal })).rejects.toThrow(/the journal j is read again behind a checkpoint/)
  })
})
