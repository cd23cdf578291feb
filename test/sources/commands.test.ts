import { fc, test } from '@fast-check/vitest'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { above, monitor, rule, run } from 'motorwatch'
import type { Answer, Batch, Command, Input, Item, Output, Source } from 'motorwatch'
import { memorySink } from 'motorwatch/sinks/memory'
import { fileInbox, memoryInbox, withCommands } from 'motorwatch/sources/commands'
import { reading } from 'motorwatch/testing'
import { afterEach, beforeEach, describe, expect } from 'vitest'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'commands-')) })
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

const command = (why: string): Command => ({ kind: 'command', time: 0, name: 'acknowledge', machine: 'm1', rule: 'hot', by: 'Sri', why })
const coil = reading('m1', 'temperature_coil', 121)
/** Numbers from 0 on, one a batch, with the number as its position. */
const numbers = (count: number): Source<Item> => ({
  name: 'numbers',
  async read(accept, { from, signal }) {
    for (let i = from === undefined ? 0 : (from as number); i < count; i++) {
      if (signal.aborted) return false
      await accept({ items: [{ kind: `n${i}` }], position: i + 1, progress: (i + 1) / count })
      await new Promise((resolve) => { setImmediate(resolve) })
    }
    return true
  },
})
const never = new AbortController().signal
const shown = (items: readonly Item[]): readonly string[] => items.map((item) => (item.kind === 'command' ? (item as Command).why! : item.kind))

