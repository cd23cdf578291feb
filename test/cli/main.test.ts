import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { above, encodeReading, rule } from 'motorwatch'
import { reading } from 'motorwatch/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ranIn } from './ran.js'

const root = join(import.meta.dirname, '../..')
let folder = ''
const at = (name: string) => join(folder, name)
const file = (name: string, content: unknown) => { writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content)) }

const hot = rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: '30s', offDelay: '10s' })
const warm = rule({ ...hot, when: above('temperature_coil', 110) })
const passes = { name: 'after its delay', given: { temperature_coil: '121' }, expect: [{ at: '29s', rule: 'hot', state: 'pending' }, { at: '30s', rule: 'hot', state: 'raised' }] }
const fails = { name: 'at once', given: { temperature_coil: '121' }, expect: [{ at: 0, rule: 'hot', state: 'raised' }] }

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'motorwatch-cli-'))
  file('hot.json', { rules: [hot] })
  file('warm.json', { rules: [warm] })
  file('passes.json', { tests: [passes] })
  file('fails.json', { tests: [passes, fails] })
  file('alone.json', { ...fails, rules: [hot] })
  file('flutter.json', { rules: [rule({ id: 'flutter', when: above('current', 40) })] })
  file('broken.json', '{ "rules": [{ "id": "x", "when": { "op": "abov" } }] }')
})
afterAll(() => { rmSync(folder, { recursive: true }) })

const ran = (...args: readonly string[]) => ranIn(folder, args)

describe('test', () => {
  test('all pass', async () => {
    expect(await ran('test', at('hot.json'), at('passes.json'))).toEqual({ code: 0, error: '', out: 'passes.json\n  ✓ after its delay\n\n1 test: 1 passed, 0 failed\n' })
  })

  test('some fail, and what differs is shown', async () => {
    const { code, out, error } = await ran('test', at('hot.json'), at('passes.json'), at('fails.json'))
    expect([code, error]).toEqual([1, ''])
    expect(out.split('\n')).toEqual([
      'passes.json', '  ✓ after its delay', 'fails.json', '  ✓ after its delay', '  ✗ at once', '    at 0s, hot', '    - raised', '    + pending   (temperature_coil 121, limit 120 degC)', '      never raised', '',
      '- expected  + came', '3 tests: 2 passed, 1 failed', '',
    ])
  })

  test('one test alone, as fuzzRule prints it, with its rules', async () => {
    expect((await ran('test', at('alone.json'))).code).toBe(1)
  })

  test.each([
    [[], 'it needs files'],
    [['hot.json'], 'hot.json has rules and no tests: name a file of tests behind it'],
    [['passes.json'], "passes.json: tests[0] 'after its delay': it has no rules"],
    [['hot.json', 'nowhere.json'], 'nowhere.json: there is no such file; expected a file of rule tests'],
    [['hot.json', 'hot.json'], 'hot.json: tests: got nothing'],
    [['broken.json', 'passes.json'], 'broken.json: rules[0].when.op: got "abov", expected one of above'],
    [['flutter.json', 'passes.json'], "tests[0] 'after its delay': it expects something of the rule 'hot', and the rules are 'flutter'"],
    [['.', 'passes.json'], 'it is a folder'],
  ])('%j cannot be run', async (files, message) => {
    const { code, error } = await ran('test', ...files.map(at))
    expect(code).toBe(2)
    expect(error).toContain(message)
    expect(error).toContain('(motorwatch test --help tells how it is used)')
  })
})

describe('check', () => {
  test('nothing is wrong', async () => {
    expect(await ran('check', at('hot.json'), at('warm.json'))).toEqual({ code: 0, error: '', out: 'hot.json: 1 rule, nothing is wrong\nwarm.json: 1 rule, nothing is wrong\n' })
  })

  test('something is', async () => {
    const { code, out } = await ran('check', at('hot.json'), at('flutter.json'))
    expect(code).toBe(1)
    expect(out).toMatch(/^hot\.json: 1 rule, nothing is wrong\nflutter\.json: 1 rule, 1 problem\n {2}flutter: .* {2}\(no hysteresis\)\n$/)
  })

  test('by a register, whether machines have the sensors and parameters', async () => {
    file('parameters.json', { rules: [rule({ id: 'overload', when: above('current', '$ratedCurrent * 1.1'), onDelay: '5s' })] })
    file('bare.json', { machines: [{ id: 'bare' }] })
    const { code, out } = await ran('check', at('parameters.json'), '--machines', at('bare.json'))
    expect(code).toBe(1)
    expect(out).toContain('(unknown parameter)')
  })

  test('it cannot be read', async () => {
    expect(await ran('check', at('broken.json'))).toMatchObject({ code: 2, out: '', error: expect.stringContaining('expected one of above') })
    expect(await ran('check')).toMatchObject({ code: 2, error: expect.stringContaining('it needs a file of rules') })
  })
})

