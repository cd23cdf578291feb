import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { above, below, detected, encodeReading, rule } from 'motorwatch'
import type { Item, Reading } from 'motorwatch'
import { wearChart } from 'motorwatch/detectors'
import { parquetSink } from 'motorwatch/sinks/parquet'
import { reading } from 'motorwatch/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { random } from '../random.js'
import { ranIn } from './ran.js'

let folder = ''
const at = (name: string): string => join(folder, name)
const ran = (...args: readonly string[]) => ranIn(folder, args)

const T0 = Date.UTC(2026, 0, 5, 6)
const wear = detected(wearChart, 'vibration_rotor', { every: '10s', params: { warmup: 30, persistence: 1 } })
const rules = [rule({ id: 'wears', when: above(wear, 1), clear: below(wear, 0.6) }), rule({ id: 'shakes', when: above('vibration_rotor', 4), offDelay: '10s' })]

/** Two hours of two machines, a reading every 5 s; M2 shakes in the second hour. */
function twoHours(): readonly Reading[] {
  const draw = random(7)
  return Array.from({ length: 2 * 720 }, (_, i) => ['M1', 'M2'].map((machine) => reading(machine, 'vibration_rotor', 1 + 0.1 * draw() + (machine === 'M2' && i > 1_000 && i < 1_100 ? 4 : 0))(T0 + i * 5_000))).flat()
}

async function lake(dir: string, items: readonly Item[]): Promise<void> {
  const sink = parquetSink({ dir, rows: 500 })
  await sink.open()
  await sink.write(items)
  await sink.close(true)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'motorwatch-recording-'))
  writeFileSync(at('rules.json'), JSON.stringify({ rules }))
  writeFileSync(at('shakes.json'), JSON.stringify({ rules: [rules[1]] }))
  writeFileSync(at('file.jsonl'), twoHours().map((each) => `${encodeReading(each)}\n`).join(''))
  writeFileSync(at('truth.json'), JSON.stringify({ events: [
    { machine: 'M1', from: '2026-01-05T06:10:00Z', to: '2026-01-05T06:20:00Z' }, { machine: 'M2', from: '2026-01-05T07:10:00Z', to: '2026-01-05T07:40:00Z' },
  ] }))
  await lake(at('lake'), twoHours())
})
afterAll(() => { rmSync(folder, { recursive: true }) })
afterEach(() => { vi.unstubAllEnvs() })

const replayed = (input: string, ...more: readonly string[]) => ran('replay', at(input), '--rules', at('shakes.json'), '--against', at('rules.json'), ...more)

describe('the folder of a lake is read as the file with the same readings is', () => {
  const asReadings = (out: string): string => out.replace(' lines read', ' readings read')

  test('replay', async () => {
    const [file, folder] = [await replayed('file.jsonl'), await replayed('lake')]
    expect(folder).toEqual({ ...file, out: asReadings(file.out) })
    expect(folder.out).toContain('M2       shakes')
    expect(folder.out).toContain('2880 readings read\n')
  })

  test('learn', async () => {
    const learned = async (input: string, out: string) => {
      const { code, out: said } = await ran('learn', at(input), '--rules', at('rules.json'), '--out', at(out))
      return { code, said: asReadings(said).replaceAll(out, ''), written: readdirSync(folder).includes(out) }
    }
    expect(await learned('lake', 'of-lake.json')).toEqual(await learned('file.jsonl', 'of-file.json'))
  })

  test('evaluate', async () => {
    const evaluated = async (input: string) => (await ran('evaluate', at(input), '--rules', at('shakes.json'), '--truth', at('truth.json'))).out
    expect(await evaluated('lake')).toBe(asReadings(await evaluated('file.jsonl')))
    expect(await evaluated('lake')).toContain('1 of 2 events found')
  })
})

describe('--from and --until', () => {
  const [from, until] = ['2026-01-05T07:00:00Z', '2026-01-05T07:30:00Z']

  test('of a lake only those hours are read, of a file only those readings are taken', async () => {
    expect((await replayed('lake', '--from', from)).out).toContain('M2       shakes')
    expect((await replayed('lake', '--from', from, '--until', until)).out).toContain('720 readings read\n')
    expect((await replayed('lake', '--until', from)).out).toContain('neither raises an alarm\n1440 readings read\n')
    expect((await replayed('file.jsonl', '--from', from, '--until', until)).out).toContain('2880 lines read, 2160 outside --from and --until\n')
    expect((await replayed('file.jsonl', '--until', from)).out).toContain('neither raises an alarm\n2880 lines read, 1440 outside --from and --until\n')
  })

  test('evaluate leaves out the events that lie outside', async () => {
    const { out } = await ran('evaluate', at('lake'), '--rules', at('shakes.json'), '--truth', at('truth.json'), '--from', from)
    expect(out).toContain('1 of 1 event found')
  })
})

