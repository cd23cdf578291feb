import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { above, encodeReading, rule } from 'motorwatch'
import type { Alarm } from 'motorwatch'
import { reading } from 'motorwatch/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scoreAlarms } from '../../src/cli/score-alarms.js'
import { ranIn } from './ran.js'

let folder = ''
const at = (name: string): string => join(folder, name)
const file = (name: string, content: unknown): void => { writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content)) }

const SIX = Date.UTC(2026, 0, 5, 6)
const hot = rule({ id: 'hot', when: above('temperature_coil', 120) })
/** One reading a minute. */
const lines = (machine: string, values: readonly number[]): string => values.map((value, i) => `${encodeReading(reading(machine, 'temperature_coil', value)(SIX + i * 60_000))}\n`).join('')
const event = { machine: 'M1', from: '2026-01-05T06:10:00Z', to: '2026-01-05T06:30:00Z', what: 'winding' }

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'motorwatch-evaluate-'))
  file('hot.json', { rules: [hot] })
  // M1: hot at 3 min, for nothing; at 15 min and at 20 min, for the event. M2 is well.
  file('readings.jsonl', lines('M1', Array.from({ length: 40 }, (_, i) => ([3, 15, 16, 20].includes(i) ? 130 : 80))) + lines('M2', Array.from({ length: 40 }, () => 80)))
  file('truth.json', { events: [event] })
  file('missed.json', { events: [{ ...event, machine: 'M2' }, { ...event, machine: 'M3' }] })
  file('well.json', { events: [] })
})
afterAll(() => { rmSync(folder, { recursive: true }) })

const ran = (...args: readonly string[]) => ranIn(folder, args)

describe('evaluate', () => {
  test('what was found, how early, and what was false', async () => {
    const { code, out } = await ran('evaluate', at('readings.jsonl'), '--rules', at('hot.json'), '--truth', at('truth.json'), '--lateness', '1h')
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'M1  winding, 2026-01-05T06:10:00.000Z to 2026-01-05T06:30:00.000Z: found by hot 15m before its end, 75 % of it left, and again 1 time',
      'M1  false: hot, 2026-01-05T06:03:00.000Z: M1: temperature_coil 130 degC, above 120 degC',
      '',
      // 2 x 39 min are 0.054 days
      '1 of 1 event found (recall 100 %), 1 false alarm in 0.1 machine-days (18.462 a machine-day), precision 50 %, median lead 15m',
      '80 lines read',
      '',
    ])
  })

  test('what was not found, and a machine that was not heard', async () => {
    const { out } = await ran('evaluate', at('readings.jsonl'), '--rules', at('hot.json'), '--truth', at('missed.json'), '--lateness', '1h')
    expect(out).toContain('M2  winding, 2026-01-05T06:10:00.000Z to 2026-01-05T06:30:00.000Z: not found\n')
    expect(out).toContain('not found: nothing was heard of the machine\n')
    expect(out).toContain('M1  false: hot, 2026-01-05T06:03:00.000Z and 2 times more: ')
    expect(out).toContain('0 of 2 events found (recall 0 %), 3 false alarms')
  })

  test('all was well', async () => {
    const { out } = await ran('evaluate', at('readings.jsonl'), '--rules', at('hot.json'), '--truth', at('well.json'), '--lateness', '1h')
    expect(out).toContain('no events, 3 false alarms in 0.1 machine-days')
  })

  test('a picture of it', async () => {
    const { code, out } = await ran('evaluate', at('readings.jsonl'), '--rules', at('hot.json'), '--truth', at('truth.json'), '--lateness', '1h', '--svg', at('x.svg'))
    expect([code, out.split('\n').at(-2)]).toEqual([0, 'drawn: x.svg'])
    const svg = readFileSync(at('x.svg'), 'utf8')
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
    expect(svg).toContain('M1: winding; temperature_coil, and the value of &#39;hot&#39; against its limit')
    // the lines of the signal, the value and the limit are there
    expect(svg.match(/<path [^>]*stroke="(#4a6fa5|#2f7d5b|#b3261e)"/g)!.length).toBeGreaterThanOrEqual(3)
  })

  test.each<[readonly string[], string]>([
    [[], 'it needs readings'],
    [['readings.jsonl'], 'it needs --rules'],
    [['readings.jsonl', '--rules', 'hot.json'], 'it needs --truth: a file of what really was the matter'],
    [['-', '--rules', 'hot.json', '--truth', 'truth.json', '--svg', 'x.svg'], '--svg reads the readings twice: name a file, not standard input'],
    [['readings.jsonl', '--rules', 'hot.json', '--truth', 'none.json'], 'none.json: there is no such file; expected a file of what really was'],
    [['readings.jsonl', '--rules', 'hot.json', '--truth', 'readings.jsonl'], '--truth readings.jsonl: not JSON'],
  ])('%j', async (args, message) => {
    const { code, error } = await ran('evaluate', ...args.map((arg) => (arg.includes('.json') ? at(arg) : arg)))
    expect(code).toBe(2)
    expect(error).toContain(message)
  })

  test.each<[unknown, string]>([
    [{}, 'events: got nothing, expected a list'],
    [{ events: [{ ...event, from: 'noon' }] }, 'events[0].from: got "noon", expected'],
    [{ events: [{ ...event, to: event.from }] }, 'events[0].to: got'],
    [{ events: [{ ...event, till: 1 }] }, 'events[0].till: got 1, expected one of the fields machine, from, to, what'],
    [{ events: [event, { ...event, from: '2026-01-05T06:20:00Z', to: '2026-01-05T07:00:00Z' }] }, 'two events of M1 meet'],
  ])('a truth that is none: %j', async (truth, message) => {
    file('wrong.json', truth)
    const { code, error } = await ran('evaluate', at('readings.jsonl'), '--rules', at('hot.json'), '--truth', at('wrong.json'))
    expect(code).toBe(2)
    expect(error).toContain(`--truth wrong.json: ${message}`)
  })
})

test('an alarm is for an event from its beginning to its end, both included; one that stands already finds nothing', () => {
  const raised = (machine: string, time: number, id = 'r'): { readonly raised: Alarm; readonly clearedAt: number } => ({ raised: { machine, time, rule: id } as Alarm, clearedAt: Infinity })
  const truth = [{ machine: 'a', from: 10, to: 20 }, { machine: 'b', from: 10, to: 20 }, { machine: 'c', from: 10, to: 20 }]
  const { events, falseAlarms, recall, precision } = scoreAlarms(truth, [raised('b', 9), raised('a', 10), raised('a', 12, 's'), raised('a', 20), raised('c', 20), raised('a', 21)])
  expect(events.map(({ first, again }) => [first?.raised.time, again])).toEqual([[10, 1], [undefined, 0], [20, 0]])
  expect(falseAlarms.map((each) => each.raised.time)).toEqual([9, 21])
  expect([recall, precision]).toEqual([2 / 3, 1 / 2])
})