describe("--signals, a user's own", () => {
  const module = (name: string) => join(import.meta.dirname, 'fixtures', name)
  const knock = { id: 'knock', when: { op: 'above', signal: { op: 'own', name: 'peak', params: { decay: 0.5 }, of: ['vibration_rotor'] }, limit: 7 }, onDelay: '2s' }
  const given = { vibration_rotor: '8 1 1 1 1' }
  const expected = [{ at: '1s', rule: 'knock', state: 'pending', margin: 0.5 }, { at: '2s', rule: 'knock', state: 'normal', margin: 0 }]
  beforeAll(() => {
    file('knock.json', { rules: [knock] })
    file('knocks.json', { tests: [{ given, expect: expected }, { rules: [knock], given, expect: expected }] })
    file('knock-readings.jsonl', [8, 7.9, 7.8, 1].map((value, i) => encodeReading(reading('m1', 'vibration_rotor', value)(Date.UTC(2026, 0, 5) + i * 1000))).join('\n'))
  })

  test('test, with the rules in front and with the test', async () => {
    const { code, out, error } = await ran('test', at('knock.json'), at('knocks.json'), '--signals', module('signals.mjs'))
    expect([code, error]).toEqual([0, ''])
    expect(out).toContain('2 tests: 2 passed, 0 failed')
  })

  test('check', async () => {
    expect(await ran('check', at('knock.json'), '--signals', module('signals.mjs'))).toEqual({ code: 0, error: '', out: 'knock.json: 1 rule, nothing is wrong\n' })
  })

  test('replay', async () => {
    const { code, out, error } = await ran('replay', at('knock-readings.jsonl'), '--rules', at('knock.json'), '--against', at('knock.json'), '--signals', module('signals.mjs'))
    expect([code, error]).toEqual([0, ''])
    expect(out).toMatch(/m1 +knock +2026-01-05T00:00:02.000Z {2}7\.8 against 7/)
  })

  test.each([
    ['nowhere.mjs', 'nowhere.mjs: there is no such file; expected an ES module that exports signals made by ownSignal'],
    ['no-signals.mjs', 'no-signals.mjs: it exports help, limit, none of them a signal; expected signals made by ownSignal: export const peak = '],
    ['twins.mjs', "twins.mjs: two of its signals have the name 'peak'"],
    ['broken.mjs', 'broken.mjs: it could not be loaded: out of order; expected an ES module'],
  ])('%s cannot be used', async (name, message) => {
    const { code, error } = await ran('check', at('knock.json'), '--signals', module(name))
    expect(code).toBe(2)
    expect(error).toContain(message)
  })

  test('rules that name one, without it', async () => {
    expect((await ran('check', at('knock.json'))).error).toContain('rules[0].when.signal.name: got "peak", expected a signal of one\'s own, and none is known here: give its definition in the option signals, or a module of them with --signals')
  })
})