test('an object that is broken is named, and the rest is read', async () => {
  await lake(at('broken'), twoHours())
  const hour = 'kind=reading/day=2026-01-05/hour=06'
  const [first] = readdirSync(at(`broken/${hour}`)).sort()
  truncateSync(at(`broken/${hour}/${first}`), 100)
  const { code, out } = await replayed('broken')
  expect(code).toBe(0)
  expect(out).toContain('2381 readings read, 1 rejected: undecodable 1\n')
  expect(out).toMatch(new RegExp(`the first that is undecodable: broken/${hour}/${first}: this is no Parquet object of readings \\(.*\\); what it held is missing: bring it back, or move it away\n$`))
})

describe('what is wrong is one line, and exit code 2', () => {
  beforeAll(async () => {
    await lake(at('alarms'), [{ kind: 'alarm', time: T0 } as Item])
    mkdirSync(at('empty/kind=reading'), { recursive: true })
    writeFileSync(at('wrong.json'), '')
  })

  test.each<[readonly string[], RegExp]>([
    [['alarms'], /alarms: there are no readings in 'alarms\/'; expected objects in folders reading\/day=.*: name the folder above those/],
    [['empty'], /empty: there are no readings in/],
    [['lake', '--from', '2027-01-05T06:00:00Z'], /lake: there are no readings from 2027-01-05T06:00:00.000Z in 'lake\/'; its hours are from day=2026-01-05\/hour=06 to day=2026-01-05\/hour=07, in UTC/],
    [['lake', '--from', '2026-01-05'], /--from 2026-01-05: expected a time such as "2025-12-18T12:30:00Z": a date alone is ambiguous, add time and zone/],
    [['lake', '--from', '2026-01-05T07:00:00Z', '--until', '2026-01-05T06:00:00Z'], /--from 2026-01-05T07:00:00Z is not before --until 2026-01-05T06:00:00Z/],
    [['s3://motor-data-lake'], /where is S3\? Set MOTORWATCH_S3_ENDPOINT=http:\/\/host:9000, MOTORWATCH_S3_ACCESS_KEY and MOTORWATCH_S3_SECRET_KEY/],
    [['s3://'], /s3:\/\/: expected s3:\/\/BUCKET or s3:\/\/BUCKET\/PREFIX/],
    [['s3:motor-data-lake'], /s3:motor-data-lake: expected s3:\/\/BUCKET/],
    [['s3://Motor_Lake/x'], /s3:\/\/Motor_Lake\/x: expected s3:\/\/BUCKET/],
    [['s3://me:secret@bucket/x'], /s3:\/\/\.\.\.@bucket\/x: expected s3:\/\/BUCKET/],
    [['s3://me:secret@bucket/x', 'y'], /it replays one file, a folder, s3:\/\/BUCKET\/PREFIX, or - for standard input, and these are 2: s3:\/\/\.\.\.@bucket\/x, /],
  ])('%j', async (args, message) => {
    const { code, error } = await ran('replay', ...args.map((arg) => (/^(s3:|--|\d)/.test(arg) ? arg : at(arg))), '--rules', 'reference', '--against', 'reference')
    expect(code).toBe(2)
    expect(error).toMatch(message)
    expect(error).not.toContain('secret@')
    expect(error.split('\n')).toHaveLength(3)
  })

  test('a server that is not there, and what of the environment is missing or wrong', async () => {
    const asked = async (input = 's3://motor-data-lake/p') => (await ran('replay', input, '--rules', 'reference', '--against', 'reference')).error
    vi.stubEnv('MOTORWATCH_S3_ENDPOINT', 'http://127.0.0.1:9')
    expect(await asked()).toContain('MOTORWATCH_S3_ENDPOINT is set, and MOTORWATCH_S3_ACCESS_KEY, MOTORWATCH_S3_SECRET_KEY not')
    vi.stubEnv('MOTORWATCH_S3_ACCESS_KEY', 'the-access-key')
    vi.stubEnv('MOTORWATCH_S3_SECRET_KEY', 'the-secret-key')
    const error = await asked()
    expect(error).toMatch(/^motorwatch replay: s3: no server answers at http:\/\/127.0.0.1:9 \(connect ECONNREFUSED 127.0.0.1:9\): is it running, and is the address right\?\n/)
    expect(error).not.toMatch(/the-(access|secret)-key/)
    expect(await asked('s3://motor-data-lake/a/../b')).toMatch(/prefix is 'a\/\.\.\/b'; expected a path such as/)
  })
})
