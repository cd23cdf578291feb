import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import type { Alarm, Item } from 'motorwatch/model'
import { reportSink } from 'motorwatch/sinks/report'
import type { Report, ReportedAlarm } from 'motorwatch/sinks/report'
import { encodeSave } from 'motorwatch/time'
import { afterAll, beforeAll, expect } from 'vitest'

const T = Date.UTC(2026, 0, 5)

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'motorwatch-report-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

let count = 0
const place = (): string => join(root, `run-${count++}`, 'report.json')
const reportIn = async (path: string): Promise<Report> => JSON.parse(await readFile(path, 'utf8')) as Report

const alarm = (n: number, state: 'raised' | 'cleared', time: number, raisedAt: number): Alarm => ({
  kind: 'alarm', id: `${n}.${state}`, occurrence: String(n), time, machine: `M${n % 3}`, rule: `rule-${n % 5}`, state, status: 'unacknowledged', severity: 'high', class: 'thermal', message: `alarm ${n}`, raisedAt, value: 1, limit: 0,
})

/** The alarm `n` is raised at second `n`, and cleared `holds[n]` seconds later, or not. */
const alarmsOf = (holds: readonly (number | null)[]): readonly Item[] =>
  holds
    .flatMap((hold, n) => [alarm(n, 'raised', T + 1000 * n, T + 1000 * n), ...(hold === null ? [] : [alarm(n, 'cleared', T + 1000 * (n + hold), T + 1000 * n)])])
    .sort((a, b) => a.time - b.time)

/** What the report must list, said without events. */
const expected = (holds: readonly (number | null)[]): readonly ReportedAlarm[] =>
  holds.map((hold, n) => ({
    rule: `rule-${n % 5}`, machine: `M${n % 3}`, severity: 'high', message: `alarm ${n}`, raisedAt: new Date(T + 1000 * n).toISOString(),
    ...(hold === null ? {} : { clearedAt: new Date(T + 1000 * (n + hold)).toISOString() }),
  }))

const anyHolds = fc.array(fc.option(fc.integer({ min: 1, max: 30 })), { maxLength: 40 })

test.prop([anyHolds])('all alarms are in the report by the time of their raise, and `report` tells them without a path', async (holds) => {
  const path = place()
  const [written, kept] = [reportSink({ path }), reportSink()]
  for (const sink of [written, kept]) {
    await sink.open()
    for (const item of alarmsOf(holds)) await sink.write([item])
    await sink.close(true)
  }
  const standing = holds.filter((hold) => hold === null).length
  expect(await reportIn(path)).toMatchObject({ alarms: { raised: holds.length, cleared: holds.length - standing, standing }, occurrences: expected(holds) })
  expect(kept.report().occurrences).toEqual(expected(holds))
  expect(written.report().occurrences).toEqual(expected(holds).filter(({ clearedAt }) => clearedAt === undefined))
})

test.prop([anyHolds, fc.nat(), fc.nat(), fc.constantFrom('same', 'other', 'given later', 'given no more')])(
  'killed anywhere behind a save, and gone on from it with the same path, another, one that is new or none, the report is that of an undisturbed run',
  async (holds, a, b, where) => {
    const items = alarmsOf(holds)
    const saveAt = a % (items.length + 1)
    const path = place()
    const first = reportSink(where === 'given later' ? {} : { path })
    await first.open()
    await first.write(items.slice(0, saveAt))
    const saved = await first.save()
    await first.write(items.slice(saveAt, saveAt + b % (items.length - saveAt + 1)))
    if (where !== 'given later') await appendFile(`${path}.alarms.jsonl`, '{"kind":"en')

    const now = where === 'other' ? place() : path
    const second = reportSink(where === 'given no more' ? {} : { path: now })
    await second.open(structuredClone(saved))
    await second.write(items.slice(saveAt))
    await second.close(true)
    expect((where === 'given no more' ? second.report() : await reportIn(now)).occurrences).toEqual(expected(holds))
    await first.close(false)
  },
)

test('a run that had ended is opened and closed again, and its report is the same', async () => {
  const path = place()
  const holds = [3, null, 1]
  const first = reportSink({ path })
  await first.open()
  await first.write(alarmsOf(holds))
  const saved = await first.save()
  await first.close(true)
  const second = reportSink({ path })
  await second.open(saved)
  await second.close(true)
  expect((await reportIn(path)).occurrences).toEqual(expected(holds))
})

test('what is saved does not grow with the alarms that have ended', async () => {
  const sink = reportSink({ path: place() })
  await sink.open()
  const sizeAfter = async (from: number, to: number): Promise<number> => {
    for (let n = from; n < to; n++) await sink.write([alarm(n, 'raised', T + n, T + n), alarm(n, 'cleared', T + n, T + n)])
    return encodeSave(await sink.save()).length
  }
  const few = await sizeAfter(0, 10)
  expect(await sizeAfter(10, 2_000)).toBeLessThan(few + 100)
  await sink.close(true)
})

test('a fresh start overwrites what an earlier run has left', async () => {
  const path = place()
  for (const holds of [[1, 2, null], [2]]) {
    const sink = reportSink({ path })
    await sink.open()
    await sink.write(alarmsOf(holds))
    await sink.close(true)
    expect((await reportIn(path)).occurrences).toEqual(expected(holds))
  }
})

test('refuses to go on where the alarms that have ended are gone, or too few, and says what to do', async () => {
  const path = place()
  const first = reportSink({ path })
  await first.open()
  await first.write(alarmsOf([1, 1, 1]))
  const saved = await first.save()
  await first.close(false)
  const past = `${path}.alarms.jsonl`
  await truncate(past, 150)
  await expect(reportSink({ path }).open(saved)).rejects.toThrow(/cannot resume '.*report\.json\.alarms\.jsonl': it has 150 bytes/)
  await expect(reportSink({ path: place() }).open(saved)).rejects.toThrow(/report\.json\.alarms\.jsonl' holds \d of the 3 alarms that have ended: bring back the file/)
  await rm(past)
  await expect(reportSink({ path }).open(saved)).rejects.toThrow(past)
  await expect(reportSink().open(saved)).rejects.toThrow(past)
  expect(existsSync(past)).toBe(false)
})
