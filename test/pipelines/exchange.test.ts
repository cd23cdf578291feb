import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeItem, encodeItem } from 'motorwatch/model'
import type { Alarm, Input, Output } from 'motorwatch/model'
import { monitor, run } from 'motorwatch/pipelines'
import { above, rule } from 'motorwatch/rules'
import { memorySink } from 'motorwatch/sinks/memory'
import { jsonlSource } from 'motorwatch/sources/jsonl'

const T = Date.UTC(2026, 0, 5)
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-exchange-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

const limit = (value: number) => rule({ id: 'hot', when: above('temperature_coil', value) })
const reading = (seconds: number, machine: string, value: number): Input => ({ kind: 'reading', time: T + seconds * 1000, machine, sensor: 'temperature_coil', value, quality: 'good' })

/** Items as lines: what the source reads is the journal. */
const source = () => jsonlSource<Input>({
  input: join(dir, 'in.jsonl'),
  decode: (line) => E.bimap((got: string) => ({ field: 'line', got, expected: 'an item' }), (item: Output) => item as Input)(decodeItem(JSON.parse(new TextDecoder().decode(line)))),
})

test('a run that is stopped behind an exchange goes on with the exchanged rules, from the same options', async () => {
  const before = Array.from({ length: 700 }, (_, i) => reading(i, 'ab'[i % 2]!, 130))
  const after = Array.from({ length: 1500 }, (_, i) => reading(700 + i, 'abc'[i % 3]!, i < 500 ? 125 : 145))
  const items: readonly Input[] = [...before, { kind: 'rules', time: T, rules: { rules: [limit(140)] }, by: 'engineer', reason: 'new winding' }, ...after]
  await writeFile(join(dir, 'in.jsonl'), items.map((item) => `${encodeItem(item)}\n`).join(''))
  const pipeline = monitor([limit(120)])
  const whole = memorySink()
  await run({ source: source(), pipeline, sinks: [whole], signal: new AbortController().signal })

  const sink = memorySink()
  for (let runs = 0; runs < 20; runs++) {
    const stop = new AbortController()
    const { ended } = await run({ source: source(), pipeline, sinks: [sink], checkpoints: { store: join(dir, 'c'), pipeline: 'hot' }, signal: stop.signal, onBatch: () => { stop.abort() } })
    if (ended) break
  }
  const parts = sink.items as readonly Output[]
  expect(parts).toEqual(whole.items)
  const told = parts.filter((item) => (item.kind === 'alarm' && item.rule === 'hot') || item.kind === 'rules-changed').map((item) => (item.kind === 'alarm' ? `${item.machine} ${item.state} ${item.why ?? ''}` : item.kind))
  expect(told).toEqual(['a raised ', 'b raised ', 'rules-changed', 'a closed rule changed', 'b closed rule changed', 'c raised ', 'a raised ', 'b raised '])
  const alarms = parts.filter((item): item is Alarm => item.kind === 'alarm')
  expect(new Set(alarms.map(({ id }) => id)).size).toBe(alarms.length)
})
