import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseOptions } from '../../examples/factory/options.js'
import { WrongOption } from '../../examples/factory/wrong-option.js'

const folder = mkdtempSync(join(tmpdir(), 'factory-options-'))
const at = (...names: readonly string[]): string => join(folder, ...names)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

writeFileSync(at('wrong.json'), JSON.stringify({ rules: [{ id: 'hot', when: { op: 'abov', signal: 'temperature_coil', limit: 120 } }] }))
writeFileSync(at('no.json'), 'rules: none')
writeFileSync(at('rules.json'), JSON.stringify({ rules: [{ id: 'hot', severity: 'high', when: { op: 'above', signal: 'temperature_coil', limit: 100 } }] }))
mkdirSync(at('readings'))
writeFileSync(at('readings', 'may.jsonl'), '')
symlinkSync(at('readings', 'may.jsonl'), at('link.jsonl'))
symlinkSync(at('readings'), at('link'))
mkdirSync(at('ran'))
for (const name of ['alarms.jsonl', 'report.json', 'old.json.alarms.jsonl']) writeFileSync(at('ran', name), '')

const refused = (args: readonly string[]): string => {
  try {
    parseOptions(args, false)
  } catch (error) {
    expect(error).toBeInstanceOf(WrongOption)
    return (error as WrongOption).message
  }
  return 'not refused'
}

describe('is refused with words that help', () => {
  test.each<[readonly string[], string]>([
    [['--sped', '3'], 'there is no option --sped: did you mean --speed?'],
    [['--dur', '3h'], 'there is no option --dur: did you mean --duration?'],
    [['--wibble'], 'there is no option --wibble'],
    [['readings'], "'readings' is not an option: all options begin with --"],
    [['--help', 'extra'], "'extra' is not an option: all options begin with --"],
    [['--seed', '1', 'package.json'], "'package.json' is not an option: to read it, write --input package.json"],
    [['--help=yes'], '--help takes no value'],
    [['--speed'], '--speed needs a value: expected'],
    [['--speed', '--seed', '1'], '--speed needs a value: expected'],
    [['--speed', '-1'], "--speed -1: expected 'max', or a number above 0"],
    [['--duration', '-5m'], '--duration -5m: expected a length of time above 0'],
    [['--wibble', '-1'], 'there is no option --wibble'],
    [['--seed', '1', '--seed', '2'], '--seed is given 2 times (1, 2): give it once'],
    [['--help', '-h'], '--help is given 2 times: give it once'],
    [['--duration', '5 minutes'], "--duration 5 minutes: expected a length of time above 0, such as '90s'"],
    [['--machines', '1.5'], '--machines 1.5: expected a whole number from 1 to 1000'],
    [['--seed', 'x'], '--seed x: expected a whole number, 0 or more'],
    [['--out='], '--out is empty: expected a directory'],
    [['--input', 'nowhere.jsonl'], '--input nowhere.jsonl: there is no such file or folder'],
    [['--input', '-', '--machines', '3'], '--machines is for the simulation'],
    [['--rules', 'nowhere.json'], "--rules nowhere.json: there is no such file; expected 'reference' or a file of rules"],
    [['--rules', 'refrence'], "--rules refrence: there is no such file; expected 'reference' or a file of rules: did you mean 'reference'?"],
    [['--rules', at('wrong.json')], `--rules ${at('wrong.json')}: rules[0].when.op: got "abov", expected one of above`],
    [['--rules', at('no.json')], `--rules ${at('no.json')}: not JSON`],
  ])('%j', (args, words) => {
    expect(refused(args).slice(0, words.length)).toBe(words)
  })

  const input = ['--input', at('readings', 'may.jsonl')]
  test.each<[string, readonly string[], string]>([
    ['a report over the input', [...input, '--report', at('readings', 'may.jsonl')], `it would overwrite ${at('readings', 'may.jsonl')}, which --input reads: name another file`],
    ['a report over the input, by another name', [...input, '--report', at('link.jsonl')], 'which --input reads'],
    ['a report whose file of alarms is the input', ['--input', at('ran', 'old.json.alarms.jsonl'), '--report', at('ran', 'old.json')], 'which --input reads'],
    ['a report over the rules', [...input, '--rules', at('rules.json'), '--report', at('rules.json')], 'which --rules reads'],
    ['a report in the folder of the input', ['--input', at('readings'), '--report', at('link', 'report.json')], 'would be read by --input'],
    ['a report that is a folder', ['--report', at('readings')], `it is a folder: name a file in it, such as ${at('readings', 'report.json')}`],
    ['a report that would be a folder', ['--report', `${at('new')}/`], 'it is a folder'],
    ['a report below a file', ['--report', at('no.json', 'report.json')], `${at('no.json')} is a file, and a directory is expected there: name another file`],
    ['a report over the alarms of the run', ['--out', at('new'), '--report', at('new', 'alarms.jsonl')], 'writes there itself'],
    ['a report in the lake of the run', ['--out', at('new'), '--report', at('new', 'lake', 'report.json')], 'writes there itself'],
    ['a run below a file', ['--out', at('no.json', 'run')], `${at('no.json')} is a file, and a directory is expected there: name another directory`],
    ['a run over its input', ['--input', at('ran', 'report.json'), '--out', at('ran')], 'which --input reads: name another directory'],
    ['a run in the folder of its input', ['--input', at('readings'), '--out', at('link')], 'would be read by --input'],
  ])('%s', (_, args, words) => {
    expect(refused(args)).toContain(words)
  })

  test.skipIf(process.platform === 'win32')('a report over a device', () => {
    expect(refused(['--report', '/dev/null'])).toContain('--report /dev/null: it is a device or a pipe')
  })
})

