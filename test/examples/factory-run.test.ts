import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointDirectory, encodeReading, monitor, run } from 'motorwatch'
import type { Item } from 'motorwatch'
import { reportSink } from 'motorwatch/sinks/report'
import { jsonlSource } from 'motorwatch/sources/jsonl'
import { simulatedMachines, simulator } from 'motorwatch/sources/simulator'
import { reading } from 'motorwatch/testing'
import pc from 'picocolors'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { closingText } from '../../examples/factory/closing-text.js'
import { endingCheckpoints } from '../../examples/factory/ending-checkpoints.js'
import { firstRejected } from '../../examples/factory/first-rejected.js'
import { plainView } from '../../examples/factory/plain-view.js'
import { terminalView } from '../../examples/factory/terminal-view.js'

const SIX = Date.UTC(2026, 0, 5, 6)
const signal = new AbortController().signal

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'factory-run-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('a run that has ended', () => {
  const line = (second: number): string => `${encodeReading(reading('saw', 'current', 20)(SIX + 1000 * second))}\n`
  const watch = async (source: Parameters<typeof endingCheckpoints>[1], pipeline = 'p'): Promise<object> => {
    let batches = 0
    const store = endingCheckpoints(checkpointDirectory(join(folder, 'checkpoints')), source, { out: folder, pipeline, signal })
    return { ...(await run({ source, pipeline: monitor([]), sinks: [], checkpoints: { store, pipeline }, signal, onBatch: () => batches++ })), batches }
  }
  const file = (): Parameters<typeof watch>[0] => jsonlSource({ input: join(folder, 'in.jsonl') })
  const simulated = (duration?: number): Parameters<typeof watch>[0] =>
    simulator({ machines: simulatedMachines(1, 1), speed: 'max', ...(duration === undefined ? {} : { duration }) }) as never
  const ended = { ended: true, resumed: true, batches: 0 }

  test('has nothing left to do, and refuses a file that has grown, each time', async () => {
    writeFileSync(join(folder, 'in.jsonl'), line(0))
    expect(await watch(file())).toEqual({ ended: true, resumed: false, batches: 1 })
    expect(await watch(file())).toEqual(ended)
    appendFileSync(join(folder, 'in.jsonl'), '\n')
    expect(await watch(file())).toEqual(ended)
    appendFileSync(join(folder, 'in.jsonl'), line(1))
    for (let i = 0; i < 2; i++) await expect(watch(file())).rejects.toThrow(`the run in ${folder} has ended, and jsonl:${join(folder, 'in.jsonl')} has more data now than it has read`)
    await expect(watch(file(), 'others')).rejects.toThrow('with other rules or settings')
  })

  test('refuses a file that was empty and is no more', async () => {
    writeFileSync(join(folder, 'in.jsonl'), '')
    await watch(file())
    appendFileSync(join(folder, 'in.jsonl'), line(0))
    await expect(watch(file())).rejects.toThrow('has ended')
  })

  test('refuses a simulation that lasts longer', async () => {
    await watch(simulated(60_000))
    expect(await watch(simulated(60_000))).toEqual(ended)
    expect(await watch(simulated(30_000))).toEqual(ended)
    await expect(watch(simulated(90_000))).rejects.toThrow('start afresh in another directory (--out)')
    await expect(watch(simulated())).rejects.toThrow('simulator has more data now')
  })
})

describe('what was rejected', () => {
  const rejected = (where: string, reason = 'undecodable'): Item => ({ kind: 'rejected', time: NaN, reason, detail: 'line: got \u001b[2Jx', where }) as Item

  test('is told in the first three of its words, by a run that goes on too', async () => {
    const first = firstRejected()
    await first.open()
    await first.write([rejected('f:1'), rejected('f:2', 'duplicate'), rejected('f:3')])
    const second = firstRejected()
    await second.open(structuredClone(await first.save()))
    await second.write([rejected('f:4'), rejected('f:5')])
    expect(second.words()).toEqual(['f:1', 'f:3', 'f:4'].map((where) => `${where}: line: got ?[2Jx`))
    await second.open()
    expect(second.words()).toEqual([])
  })

  test('is among the closing words, with how many more there are and where they are kept', async () => {
    const report = reportSink()
    await report.write([1, 2, 3, 4].map((i) => rejected(`f:${i}`)))
    const closing = { ended: true, resumed: false, idle: false, seen: report.report(), rejected: ['a', 'b', 'c'] }
    expect(closingText(closing).slice(-4)).toEqual([
      'Rejected    a', '            b', '            c', '            ... and 1 more; with --out DIR they are kept in rejected.jsonl, each with its reason',
    ])
    expect(closingText({ ...closing, out: 'run' })).toContain('            ... and 1 more; each with its reason in rejected.jsonl')
  })
})

describe.each([['plain', plainView], ['terminal', terminalView]])('the %s view of a run that goes on', (_, make) => {
  test('counts all readings, and its pace is of those of this start alone', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] })
    try {
      let printed = ''
      const out = { columns: 120, rows: 30, write: (text: string) => (printed += text) } as unknown as NodeJS.WriteStream
      const options = { title: 'test', out, colors: pc.createColors(false) }
      const items = Array.from({ length: 1000 }, (_, i) => reading('saw', 'current', 20)(SIX + i))
      const before = make(options)
      await before.open()
      await before.write(items)
      const saved = await before.save()
      before.leave()
      const view = make(options)
      await view.open(saved)
      for (const wait of [2000, 4000]) {
        await vi.advanceTimersByTimeAsync(wait)
        await view.write(items.slice(0, wait / 10))
        view.batch({ items: items.slice(0, wait / 10), position: 0 })
      }
      await vi.advanceTimersByTimeAsync(200)
      view.leave()
      const rates = [...printed.matchAll(/([\d,]+)(?: readings)?\/s/g)].map(([, rate]) => Number(rate!.replace(',', '')))
      expect(Math.max(...rates)).toBeLessThan(200)
      expect(printed).toContain('1,600 readings')
      expect(printed).not.toContain('NaN')
    } finally {
      vi.useRealTimers()
    }
  })
})
