import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { decodeSave, encodeSave } from '../../src/model/save.js'
import type { Alarm, AlarmMeasures, Anomaly, Item, Reading, Rejected, RejectReason } from '../../src/model/index.js'
import { reportSink } from '../../src/sinks/report.js'
import type { Report } from '../../src/sinks/report.js'
import { epoch } from '../../src/testing/index.js'

let root: string
beforeAll(async () => { root = await mkdtemp(join(tmpdir(), 'motorwatch-report-')) })
afterAll(() => rm(root, { recursive: true, force: true }))

const reading = (time: number, machine: string, others: Partial<Reading> = {}): Reading => ({ kind: 'reading', time: epoch + time, machine, sensor: 'x', value: 1, unit: 'A', quality: 'good', ...others })
const rejected = (reason: RejectReason): Rejected => ({ kind: 'rejected', time: NaN, reason, detail: '' })
const anomaly = (...classes: Anomaly['classes']): Anomaly => ({ kind: 'anomaly', time: epoch, machine: 'm', reading: reading(0, 'm'), classes })
const alarm = (raisedAt: number, state: Alarm['state'], time: number): Alarm => ({
  kind: 'alarm', id: `hot/m/${raisedAt}/${state}`, occurrence: `hot/m/${raisedAt}`, time: epoch + time, machine: 'm', rule: 'hot', state, status: 'unacknowledged', severity: 'high', class: 'thermal',
  message: `it was ${state}`, raisedAt: epoch + raisedAt, value: 1, limit: 0,
})

const counted = (report: Report): Omit<Report, 'throughput'> => {
  const { throughput: _, ...counts } = report
  return counts
}

const items: fc.Arbitrary<readonly Item[]> = fc.array(
  fc.oneof(
    fc.record({ time: fc.nat(100), machine: fc.constantFrom('a', 'b', 'c'), quality: fc.constantFrom('good' as const, 'suspect' as const), known: fc.boolean() }).map(({ time, machine, quality, known }): Item => {
      const { unit, ...bare } = reading(time, machine, { quality })
      return known ? { ...bare, unit } as Item : bare
    }),
    fc.constantFrom<RejectReason>('undecodable', 'late', 'ahead', 'duplicate', 'refused').map(rejected),
    fc.subarray(['thermal', 'support'] as const, { minLength: 1 }).map((classes) => anomaly(...classes)),
    fc.constantFrom('summary', 'snapshot', 'verdict', 'tick', 'command', 'mine').map((kind): Item => ({ kind })),
    fc.tuple(fc.nat(2), fc.constantFrom('raised' as const, 'cleared' as const), fc.nat(9)).map(([raisedAt, state, time]) => alarm(raisedAt, state, raisedAt + time)),
  ),
  { maxLength: 40 },
).map((all) => all.filter((item, i) => item.kind !== 'alarm' || all.findIndex((other) => (other as Alarm).id === (item as Alarm).id) === i))

