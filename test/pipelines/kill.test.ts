import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Alarm } from 'motorwatch/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../random.js'
import { disturbed, work } from './kill/drive.js'
import type { Kill } from './kill/drive.js'
import { IMPLAUSIBLE, LATENESS, shuffler, writeSimulated } from './kill/input.js'
import { filesOf, inputContent, lakeContent } from './kill/lake.js'
import { delayed } from './kill/rules.js'

const MINUTES = 60_000
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 2 ** 31)
const seeded = `KILL_SEED=${seed}`

const referenceFile = join(import.meta.dirname, '../../../shared/data/reference-sensor-data.jsonl')
const isThere = existsSync(referenceFile)

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-kill-'))
})
afterAll(async () => {
  await rm(dir, { recursive: true, force: true })
})

const alarmsIn = async (place: string): Promise<readonly Alarm[]> =>
  (await readFile(join(place, 'alarms.jsonl'), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Alarm)

/** Ten of them, spread over the run, in an order that the seed shuffles. */
const tenKills = (next: () => number, free: 'anywhere' | 'outside'): readonly Kill[] => {
  const moments: readonly Kill['moment'][] = [
    'checkpoint half written', 'checkpoint not yet renamed', 'checkpoint just renamed',
    'object half written', 'object not yet renamed', 'object just renamed', 'line half written', free, free, free,
  ]
  const shuffled = moments.map((moment) => ({ moment, key: next() })).sort((a, b) => a.key - b.key)
  return shuffled.map(({ moment }, i) => ({ moment, after: (i + 0.2 + 0.8 * next()) / 12 }))
}

describe.skipIf(!isThere)(`the reference file, shuffled within 5 s (${seeded})${isThere ? '' : ' (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'}`, () => {
  const options = (name: string) => ({ input: join(dir, 'reference.jsonl'), rules: 'reference', speed: 'max', dir: join(dir, name), rows: 500, every: 0 }) as const
  let whole: Readonly<Record<string, string>>

  beforeAll(async () => {
    const { push, before, end } = shuffler(random(seed))
    let text = ''
    for (const line of (await readFile(referenceFile, 'utf8')).trimEnd().split('\n')) {
      const time = Date.parse((JSON.parse(line) as { timestamp: string }).timestamp)
      text += before(time)
      push(time, line)
    }
    await writeFile(join(dir, 'reference.jsonl'), text + end())
    expect((await work(options('reference'))).done).toMatchObject({ ended: true, resumed: false })
    whole = await filesOf(join(dir, 'reference'))
  }, MINUTES)

  test('undisturbed, each reading is in the lake once, and alarms and summaries come', async () => {
    const { lateness, ...expected } = await inputContent(join(dir, 'reference.jsonl'))
    expect(lateness).toBe(LATENESS)
    expect(expected).toMatchObject({ readings: 15_141, copies: 0 })
    expect(await lakeContent(join(dir, 'reference', 'lake'))).toMatchObject(expected)
    expect((await alarmsIn(join(dir, 'reference'))).length).toBeGreaterThan(0)
    expect((await readFile(join(dir, 'reference', 'summaries.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(21 * 61)
  })

  test.concurrent('killed ten times at full speed, it leaves the same files, byte for byte', { timeout: 5 * MINUTES }, async () => {
    await disturbed(options('reference-max'), tenKills(random(seed + 1), 'anywhere'))
    expect(await filesOf(join(dir, 'reference-max'))).toEqual(whole)
  })

  test.concurrent('killed ten times at 300 times the pace of the data, too', { timeout: 5 * MINUTES }, async () => {
    await disturbed({ ...options('reference-paced'), speed: 300, every: 200 }, tenKills(random(seed + 2), 'outside'))
    expect(await filesOf(join(dir, 'reference-paced'))).toEqual(whole)
  })

  test.concurrent('killed before its first checkpoint, and when the data have ended, too', { timeout: 5 * MINUTES }, async () => {
    const ends: readonly Kill[] = [
      { moment: 'checkpoint half written', after: 0 },
      { moment: 'checkpoint half written', after: 1 },
      { moment: 'checkpoint just renamed', after: 1 },
      // from here on nothing is left to read, and the last windows and objects are still to be written
      { moment: 'object half written', after: 0 },
      { moment: 'object just renamed', after: 0 },
      { moment: 'object not yet renamed', after: 0 },
    ]
    for (const kill of ends)
      expect(await work(options('reference-ends'), kill)).toMatchObject({ signal: 'SIGKILL', progress: kill.after, killed: kill.moment, done: undefined })
    expect((await work(options('reference-ends'))).done).toEqual({ ended: true, resumed: true, batches: 0 })
    expect(await filesOf(join(dir, 'reference-ends'))).toEqual(whole)
  })
})

describe(`a million simulated readings, some twice, some implausible, shuffled within 5 s (${seeded})`, () => {
  const COUNT = 1_000_000
  const options = (name: string) => ({ input: join(dir, 'simulated.jsonl'), rules: 'delayed', speed: 'max', dir: join(dir, name), rows: 20_000, every: 250 }) as const
  let made: { readonly implausible: number; readonly copies: number }
  let whole: Readonly<Record<string, string>>

  beforeAll(async () => {
    made = await writeSimulated(join(dir, 'simulated.jsonl'), COUNT, seed)
    expect((await work(options('simulated'))).done).toMatchObject({ ended: true, resumed: false })
    whole = await filesOf(join(dir, 'simulated'))
  }, 3 * MINUTES)

  test('undisturbed, each reading is in the lake once, and the rules that wait raise alarms', { timeout: 3 * MINUTES }, async () => {
    const { lateness, ...expected } = await inputContent(join(dir, 'simulated.jsonl'))
    expect(lateness).toBe(LATENESS)
    expect(expected).toMatchObject({ readings: COUNT, copies: made.copies })
    expect(made.copies).toBeGreaterThan(1_000)
    const { suspects, ...lake } = await lakeContent(join(dir, 'simulated', 'lake'))
    expect(lake).toEqual({ ...expected, copies: 0 })
    expect(suspects).toHaveLength(made.implausible)
    expect(new Set(suspects)).toEqual(new Set([IMPLAUSIBLE]))
    const alarms = await alarmsIn(join(dir, 'simulated'))
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(alarms.length)
    for (const { id } of delayed) expect(alarms.filter(({ rule, state }) => rule === id && state === 'raised').length, id).toBeGreaterThan(4)
    expect(alarms.filter(({ rule, state }) => state === 'raised' && delayed.some(({ id }) => id === rule)).length).toBeGreaterThanOrEqual(20)
  })

  test.concurrent('killed ten times at full speed, it leaves the same files, byte for byte', { timeout: 5 * MINUTES }, async () => {
    await disturbed(options('simulated-max'), tenKills(random(seed + 3), 'outside'))
    expect(await filesOf(join(dir, 'simulated-max'))).toEqual(whole)
  })

  test.concurrent('killed ten times at 250 times the pace of the data, too', { timeout: 5 * MINUTES }, async () => {
    await disturbed({ ...options('simulated-paced'), speed: 250 }, tenKills(random(seed + 4), 'outside'))
    expect(await filesOf(join(dir, 'simulated-paced'))).toEqual(whole)
  })
})
