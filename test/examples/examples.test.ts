import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeReading } from 'motorwatch'
import { reading } from 'motorwatch/testing'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const SIX = Date.UTC(2026, 0, 5, 6)
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The lines that an example prints, run as its second line says. It must end well and say nothing on stderr. */
async function linesOf(name: string, ...args: readonly string[]): Promise<readonly string[]> {
  const ran = await new Promise<{ readonly code: number | null; readonly out: string; readonly error: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', `examples/${name}.ts`, ...args], { cwd: root })
    let [out, error] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
    child.on('error', reject).on('close', (code) => { resolve({ code, out, error }) })
  })
  expect(ran, ran.out).toMatchObject({ code: 0, error: '' })
  return ran.out.trimEnd().split('\n')
}

const timeOf = (line: string): number => Date.parse(/\d{4}-\S+Z/.exec(line)?.[0] ?? '')

describe.each(['own-operator', 'custom-pipeline', 'replay-edited-rules', 'marble-test', 'fuzz-a-rule'])('examples/%s.ts', (name) => {
  const text = readFileSync(join(root, 'examples', `${name}.ts`), 'utf8')

  test('begins with what it shows and how it is run, and is short', () => {
    const [what, how, third] = text.split('\n')
    expect(what).toMatch(/^\/\/ [A-Z].*\.$/)
    expect(how).toMatch(new RegExp(`^// node --import tsx examples/${name}\\.ts( |$)`))
    expect(third).toMatch(/^import /)
    expect(text.split('\n').length).toBeLessThan(70)
  })

  test('imports what a user has', () => {
    const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from!)
    expect(imported.filter((from) => !/^(motorwatch(\/.+)?|rxjs|fast-check|node:.+)$/.test(from))).toEqual([])
  })
})

describe('what they print', () => {
  test.concurrent('own-operator: the starts of the plan, each forgotten after exactly an hour', async ({ expect }) => {
    const lines = await linesOf('own-operator')
    const steps = (start: number): number => SIX + Math.ceil((start - SIX) / 7000) * 7000
    // 06:00 is a whole number of the 24-minute cycles from the epoch, and each begins with two minutes at rest
    const plan = { busy: [2, 26, 50, 74, 98].map((minute) => steps(SIX + minute * MINUTE)), calm: [steps(SIX + 5 * MINUTE)] }
    for (const [machine, starts] of Object.entries(plan)) {
      const changes = [...starts.map((at) => [at, 1]), ...starts.map((at) => [at + HOUR, -1])].filter(([at]) => at! < SIX + 2 * HOUR).sort(([a], [b]) => a! - b!)
      let count = 0
      const expected = changes.map(([at, change]) => [at, (count += change!)])
      expect(lines.filter((line) => line.includes(`${machine}:`)).map((line) => [timeOf(line), Number(/: (\d+) start/.exec(line)?.[1])])).toEqual(expected)
    }
    expect(lines.filter((line) => line.startsWith('law ')).map((line) => line.split(': ')[1])).toEqual(Array<string>(6).fill('pass'))
  })

  test.concurrent('custom-pipeline: hours of event time, a chatter that settles, a charge that is load times rated current', async ({ expect }) => {
    const lines = await linesOf('custom-pipeline')
    const ends = [SIX + HOUR, SIX + 2 * HOUR, SIX + 3 * HOUR - 1000] // the data end with a reading a second before the hour
    const digests = lines.filter((line) => line.includes('raised or cleared'))
    expect(digests.map(timeOf)).toEqual(ends)
    const counts = digests.map((line) => Number(line.split(': ')[1]))
    expect(counts[0]).toBe(0) // the bearing is well in the first hour, far below the limit
    expect(counts[1]).toBeGreaterThan(10)
    const settled = lines.filter((line) => line.includes('has settled'))
    expect(settled).toHaveLength(1)
    // transitions alternate and the first is a raise: so the last of an odd number is one
    expect(settled[0]).toContain(`settled: ${counts.reduce((a, b) => a + b) % 2 === 1 ? 'raised' : 'cleared'}`)
    const charges = lines.filter((line) => line.includes(' Ah ')).map((line) => [timeOf(line), Number(/([\d.]+) Ah/.exec(line)?.[1])])
    expect(charges.map(([at]) => at)).toEqual(ends)
    for (const [i, [, ampereHours]] of charges.entries()) expect(Math.abs(ampereHours! / (0.85 * 20 * (i + 1)) - 1)).toBeLessThan(0.03)
  })

  test.concurrent('replay-edited-rules: an inrush shorter than the delay disappears, a lower limit is passed earlier', async ({ expect }) => {
    const alarms = (await linesOf('replay-edited-rules')).slice(6)
    const of = (alarm: string): string => alarms.find((line) => line.startsWith(alarm)) ?? ''
    // each motor's inrush begins with it, six times its 20 A, for 3 s at most: the edited rule waits 5
    for (const [machine, minute] of [['pump', 1], ['fan', 2]] as const) {
      expect(timeOf(of(`${machine} overload 1`))).toBe(SIX + minute * MINUTE)
      expect(of(`${machine} overload 1`)).toMatch(/ - +disappears$/)
    }
    expect(of('pump hot-coil 1')).toMatch(/Z .*Z .* earlier$/)
    expect(of('fan rough 1')).toMatch(/ - .*Z +appears$/)
    expect(of('fan rough 2')).toBe('')
  })

  test.concurrent('replay-edited-rules: a file of one\'s own', async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'examples-'))
    const seconds = Array.from({ length: 20 }, (_, i) => SIX + i * 1000)
    const file = join(folder, 'mine.jsonl')
    writeFileSync(file, seconds.flatMap((time) => [reading('saw', 'current', 41)(time), reading('saw', 'vibration_rotor', 3)(time)]).map((each) => `${encodeReading(each)}\n`).join(''))
    const alarms = (await linesOf('replay-edited-rules', file).finally(() => { rmSync(folder, { recursive: true }) })).slice(6)
    expect(alarms).toEqual([expect.stringMatching(/^saw overload 1 .* 5s later$/), expect.stringMatching(/^saw rough 1 .* stays$/)])
  })

  test.concurrent('marble-test: to the millisecond, and what a gap does', async ({ expect }) => {
    const lines = await linesOf('marble-test')
    const out = (name: string): string => lines[lines.findIndex((line) => line.startsWith(name)) + 1]!.split(' out  ')[1]!
    expect(out('the very moment')).toBe('30s R')
    expect(out('just not')).toBe('(nothing)')
    expect(out('a gap')).toBe(`${1 + 25_000 + 30_000}ms R`)
    expect(out('an alarm in a gap')).toBe('30s R 23001ms L 580s C')
  })

  test.concurrent('fuzz-a-rule: the right rule keeps six properties, the wrong one is caught at its limit by one reading', async ({ expect }) => {
    const lines = await linesOf('fuzz-a-rule')
    const second = lines.findLastIndex((line) => line.startsWith('hot-coil: medium'))
    expect(lines.slice(1, second)).toEqual(Array(6).fill(expect.stringMatching(/^ {2}500 streams: /)))
    expect(lines.slice(second).filter((line) => line.includes('BROKEN'))).toEqual([expect.stringContaining('never fires within safe limits: it is raised at 30s')])
    expect(lines).toContain('        "temperature_coil": "120"')
    expect(lines).toContain('the right rule: passes; the wrong rule: never fires within safe limits')
    expect(lines.at(-1)).toBe('    raised at 30s')
  })
})