describe('reportSink', () => {
  test.prop([items])('counts what flows', async (all) => {
    const sink = reportSink()
    await sink.open()
    await sink.write(all)
    const of = <T extends Item>(kind: string): readonly T[] => all.filter((item): item is T => item.kind === kind)
    const readings = of<Reading>('reading')
    const reasons = of<Rejected>('rejected').map(({ reason }) => reason)
    const reason = (...wanted: readonly RejectReason[]): number => reasons.filter((each) => wanted.includes(each)).length
    const times = readings.map(({ time }) => time)
    const iso = (time: number): string => new Date(time).toISOString()
    const states = (state: string): number => of<Alarm>('alarm').filter((each) => each.state === state).length
    const classes = of<Anomaly>('anomaly').flatMap((each) => each.classes)
    const { occurrences, ...counts } = counted(sink.report())
    expect(counts).toEqual({
      readings: readings.length,
      rejected: reasons.length - reason('duplicate'),
      late: reason('late'), ahead: reason('ahead'), undecodable: reason('undecodable'), duplicates: reason('duplicate'),
      suspect: readings.filter(({ quality }) => quality === 'suspect').length,
      assumedUnits: readings.filter(({ unit }) => unit === undefined).length,
      summaries: of('summary').length,
      ...(times.length > 0 && { from: iso(Math.min(...times)), to: iso(Math.max(...times)) }),
      machines: new Set(readings.map(({ machine }) => machine)).size,
      anomalies: Object.fromEntries([...new Set(classes)].map((each) => [each, classes.filter((other) => other === each).length])),
      alarms: { raised: states('raised'), cleared: states('cleared'), standing: states('raised') - states('cleared') },
    })
    expect(occurrences.length).toBe(new Set(of<Alarm>('alarm').filter(({ state }) => state === 'raised').map(({ occurrence }) => occurrence)).size)
  })

  test('an occurrence goes from its raise to its clearing, in the words of its raise', async () => {
    const sink = reportSink()
    await sink.open()
    await sink.write([alarm(0, 'raised', 0), alarm(0, 'cleared', 5000), alarm(6000, 'raised', 6000)])
    const common = { rule: 'hot', machine: 'm', severity: 'high', message: 'it was raised' }
    expect(sink.report().occurrences).toEqual([
      { ...common, raisedAt: '2026-01-01T00:00:00.000Z', clearedAt: '2026-01-01T00:00:05.000Z' },
      { ...common, raisedAt: '2026-01-01T00:00:06.000Z' },
    ])
    expect(sink.report().alarms).toEqual({ raised: 2, cleared: 1, standing: 1 })
  })

  test('what operators did changes nothing but the level that it has reached; one whose rule was removed stands no more', async () => {
    const sink = reportSink()
    await sink.open()
    const others = ['acknowledged', 'shelved', 'unshelved', 'suppressed', 'unsuppressed', 'removed-from-service', 'returned-to-service', 'reset', 'data-lost', 'data-back'] as const
    await sink.write([alarm(0, 'raised', 0), ...others.map((state) => alarm(0, state, 1000)), { ...alarm(0, 'escalated', 2000), severity: 'critical' } as Item, { ...alarm(5, 'shelved', 1), raisedAt: NaN } as Item])
    expect(sink.report()).toMatchObject({ alarms: { raised: 1, cleared: 0, standing: 1 }, occurrences: [{ severity: 'critical', message: 'it was escalated', raisedAt: '2026-01-01T00:00:00.000Z' }] })
    await sink.write([alarm(0, 'closed', 3000), alarm(0, 'closed', 3000)])
    expect(sink.report()).toMatchObject({ alarms: { raised: 1, cleared: 0, standing: 0 }, occurrences: [{ severity: 'critical', clearedAt: '2026-01-01T00:00:03.000Z' }] })
  })

  test.prop([items, items, fc.nat(40)])('a run that was killed and started again has one report', async (all, lost, cut) => {
    const [before, rest] = [all.slice(0, cut), all.slice(cut)]
    const whole = reportSink()
    await whole.open()
    await whole.write([...before, ...rest])
    const first = reportSink()
    await first.open()
    await first.write(before)
    const saved = await first.save()
    const kept = encodeSave(saved)
    await first.write(lost)
    expect(encodeSave(saved)).toEqual(kept)
    const second = reportSink()
    await second.open(decodeSave(kept))
    await second.write(rest)
    expect(counted(second.report())).toEqual(counted(whole.report()))
    await first.open(saved)
    await first.write(rest)
    expect(counted(first.report())).toEqual(counted(whole.report()))
  })

  test('the time of all starts is one, and gives the throughput', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const sink = reportSink()
      await sink.open()
      await sink.write(Array.from({ length: 300 }, (_, i) => reading(i, 'm')))
      vi.setSystemTime(Date.now() + 2000)
      const saved = await sink.save()
      vi.setSystemTime(Date.now() + 3_600_000)
      await sink.open(saved)
      vi.setSystemTime(Date.now() + 1000)
      expect(sink.report().throughput).toEqual({ seconds: 3, readingsPerSecond: 100 })
    } finally {
      vi.useRealTimers()
    }
  })

  const HOUR = 3_600_000
  /** Of an hour: how often each severity was raised, by one rule each. */
  const measured = (hour: number, counts: readonly [low: number, medium: number, high: number, critical: number], flood: number, key: string): AlarmMeasures => {
    const raised = counts.reduce((sum, each) => sum + each)
    const rules = ['low', 'medium', 'high', 'critical'] as const
    return {
      kind: 'alarm-measures', time: epoch + (hour + 1) * HOUR, key, start: epoch + hour * HOUR, end: epoch + (hour + 1) * HOUR, raised, perDay: raised * 24, most: raised, flood,
      mix: { low: counts[0] / raised, medium: counts[1] / raised, high: counts[2] / raised, critical: counts[3] / raised },
      targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } },
      top: rules.flatMap((rule, i) => (counts[i]! > 0 ? [{ machine: 'm', rule, raised: counts[i]!, share: counts[i]! / raised }] : [])), chattering: raised > 5 ? 1 : 0, fleeting: counts[0], standing: counts[3],
    }
  }
  const hours = fc.array(fc.record({ counts: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4)), flood: fc.constantFrom(0, 0.25, 1), key: fc.constantFrom('hall', 'cellar') }), { minLength: 1, maxLength: 12 })

  test.prop([hours, fc.nat()])('sums the measures of alarms up over the run, for each key, and goes on with them behind a save', async (periods, at) => {
    const end = periods.length * HOUR
    const items: readonly Item[] = [reading(0, 'm'), reading(end, 'm'), ...periods.map(({ counts, flood, key }, i) => measured(i, counts, flood, key))]
    const [first, sink] = [reportSink(), reportSink()]
    await first.open()
    await first.write(items.slice(0, at % items.length))
    await sink.open(decodeSave(encodeSave(await first.save())))
    await sink.write(items.slice(at % items.length))
    const keys = [...new Set(periods.map(({ key }) => key))].sort()
    expect(sink.report().practice).toEqual(keys.map((key) => {
      const own = periods.filter((each) => each.key === key)
      const by = [0, 1, 2, 3].map((i) => own.reduce((sum, { counts }) => sum + counts[i]!, 0))
      const raised = by.reduce((sum, each) => sum + each)
      const share = (count: number): number => (raised === 0 ? 0 : count / raised)
      const totals = own.map(({ counts }) => counts.reduce((sum, each) => sum + each))
      const top = ['low', 'medium', 'high', 'critical'].map((rule, i) => ({ machine: 'm', rule, raised: by[i]!, share: share(by[i]!) })).filter((each) => each.raised > 0)
      return {
        key, raised, perDay: expect.closeTo((raised * 24) / periods.length, 9) as number, most: Math.max(...totals), flood: expect.closeTo(own.reduce((sum, { flood }) => sum + flood, 0) / periods.length, 9) as number,
        mix: { low: share(by[0]!), medium: share(by[1]!), high: share(by[2]!), critical: share(by[3]!) }, targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } },
        top: top.sort((a, b) => b.raised - a.raised || (a.rule < b.rule ? -1 : 1)),
        chattering: totals.some((each) => each > 5) ? 1 : 0, fleeting: by[0], standing: Math.max(...own.map(({ counts }) => counts[3])),
      }
    }))
  })

  test('a checkpoint from before there were measures is gone on from', async () => {
    const first = reportSink()
    await first.open()
    await first.write([reading(0, 'm')])
    const { practices: _, ...counts } = ((await first.save()) as { readonly counts: Readonly<Record<string, unknown>> }).counts
    const sink = reportSink()
    await sink.open({ counts })
    await sink.write([measured(0, [1, 0, 0, 0], 0, 'plant')])
    expect(sink.report()).toMatchObject({ readings: 1, practice: [{ key: 'plant', raised: 1 }] })
    expect(sink.report().practice![0]).not.toHaveProperty('perDay')
  })

  test('a fresh start counts from nothing', async () => {
    const sink = reportSink()
    await sink.open()
    await sink.write([reading(0, 'm')])
    await sink.open()
    expect(counted(sink.report())).toEqual({
      readings: 0, rejected: 0, late: 0, ahead: 0, undecodable: 0, duplicates: 0, suspect: 0, assumedUnits: 0, summaries: 0, machines: 0, anomalies: {},
      alarms: { raised: 0, cleared: 0, standing: 0 }, occurrences: [],
    })
  })

  test('writes it when it is closed, in a folder that it makes, over an older one, and leaves no half-written one there', async () => {
    const dir = join(root, 'deep', 'er')
    const path = join(dir, 'report.json')
    for (const n of [1, 2]) {
      const sink = reportSink({ path })
      await sink.open()
      await sink.write(Array.from({ length: n }, (_, i) => reading(i, 'm')))
      await sink.close(n === 2)
      expect(counted(JSON.parse(await readFile(path, 'utf8')) as Report)).toEqual(counted(sink.report()))
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ readings: n })
    }
    expect((await readdir(dir)).filter((name) => !name.endsWith('.alarms.jsonl'))).toEqual(['report.json'])
  })

  test('a write that fails leaves the older report as it was', async () => {
    const dir = join(root, 'full')
    const path = join(dir, 'report.json')
    const sink = reportSink({ path })
    await sink.open()
    await sink.close(true)
    const before = await readFile(path, 'utf8')
    await mkdir(`${path}.tmp`)
    await sink.write([reading(0, 'm')])
    await expect(sink.close(true)).rejects.toThrow(/report/)
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  test('without a path nothing is written', async () => {
    const sink = reportSink()
    await sink.open()
    await expect(sink.close(true)).resolves.toBeUndefined()
  })
})
