import { fc, test } from '@fast-check/vitest'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTimestamp } from 'motorwatch'
import type { Alarm, Item, Reading, Severity } from 'motorwatch'
import { reportSink } from 'motorwatch/sinks/report'
import pc from 'picocolors'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { meter } from '../../examples/factory/meter.js'
import { screen } from '../../examples/factory/screen.js'
import { summaryText } from '../../examples/factory/summary-text.js'
import { watchState } from '../../examples/factory/watch-state.js'

const root = join(import.meta.dirname, '../..')
const referenceFile = join(root, '../shared/data/reference-sensor-data.jsonl')
const folder = mkdtempSync(join(tmpdir(), 'factory-'))
const at = (...names: readonly string[]): string => join(folder, ...names)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** As `npm start -- ...` runs it, on pipes, where the environment asks for colours as a CI does. `look` is called with all that it has printed, each time it prints. */
function factory(args: readonly string[], look: (child: ChildProcess, out: string) => void = () => undefined, input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/factory.ts', ...args], { cwd: root, env: { ...process.env, CI: 'true', FORCE_COLOR: '1' } })
    let out = ''
    let error = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      look(child, out)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
    child.stdin.on('error', () => undefined).end(input)
    child.on('error', reject).on('close', (code) => { resolve({ code, out, error }) })
  })
}