test('where Kafka begins again is told by a word or a time, and by one option', () => {
  const on = (...args: readonly string[]) => parseOptions(args, false, { MOTORWATCH_KAFKA_BROKERS: 'localhost:9092' })
  expect(on('--rewind', 'earliest')).toMatchObject({ begin: 'earliest', dryRun: false })
  expect(on('--rewind', '2026-01-05T06:00:00Z')).toMatchObject({ begin: Date.UTC(2026, 0, 5, 6) })
  expect(on('--repair')).toMatchObject({ begin: 'journal' })
  expect(on('--dry-run')).toMatchObject({ dryRun: true })
  expect(() => on('--rewind', 'yesterday')).toThrow("--rewind yesterday: expected 'committed', 'earliest', 'latest', or a time such as 2026-01-05T06:00:00Z")
  expect(() => on('--rewind', 'latest', '--repair')).toThrow('--rewind and --repair: one thing at a time; leave one of them out')
  expect(() => on('--feed', '--dry-run')).toThrow('--dry-run is for what watches, and --feed only sends')
  expect(() => parseOptions(['--repair'], false, {})).toThrow('--repair is for Kafka: set MOTORWATCH_KAFKA_BROKERS')
})

test('the page of workers is asked for with what a page has, and nothing of what watches', () => {
  const on = (...args: readonly string[]) => parseOptions(args, false, { MOTORWATCH_KAFKA_BROKERS: 'localhost:9092', MOTORWATCH_INFLUX_URL: 'http://localhost:8086', MOTORWATCH_INFLUX_TOKEN: 'token' })
  expect(on('--page', '--port', '0', '--host', '0.0.0.0', '--zone', 'Asia/Jakarta', '--rules', at('rules.json'))).toMatchObject({ page: true, feed: false, web: { port: 0, host: '0.0.0.0', zone: 'Asia/Jakarta' }, rules: { name: at('rules.json') } })
  expect(on('--page')).toMatchObject({ page: true, web: {} })
  expect(on()).toMatchObject({ page: false })
  for (const args of [['--out', 'x'], ['--until', 'caught-up'], ['--dry-run'], ['--repair'], ['--rewind', 'latest'], ['--no-web'], ['--machines', '3'], ['--report', 'x.json']])
    expect(() => on('--page', ...args)).toThrow(`${args[0]} is not for --page, which shows what workers do, and keeps nothing: leave one of them out`)
  writeFileSync(at('machines.json'), JSON.stringify({ machines: [{ id: 'M1', nameplate: { ratedCurrent: 20 } }] }))
  expect(on('--page', '--register', at('machines.json'))).toMatchObject({ register: new Map([['M1', { id: 'M1', nameplate: { ratedCurrent: 20 } }]]) })
  expect(() => on('--page', '--register', 'nowhere.json')).toThrow('--register nowhere.json: there is no such file; expected a file of machines as JSON')
  expect(() => on('--page', '--register', at('rules.json'))).toThrow(`--register ${at('rules.json')}: rules: got`)
  expect(on('--register', at('machines.json'))).toMatchObject({ page: false, register: new Map([['M1', { id: 'M1', nameplate: { ratedCurrent: 20 } }]]) })
  expect(() => on('--feed', '--register', at('machines.json'))).toThrow('--register is for what watches, and --feed only sends')
  expect(() => parseOptions(['--register', at('machines.json')], false, {})).toThrow('--register is for Kafka: set MOTORWATCH_KAFKA_BROKERS')
  expect(() => on('--page', '--feed')).toThrow('--page is for what watches, and --feed only sends')
  expect(() => on('--port', '8090')).toThrow('--port is not for what is read from Kafka: for the page of what workers do, add --page')
  expect(() => on('--page=yes')).toThrow('--page takes no value')
  expect(() => parseOptions(['--page'], false, {})).toThrow('--page is for Kafka: set MOTORWATCH_KAFKA_BROKERS, or leave it out: without Kafka there is a page all the time')
})

test('places beside the input are taken', () => {
  const input = at('readings')
  expect(parseOptions(['--input', input, '--out', at('readings', 'run'), '--report', at('readings', 'run', 'report.json')], false)).toMatchObject({ input, out: at('readings', 'run') })
  expect(parseOptions(['--input', at('readings', 'may.jsonl'), '--report', at('readings', 'report.json')], false)).toMatchObject({ report: at('readings', 'report.json') })
  expect(parseOptions(['--out', at('ran')], false)).toMatchObject({ out: at('ran') })
})