describe('replay', () => {
  const SIX = Date.UTC(2026, 0, 5, 6)
  const lines = (machine: string, values: readonly number[]) => values.map((value, i) => encodeReading(reading(machine, 'temperature_coil', value)(SIX + i * 1000)))
  const record = (name: string, ...more: readonly string[]) => {
    // m1 rises by a degree a second from 100; m2 is at 115 for a minute, then cold
    const both = [...lines('m1', Array.from({ length: 90 }, (_, i) => 100 + i)), ...lines('m2', Array.from({ length: 90 }, (_, i) => (i < 60 ? 115 : 20)))]
    file(name, [...both.sort((a, b) => a.slice(14, 38).localeCompare(b.slice(14, 38))), ...more].join('\n'))
  }
  const replayed = (one: string, other: string, ...more: readonly string[]) => {
    record('readings.jsonl', ...more)
    return ran('replay', at('readings.jsonl'), '--rules', at(one), '--against', at(other))
  }

  test('side by side: when, by how much, and how they differ', async () => {
    const { code, out, error } = await replayed('hot.json', 'warm.json')
    expect([code, error]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      '- hot: medium when temperature_coil above 120 for 30s, clears for 10s',
      '+ hot: medium when temperature_coil above 110 for 30s, clears for 10s',
      'machine  rule  --rules hot.json                                        --against warm.json',
      'm2       hot   -                                                       2026-01-05T06:00:30.000Z  115 against 110 degC (+5)   appears',
      'm1       hot   2026-01-05T06:00:51.000Z  151 against 120 degC (+31)    2026-01-05T06:00:41.000Z  141 against 110 degC (+31)  10s earlier',
      '', '2 alarms: appears 1, earlier 1', '180 lines read', '',
    ].map((line) => (line.startsWith('machine') || line.startsWith('m') ? expect.stringMatching(line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ {2,}/g, ' {2,}')) as string : line)))
  })

  test('the other way round', async () => {
    const { out } = await replayed('warm.json', 'hot.json')
    expect(out).toMatch(/disappears\n.* 10s later\n\n2 alarms: disappears 1, later 1\n/)
  })

  test('the same rules', async () => {
    const { out } = await replayed('hot.json', 'hot.json')
    expect(out).toMatch(/^machine .*\nm1 .* stays\n\n1 alarm: stays 1\n/)
    expect((await replayed('flutter.json', 'flutter.json')).out).toBe('neither raises an alarm\n180 lines read\n')
  })

  test('nothing that is rejected is passed over', async () => {
    expect((await replayed('hot.json', 'hot.json', 'no JSON', ...lines('m1', [100]))).out).toContain('182 lines read, 2 rejected: undecodable 1, late 1\n')
  })

  const overload = rule({ id: 'overload', when: above('current', '$ratedCurrent * 1.1') })
  const loads = (machine: string) => [10, 200, 10, 10].map((value, i) => encodeReading(reading(machine, 'current', value)(SIX + i * 1000)))

  test('limits of the machine, and what its instruments can show, come from a register', async () => {
    file('overload.json', { rules: [overload] })
    file('loads.jsonl', [...loads('small'), ...loads('large')].sort((a, b) => a.slice(14, 38).localeCompare(b.slice(14, 38))).join('\n'))
    file('machines.json', { machines: [{ id: 'small', area: 'hall', parameters: { ratedCurrent: 9 } }, { id: 'large', nameplate: { ratedCurrent: 100 } }] })
    const both = ['--rules', at('overload.json'), '--against', at('overload.json')]
    const { code, out } = await ran('replay', at('loads.jsonl'), ...both, '--machines', at('machines.json'))
    expect(code).toBe(0)
    expect(out).toMatch(/small +overload +2026-01-05T06:00:00.000Z {2}10 against 9\.9/)
    expect(out).toMatch(/large +overload +2026-01-05T06:00:01.000Z {2}200 against 110/)
    expect(out).toContain('2 alarms: stays 2')
    expect((await ran('replay', at('loads.jsonl'), ...both)).out).toContain('neither raises an alarm\nthe rules name parameters of machines, and no machine is known')
  })

  test('readings may come later by as much as is said', async () => {
    const late = lines('m1', [100, 100, 100, 121])
    file('late.jsonl', [...lines('m1', Array.from({ length: 40 }, () => 20)).slice(4), ...late].join('\n'))
    const both = ['--rules', at('hot.json'), '--against', at('hot.json')]
    expect((await ran('replay', at('late.jsonl'), ...both)).out).toContain('40 lines read, 4 rejected: late 4')
    expect((await ran('replay', at('late.jsonl'), ...both, '--lateness', '1m')).out).toContain('40 lines read\n')
  })

  test.each([
    ['[]', 'document: got [], expected an object with the field machines'],
    ['{', 'not JSON: '],
    ['{ "machines": [{ "id": "a", "nameplate": { "ratedCurrent": 0 } }] }', 'machines[0].nameplate.ratedCurrent: got 0, expected a number above 0'],
    ['{ "machines": [{ "id": "a" }, { "id": "a" }] }', "machines: machine 'a' is in the register twice"],
  ])('a register %s', async (json, message) => {
    file('wrong.json', json)
    record('readings.jsonl')
    const { code, error } = await ran('replay', at('readings.jsonl'), '--rules', at('hot.json'), '--against', at('hot.json'), '--machines', at('wrong.json'))
    expect(code).toBe(2)
    expect(error).toContain(`--machines wrong.json: ${message}`)
  })

  test.each([
    [['replay', '.', '--rules', 'reference', '--against', 'reference', '--lateness', 'soon'], "--lateness soon: expected a time such as '30s'"],
    [['replay', '.', '--rules', 'reference', '--against', 'reference', '--machines', 'nowhere.json'], 'nowhere.json: there is no such file; expected a file of machines as JSON'],
    [['replay'], 'it needs readings'],
    [['replay', 'a', 'b'], 'it replays one file, a folder, s3://BUCKET/PREFIX, or - for standard input, and these are 2: a, b'],
    [['replay', 'a'], "it needs --rules: 'reference', 'nameplate', 'learned', or a file of rules as JSON"],
    [['replay', 'a', '--rules', 'reference'], 'it needs --against'],
    [['replay', 'a', '--rules', 'reference', '--against', 'reference'], 'a: there is no such file or folder'],
    [['replay', '.', '--rules', 'reference', '--against', 'nowhere.json'], "nowhere.json: there is no such file; expected 'reference', 'nameplate', 'learned', or a file"],
    [['replay', '.', '--rules=', '--against', 'x'], '--rules is empty'],
    [['replay', '.', '--agianst', 'x'], 'there is no option --agianst: did you mean --against?'],
    [['replay', '.', '--speed', 'x'], 'there is no option --speed\n'],
    [['replay', '.', '--rules'], '--rules needs a value: expected'],
    [['replay', '.', '--help=1'], '--help takes no value'],
  ])('%j', async (args, message) => {
    const { code, error } = await ran(...args)
    expect(code).toBe(2)
    expect(error).toContain(`motorwatch replay: ${message}`)
  })
})