describe('options', () => {
  test('one that is wrong is told on standard error, with exit code 2', async () => {
    const { code, out, error } = await factory(['--speed', '0'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toBe("factory: --speed 0: expected 'max', or a number above 0: 60 is a minute a second\n(npm start -- --help tells all options)\n")
  })

  test('--help tells every option and ends well', async () => {
    const { code, out } = await factory(['--help'])
    for (const name of ['input', 'rules', 'speed', 'duration', 'machines', 'out', 'report', 'seed', 'help']) expect(out).toContain(`--${name}`)
    expect(code).toBe(0)
  })
})

test.skipIf(!existsSync(referenceFile))('the reference data has the counts of the baseline (SKIPPED where ../shared/data/reference-sensor-data.jsonl is absent)', async () => {
  const { code, out, error } = await factory(['--input', referenceFile, '--rules', 'reference', '--report', at('reference.json')])
  expect({ code, error }).toEqual({ code: 0, error: '' })
  expect(JSON.parse(readFileSync(at('reference.json'), 'utf8'))).toMatchObject({
    readings: 15141,
    rejected: 0,
    late: 0,
    anomalies: { thermal: 224, mechanical: 201, electrical: 230, support: 235 },
    alarms: { raised: 806, cleared: 804, standing: 2 },
  })
  expect(out).toContain('15,141 of 3 machines; 0 rejected')
  expect(out).toContain('806 raised, 804 cleared, 2 standing')
})

test('standard input, with a line that is none, and rules of a file', async () => {
  writeFileSync(at('rules.json'), JSON.stringify({ rules: [{ id: 'hot', severity: 'high', when: { op: 'above', signal: 'temperature_coil', limit: 100 } }] }))
  const line = (seconds: number, value: number): string =>
    JSON.stringify({ timestamp: formatTimestamp(Date.UTC(2026, 0, 5, 6) + 1000 * seconds), machine_id: 'M1', sensor_type: 'temperature_coil', value, unit: 'C' })
  const { code, out } = await factory(['--input', '-', '--rules', at('rules.json'), '--out', at('stdin')], undefined, [line(0, 99), 'not json', line(1, 101), line(2, 99), ''].join('\n'))
  expect(code).toBe(0)
  expect(out).toMatch(/2026-01-05 06:00:01 {2}RAISED {3}high {6}M1: temperature_coil 101 degC, above 100/)
  expect(out).toContain('1 rejected (1 not decodable)')
  expect(readFileSync(at('stdin', 'rejected.jsonl'), 'utf8')).toContain('"where":"-:2"')
  expect(readFileSync(at('stdin', 'alarms.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2)
  expect(JSON.parse(readFileSync(at('stdin', 'report.json'), 'utf8'))).toMatchObject({ readings: 3, rejected: 1, alarms: { raised: 1, cleared: 1, standing: 0 } })
})

test('nothing is kept of what is rejected where there is no --out, and it says so and why it was; beside a report, nothing stays', async () => {
  const { code, out } = await factory(['--input', '-', '--rules', 'reference', '--report', at('alone', 'report.json')], undefined, 'not json\n')
  expect(code).toBe(0)
  expect(out).toContain('\nRejected    -:1: line: got not json, expected one JSON object\n            with --out DIR they are kept in rejected.jsonl, each with its reason\n')
  expect(readdirSync(at('alone'))).toEqual(['report.json'])
})

describe('the simulated factory on a pipe', () => {
  const hour = ['--speed', 'max', '--duration', '1h']
  const start = (out: string, ...more: readonly string[]): readonly string[] => [...hour, '--out', at(out), '--report', at(`${out}.json`), ...more]
  const alarmsOf = (out: string): string => readFileSync(at(out, 'alarms.jsonl'), 'utf8')
  const reportOf = (out: string): object => {
    const { throughput, ...report } = JSON.parse(readFileSync(at(`${out}.json`), 'utf8')) as { throughput: { readingsPerSecond: number } }
    expect(throughput.readingsPerSecond).toBeGreaterThan(0)
    return report
  }
  let whole: Ran

  beforeAll(async () => {
    whole = await factory(start('whole'))
  })

  test('raises the first alarm in plain words within five minutes of event time, and sums up', () => {
    expect(whole.error).toBe('')
    expect(whole.code).toBe(0)
    expect(whole.out).not.toContain('\u001b')
    expect(whole.out.split('\n').filter((line) => line.includes('RAISED')).at(0)).toMatch(/^2026-01-05 06:0[1-4]:\d\d {2}RAISED {3}medium {4}LINE_01_MOTOR_\d\d: vibration [\d.]+ mm\/s, limit 2.8: a bearing wears/)
    expect(whole.out).toContain('(simulator: ')
    expect(whole.out).toMatch(/The data have ended\.\nEvent time {2}2026-01-05 06:00:00 to 2026-01-05 06:59:59 UTC\nReadings {4}1\d\d,\d\d\d of 5 machines; 0 rejected/)
    expect(alarmsOf('whole')).not.toBe('')
  })

  const stops: readonly (readonly [NodeJS.Signals, number | null])[] = [['SIGINT', 0], ['SIGTERM', 0], ['SIGKILL', null]]
  test.each(stops)('after %s a second start goes on exactly there', async (signal, exit) => {
    const stopped = await factory(start(signal), (child, out) => {
      if (out.includes('RAISED') && !child.killed) child.kill(signal)
    })
    expect(stopped.code).toBe(exit)
    if (exit === 0) {
      expect(stopped.out).toContain('Stopped.')
      expect(stopped.out).toContain('start again with the same options')
      expect(alarmsOf(signal).length).toBeLessThan(alarmsOf('whole').length)
    }
    const resumed = await factory(start(signal))
    expect({ code: resumed.code, error: resumed.error }).toEqual({ code: 0, error: '' })
    expect(resumed.out).toContain('Gone on, and the data have ended.')
    expect(alarmsOf(signal)).toBe(alarmsOf('whole'))
    expect(reportOf(signal)).toEqual(reportOf('whole'))
  })

  test('a third start finds nothing left to do, and one with more data and another factory are refused', async () => {
    const again = await factory(start('whole'))
    expect(again.out).toContain('nothing was left to do')
    expect(again.code).toBe(0)
    const longer = await factory(['--speed', 'max', '--duration', '2h', '--out', at('whole'), '--report', at('whole.json')])
    expect(longer.error).toMatch(/^factory: the run in .*whole has ended, and simulator has more data now than it has read: .*\n$/)
    expect(longer.code).toBe(1)
    const other = await factory(start('whole', '--seed', '2'))
    expect(other.error).toMatch(/^factory: the checkpoint in .* was taken with other rules or settings: .*\n$/)
    expect(other.code).toBe(1)
  })

  test('ends quietly when nobody reads on', async () => {
    const { code, error } = await factory(hour, (child) => child.stdout?.destroy())
    expect({ code, error }).toEqual({ code: 0, error: '' })
  })
})

describe('what is shown', () => {
  const colors = pc.createColors(false)
  const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical']
  const reading = (machine: string, value: number): Reading => ({ kind: 'reading', time: 1e12, machine, sensor: 'current', value, quality: 'good' })
  const alarm = (machine: string, severity: Severity): Alarm => ({
    kind: 'alarm', id: machine, occurrence: machine, time: 1e12, machine, rule: 'r', state: 'raised', status: 'unacknowledged', severity, class: 'thermal', message: `${machine}: too hot\u001b[2J`, raisedAt: 1e12 - 200_000, value: 1, limit: 0,
  })
  const picture = (items: readonly Item[], columns: number, rows: number): readonly string[] => {
    const state = watchState()
    const events = state.take(items)
    return screen({ title: 'test', state, events, pace: { rate: 1234 }, ratedCurrent: 20 }, columns, rows, colors)
  }

  test.prop([fc.integer({ min: 20, max: 200 }), fc.integer({ min: 8, max: 60 }), fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 })])(
    'fits the terminal, and nothing in it steers the terminal', (columns, rows, machines, alarms) => {
      const name = (i: number): string => `M${i}`
      const lines = picture([
        ...Array.from({ length: machines }, (_, i) => reading(name(i), i)),
        ...Array.from({ length: alarms }, (_, i) => alarm(name(i), severities[i % 4]!)),
      ], columns, rows)
      expect(lines.length).toBeLessThanOrEqual(rows)
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(columns)
        expect(line).not.toContain('\u001b')
      }
    })

  test('of more machines than there is room for, the worst come first and the rest are counted', () => {
    const lines = picture([...Array.from({ length: 50 }, (_, i) => reading(`M${i + 10}`, i < 25 ? 15 : 0)), alarm('M41', 'high'), alarm('M42', 'critical')], 100, 30)
    const machines = lines.filter((line) => /^M\d\d /.test(line))
    expect(machines.slice(0, 3)).toEqual([expect.stringMatching(/^M42 +stopped/), expect.stringMatching(/^M41 +stopped/), expect.stringMatching(/^M10 +running/)])
    expect(lines).toContain(`... and ${50 - machines.length} machines more`)
    expect(lines.join('\n')).toContain('critical    3m20s  M42: too hot')
  })

  test('before the first reading, what is not known yet is a dash', () => {
    const [title, numbers] = picture([], 100, 30)
    expect(title).toMatch(/ - UTC$/)
    expect(numbers).toContain('lag -   0 readings')
  })

  test('an alarm stands until it is cleared, reset or closed, whatever is done with it meanwhile', () => {
    const stages = (...steps: readonly (readonly [Alarm['state'], Alarm['status']])[]): readonly number[] => {
      const state = watchState()
      return steps.map(([became, status]) => {
        state.take([{ ...alarm('M1', 'high'), state: became, status } as Item])
        return state.standing.size
      })
    }
    expect(stages(['raised', 'unacknowledged'], ['data-lost', 'unacknowledged'], ['acknowledged', 'acknowledged'], ['shelved', 'shelved'], ['unshelved', 'unacknowledged'], ['cleared', 'returned'], ['acknowledged', 'normal'])).toEqual([1, 1, 1, 1, 1, 0, 0])
    expect(stages(['raised', 'unacknowledged'], ['cleared', 'latched-unacknowledged'], ['acknowledged', 'latched'], ['reset', 'normal'])).toEqual([1, 1, 1, 0])
    expect(stages(['raised', 'unacknowledged'], ['suppressed', 'suppressed'], ['cleared', 'suppressed'], ['unsuppressed', 'latched-unacknowledged'], ['closed', 'normal'])).toEqual([1, 1, 0, 1, 0])
    expect(stages(['raised', 'unacknowledged'], ['cleared', 'returned'], ['shelved', 'shelved'], ['unshelved', 'normal'])).toEqual([1, 0, 0, 0])
  })

  test('a machine that was not heard for a minute has no data, and one without its current is unknown', () => {
    const lines = picture([reading('gone', 15), { ...reading('mute', 22), sensor: 'voltage', time: 1e12 + 61_000 } as Item], 100, 30)
    expect(lines.filter((line) => /^(gone|mute)/.test(line))).toEqual([expect.stringMatching(/^gone +no data/), expect.stringMatching(/^mute +unknown/)])
  })

  test('the pace: readings a second, and the time that is left', () => {
    const pace = meter()
    pace(0, 0.5, 0)
    expect(pace(2000, 0.6, 2000)).toEqual({ rate: 1000, left: expect.closeTo(8000, 6) })
    expect(pace(2000, undefined, 2100).left).toBeUndefined()
  })

  test('the closing words say what was seen, and name what still stands', async () => {
    const sink = reportSink()
    await sink.open()
    await sink.write([
      reading('M1', 1),
      { ...reading('M1', 2), quality: 'suspect' } as Item,
      { kind: 'rejected', time: 1e12, reason: 'late', detail: '' } as Item,
      { kind: 'anomaly', time: 1e12, machine: 'M1', reading: reading('M1', 1), classes: ['electrical'] } as Item,
      alarm('M1', 'high'),
      { ...reading('M1', 3), time: 1e12 + 43_200_000 } as Item,
      {
        kind: 'alarm-measures', time: 1e12 + 43_200_000, key: 'plant', start: 1e12, end: 1e12 + 43_200_000, raised: 4, perDay: 8, most: 4, flood: 0.5, mix: { low: 0.5, medium: 0.25, high: 0, critical: 0.25 },
        targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } }, top: [{ machine: 'M1', rule: 'hot', raised: 3, share: 0.75 }], chattering: 0, fleeting: 0, standing: 0,
      } as Item,
    ])
    const text = summaryText(sink.report()).join('\n')
    expect(text).toContain('Practice    8 alarms a day (aim: 150), 50 % of the time in flood (1), low, medium, high 50, 25, 25 % (80, 15, 5)\n            most often: hot on M1 3\n')
    expect(text).toContain('Readings    3 of 1 machine; 1 rejected (1 late), 1 suspect, 0 duplicates left out')
    expect(text).toContain('electrical 1')
    expect(text).toContain('1 raised, 0 cleared, 1 standing\n            high, since 2001-09-09 01:43:20: M1: too hot')
  })
})
