import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { above, below, detected, encodeReading, parseMachines, rule } from 'motorwatch'
import { wearChart } from 'motorwatch/detectors'
import { reading } from 'motorwatch/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../random.js'
import { ranIn } from './ran.js'

let folder = ''
const at = (name: string): string => join(folder, name)
const file = (name: string, text: string): void => { writeFileSync(at(name), text) }

const wear = detected(wearChart, 'vibration_rotor', { every: '10s', params: { warmup: 30, persistence: 1 } })
const wears = rule({ id: 'wears', when: above(wear, 1), clear: below(wear, 0.6), message: '{machine} wears: {reason}' })
const text = 'wearChart of vibration_rotor each 10s (persistence 1, warmup 30)'

/** So many readings of vibration, 5 s apart, around a level. */
function lines(machine: string, count: number, level: number, from = 0): string {
  const draw = random(machine.length)
  return Array.from({ length: count }, (_, i) => `${encodeReading(reading(machine, 'vibration_rotor', level + 0.1 * draw())(Date.UTC(2026, 0, 5) + (from + i) * 5_000))}\n`).join('')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'motorwatch-learn-'))
  file('rules.json', JSON.stringify({ rules: [wears] }))
  file('hot.json', JSON.stringify({ rules: [rule({ id: 'hot', when: above('temperature_coil', 120) })] }))
  file('well.jsonl', lines('M1', 200, 1))
  file('later.jsonl', lines('M1', 30, 2, 1_000))
  file('few.jsonl', lines('M1', 20, 1))
  file('current.jsonl', `${encodeReading(reading('M1', 'current', 1)(Date.UTC(2026, 0, 5)))}\n`)
})
afterAll(() => { rmSync(folder, { recursive: true }) })

const ran = (...args: readonly string[]) => ranIn(folder, args)

describe('learn', () => {
  test('what was learned is shown, written, and known to the rules that are replayed with it', async () => {
    const { code, out } = await ran('learn', at('well.jsonl'), '--rules', at('rules.json'), '--out', at('learned.json'))
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe('M1')
    expect(out).toMatch(/^ {2}wearChart of vibration_rotor each 10s \(persistence 1, warmup 30\): smoothed 1(\.\d+)? mm\/s, 1(\.\d+)? mm\/s when learned: /m)
    expect(out).toContain('200 lines read\n1 detector of 1 machine written to learned.json\n')

    const before = await ran('replay', at('later.jsonl'), '--rules', at('rules.json'), '--against', at('rules.json'))
    expect(before.out).toContain('neither raises an alarm')
    const after = await ran('replay', at('later.jsonl'), '--rules', at('rules.json'), '--against', at('rules.json'), '--machines', at('learned.json'))
    expect(after.out).toContain('1 alarm: stays 1')
  })

  test('frozen it learns nothing more', async () => {
    expect((await ran('learn', at('well.jsonl'), '--rules', at('rules.json'), '--frozen', '--out', at('frozen.json'))).code).toBe(0)
    expect((await ran('learn', at('later.jsonl'), '--rules', at('rules.json'), '--machines', at('frozen.json'), '--out', at('again.json'))).code).toBe(0)
    const [first, again] = ['frozen.json', 'again.json'].map((name) => {
      const parsed = parseMachines(readFileSync(at(name), 'utf8'))
      if (parsed._tag === 'Left') throw new Error(parsed.left)
      return parsed.right.get('M1')!.learned![text]!
    })
    const seen = ({ state }: { readonly state: unknown }): unknown => (state as { readonly seen: unknown }).seen
    expect(first!.frozen).toBe(true)
    expect(seen(again!)).toEqual(seen(first!))
  })

  test('what knows no score yet is told of', async () => {
    const { code, out } = await ran('learn', at('few.jsonl'), '--rules', at('rules.json'), '--out', at('few.json'))
    expect(code).toBe(0)
    expect(out).toContain('written to few.json; 1 of them know no score yet\n')
  })

  test('nothing to learn from', async () => {
    const { code, out } = await ran('learn', at('current.jsonl'), '--rules', at('rules.json'), '--out', at('nothing.json'))
    expect(code).toBe(1)
    expect(out).toContain('nothing was learned: no machine has the sensors of these rules')
  })

  test.each<[readonly string[], string]>([
    [[], 'it needs readings: a file, a folder'],
    [['well.jsonl'], "it needs --rules: 'reference', 'nameplate', 'learned', or a file of rules"],
    [['well.jsonl', '--rules', 'rules.json'], 'it needs --out: where the register is written'],
    [['well.jsonl', '--rules', 'rules.json', '--out', 'rules.json'], '--out rules.json: it is there already'],
    [['well.jsonl', '--rules', 'hot.json', '--out', 'x.json'], '--rules hot.json: no rule has a detector'],
    [['none.jsonl', '--rules', 'rules.json', '--out', 'x.json'], 'none.jsonl: there is no such file or folder'],
    [['well.jsonl', '--rules', 'rules.json', '--out', 'x.json', '--frosen'], 'there is no option --frosen'],
  ])('%j', async (args, message) => {
    const { code, error } = await ran('learn', ...args.map((arg) => (arg.includes('.json') ? at(arg) : arg)))
    expect(code).toBe(2)
    expect(error).toContain(message)
  })

  test('a state that fits no such detector is refused where the rules are made', async () => {
    file('odd.json', JSON.stringify({ machines: [{ id: 'M1', learned: { [text]: { state: { smooth: 1 } } } }] }))
    const { code, error } = await ran('replay', at('later.jsonl'), '--rules', at('rules.json'), '--against', at('rules.json'), '--machines', at('odd.json'))
    expect(code).toBe(1)
    expect(error).toContain("machine 'M1': what was learned is no state of wearChart of vibration_rotor each 10s")
  })
})