describe('withCommands', () => {
  test('hands commands over between batches, one batch at a time, and while the source waits', async () => {
    const inbox = memoryInbox()
    const waiting: Source<Item> = { name: 'waiting', read: async (accept) => {
      await accept({ items: [{ kind: 'n0' }], position: 1 })
      await inbox.put(command('a'))
      // The source is at rest here: what is asked for comes all the same.
      while (seen.length < 2) await new Promise((resolve) => { setImmediate(resolve) })
      await accept({ items: [{ kind: 'n1' }], position: 2 })
      return true
    } }
    const seen: Batch<Item>[] = []
    let busy = false
    const ended = await withCommands(waiting, inbox).read(async (batch) => {
      expect(busy).toBe(false)
      busy = true
      await new Promise((resolve) => { setImmediate(resolve) })
      seen.push(batch)
      busy = false
    }, { signal: never })
    expect(ended).toBe(true)
    expect(seen.map(({ items, position }) => [shown(items), position])).toEqual([[['n0'], { source: 1, commands: 0 }], [['a'], { source: 1, commands: 1 }], [['n1'], { source: 2, commands: 1 }]])
  })

  test('read again behind a checkpoint, a command comes where the data have come to its time, as it did before; and the source hears what was saved', async () => {
    const inbox = memoryInbox()
    const saved: unknown[] = []
    const timed: Source<Item> = {
      name: 'timed',
      async read(accept, { from }) {
        for (let i = from === undefined ? 0 : (from as number); i < 5; i++) {
          await accept({ items: [reading('m1', 'temperature_coil', 60)((i + 1) * 1_000)], position: i + 1 })
          if (i === 2 && from === undefined) await inbox.put({ ...command('a'), time: 3_000 })
        }
        return true
      },
      saved: async (position) => { saved.push(position) },
    }
    const order = async (from?: Batch<Item>['position']): Promise<readonly Batch<Item>[]> => {
      const seen: Batch<Item>[] = []
      await withCommands(timed, inbox).read(async (batch) => { seen.push(batch) }, { signal: never, ...(from === undefined ? {} : { from }) })
      return seen
    }
    const all = await order()
    expect(all.map(({ items }) => items[0]!.kind)).toEqual(['reading', 'reading', 'reading', 'command', 'reading', 'reading'])
    for (let i = 0; i < 4; i++) expect(await order(all[i]!.position)).toEqual(all.slice(i + 1))
    const { saved: tell } = withCommands(timed, inbox)
    await tell!(all[1]!.position)
    await tell!(undefined)
    expect(saved).toEqual([2, undefined])
  })

  test('where one is refused, read rejects with that, and the source is told to stop', async () => {
    const inbox = memoryInbox()
    await inbox.put(command('a'))
    let told = false
    const endless: Source<Item> = { name: 'endless', read: async (_, { signal }) => {
      while (!signal.aborted) await new Promise((resolve) => { setImmediate(resolve) })
      told = true
      return false
    } }
    await expect(withCommands(endless, inbox).read(async () => { throw new Error('no room') }, { signal: never })).rejects.toThrow('no room')
    expect(told).toBe(true)
  })

  test('refuses a position that was taken without commands', async () => {
    await expect(withCommands(numbers(3), memoryInbox()).read(async () => undefined, { signal: never, from: 2 })).rejects.toThrow('the saved position was taken without commands')
  })

  test.prop([fc.array(fc.nat({ max: 12 }), { maxLength: 6 }), fc.array(fc.nat({ max: 6 }), { maxLength: 4 })])('killed anywhere and read on from the last position that was saved, each item and each command is handed over once', async (askedAt, kills) => {
    const path = join(folder, `${Math.random()}.jsonl`)
    const all: string[] = []
    const put: string[] = []
    let from: unknown
    for (const lives of [...kills, Infinity]) {
      const inbox = await fileInbox(path)
      const stop = new AbortController()
      let batches = 0
      // What came behind the checkpoint of a process that was killed is undone, as a sink's `open(saved)` does.
      const ended = await withCommands(numbers(12), inbox).read(async (batch) => {
        if (batches++ >= lives) {
          stop.abort()
          return
        }
        all.push(...shown(batch.items))
        from = batch.position
        const n = all.filter((each) => each.startsWith('n')).length
        for (const [i, at] of askedAt.entries()) {
          if (at !== n || put.includes(`c${i}`)) continue
          put.push(`c${i}`)
          await inbox.put(command(`c${i}`))
        }
      }, { signal: stop.signal, ...(from === undefined ? {} : { from }) })
      await inbox.close()
      if (!ended) continue
    }
    expect(all.filter((each) => each.startsWith('n'))).toEqual(Array.from({ length: 12 }, (_, i) => `n${i}`))
    expect(all.filter((each) => each.startsWith('c'))).toEqual(put)
  })

  test('a run answers each command, and refuses what cannot be done with its reason', async () => {
    const inbox = memoryInbox()
    const sink = memorySink()
    const source: Source<Input> = { name: 'hot', async read(accept) {
      for (let second = 0; second < 20; second++) {
        if (second === 10) await inbox.put(command('seen'))
        if (second === 12) await inbox.put({ ...command('again'), rule: 'no-such-rule' })
        await accept({ items: [coil(1_000 * second)], position: second })
      }
      return true
    } }
    await run<Input, Output>({ source: withCommands(source, inbox), pipeline: monitor([rule({ id: 'hot', when: above('temperature_coil', 120) })]), sinks: [sink] })
    const answers = sink.items.filter(({ kind }) => kind === 'answer') as Answer[]
    expect(answers.map(({ accepted, reason }) => [accepted, reason])).toEqual([[true, undefined], [false, expect.stringContaining('no-such-rule')]])
  })
})

describe('an inbox in a file', () => {
  const path = (): string => join(folder, 'commands.jsonl')

  test('has on the disk what it has taken, and has it again', async () => {
    const inbox = await fileInbox(path())
    await Promise.all([inbox.put(command('a')), inbox.put(command('b'))])
    expect(readFileSync(path(), 'utf8').split('\n').map((line) => line === '' ? '' : (JSON.parse(line) as Command).why)).toEqual(['a', 'b', ''])
    await inbox.close()
    const again = await fileInbox(path())
    expect(again.behind(1).map(({ why }) => why)).toEqual(['b'])
    await again.close()
  })

  test('cuts off a line that was never finished, and refuses one that is no command', async () => {
    const inbox = await fileInbox(path())
    await inbox.put(command('a'))
    await inbox.close()
    appendFileSync(path(), '{"kind":"comm')
    const again = await fileInbox(path())
    await again.put(command('b'))
    await again.close()
    const third = await fileInbox(path())
    expect(third.behind(0).map(({ why }) => why)).toEqual(['a', 'b'])
    await third.close()
    writeFileSync(path(), '{"kind":"reading"}\n')
    await expect(fileInbox(path())).rejects.toThrow(`${path()}:1 is no command of ours`)
  })
})