describe('dead-letters', () => {
  test.each<[readonly string[], string]>([
    [['dead-letters'], 'where is Kafka? Set MOTORWATCH_KAFKA_BROKERS=host:port'],
    [['dead-letters', '--reason', 'broken'], '--reason broken: expected one of undecodable, late, ahead, duplicate, refused'],
    [['dead-letters', '--yes'], '--yes is for --to: say where they are to be sent'],
    [['dead-letters', '--to', 'motorwatch_dead_letters'], '--to motorwatch_dead_letters: there the dead letters are'],
    [['dead-letters', '--since', 'yesterday'], '--since yesterday: expected a time such as 2026-01-05T06:00:00Z'],
    [['dead-letters', '--limit', 'all'], '--limit all: expected a whole number'],
    [['dead-letters', 'x'], 'it takes options only, and there is x'],
  ])('%j', async (args, message) => {
    const { code, error } = await ran(...args)
    expect(code).toBe(2)
    expect(error).toContain(`motorwatch dead-letters: ${message}`)
  })
})

describe('the command itself', () => {
  test.each([[['--help']], [['-h']], [['help']], [['test', '--help']], [['check', '-h']], [['replay', '--help', 'x']], [['learn', '-h']], [['evaluate', '-h']], [['dead-letters', '--help']]])('%j', async (args) => {
    const { code, out, error } = await ran(...args)
    expect([code, error]).toEqual([0, ''])
    expect(out).toMatch(/^motorwatch/)
    expect(out).toContain('xit code')
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(150)
  })

  test.each([[[], 'it needs a command: test, check, replay'], [['tset'], "there is no command 'tset': did you mean test?"], [['frobnicate'], "there is no command 'frobnicate'\n"], [['--rules', 'x'], 'the command comes first']])('%j', async (args, message) => {
    const { code, error } = await ran(...args)
    expect(code).toBe(2)
    expect(error).toContain(message)
  })

  test('runs from a fresh clone, without colours on a pipe, and with its exit code', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/motorwatch.ts', 'test', at('hot.json'), at('fails.json')], { cwd: root, encoding: 'utf8', env: { ...process.env, CI: '1', FORCE_COLOR: '1' } })
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toContain('2 tests: 1 passed, 1 failed')
    expect(stdout).not.toContain('\u001b')
  })
})
