import { fc, test } from '@fast-check/vitest'
import { from, pipe } from 'rxjs'
import { describe, expect, expectTypeOf } from 'vitest'
import type { Reading, Summary } from '../../src/model/index.js'
import { eventTime } from '../../src/time/index.js'
import { inOrder } from '../../src/operators/in-order.js'
import { combine, count, max, type Stats, stats } from '../../src/operators/aggregates/index.js'
import { tumbling, tumblingBehaviour } from '../../src/operators/tumbling.js'
import { via } from '../../src/operators/via.js'
import { windowAlignment } from '../../src/operators/window-alignment.js'
import { bySeries, collect, drive, expectCutsChangeNothing, expectDocumentedMarbles, inOrderOfEmission, inTotalOrder, reading, streams } from './window-streams.js'

type Collected = Summary<readonly Reading[]>

/** The windows of each series by grouping all of it, with the looks at a window that is still open. */
function grouped(readings: readonly Reading[], size: number, offset: number, early = Infinity): readonly Collected[] {
  const last = readings.at(-1)?.time ?? -Infinity
  const expected: Collected[] = []
  for (const series of bySeries(readings)) {
    const { machine, sensor } = series[0]!
    for (const start of new Set(series.map(({ time }) => Math.floor((time - offset) / size) * size + offset))) {
      const end = start + size
      const values = series.filter(({ time }) => time >= start && time < end)
      for (let at = start + early; at < end && at <= last; at += early) {
        const until = values.filter(({ time }) => time < at)
        if (until.length > 0) expected.push({ kind: 'summary', time: at, machine, sensor, start, end, values: until, status: 'early' })
      }
      if (end <= last) expected.push({ kind: 'summary', time: end, machine, sensor, start, end, values })
      else expected.push({ kind: 'summary', time: last, machine, sensor, start, end, values, status: 'partial' })
    }
  }
  return inOrderOfEmission(expected)
}

describe('tumbling', () => {
  test.prop([streams(), fc.constantFrom(0, 3, 25)])('makes the windows that grouping makes, before the epoch too', (readings, offset) => {
    expect(drive((time) => tumbling(10, { key: 'series', aggregate: collect, offset }, time), readings)).toEqual(grouped(readings, 10, offset))
  })

  test.prop([streams().map((readings) => readings.filter(({ time }) => Math.abs(time) < 100)), fc.constantFrom(3, 5, 10, 15)])(
    'looks at open windows each `early` from their start', (readings, early) => {
      expect(drive((time) => tumbling(10, { key: 'series', aggregate: collect, early }, time), readings)).toEqual(grouped(readings, 10, 0, early))
    })

  test.prop([streams(1.7e12)], { numRuns: 30 })('is the same after a save and a restore at any cut', (readings) => {
    expectCutsChangeNothing((time) => tumbling(10, { key: 'series', early: 4 }, time), readings)
  })

  test.prop([streams(), fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 30, maxLength: 30 })])('behind inOrder, readings may come late within the lateness', (readings, lags) => {
    const distinct = [...new Map(readings.map((each) => [JSON.stringify(each), each])).values()].sort((a, b) => inTotalOrder(a, b) || (a.quality < b.quality ? -1 : 1))
    const arriving = distinct.map((each, i) => ({ each, at: each.time + lags[i]! })).sort((a, b) => a.at - b.at).map(({ each }) => each)
    const outs: Collected[] = []
    from(arriving)
      .pipe(eventTime((time) => pipe(inOrder<Reading>({ lateness: 20 }, time), via('reading', tumbling(10, { key: 'series', aggregate: collect }, time)))))
      .subscribe((out) => outs.push(out))
    expect(outs).toEqual(grouped(distinct, 10, 0))
  })

  test('runs the marbles of its documentation', () => {
    expectDocumentedMarbles('tumbling.ts', (time) => tumbling('5s', { key: 'series', aggregate: max() }, time))
  })

  test('a reading at the start is in the window, one at the end is in the next', () => {
    const outs = drive((time) => tumbling(10, { key: 'series' }, time), [reading(10, 1), reading(20, 2)], { until: 30 })
    expect(outs.map(({ time, start, end, values }) => [time, start, end, values.count, values.first])).toEqual([[20, 10, 20, 1, 1], [30, 20, 30, 1, 2]])
  })

  test('a window with suspect readings only says so', () => {
    const [out] = drive((time) => tumbling(10, { key: 'series' }, time), [reading(1, 5, 's', 'm', 'suspect'), reading(2, 6, 's', 'm', 'suspect')], { until: 10 })
    expect(out!.values).toEqual({ count: 0, suspect: 2, min: NaN, max: NaN, mean: NaN, sd: NaN, first: NaN, last: NaN })
  })

  test('without data there is nothing', () => {
    expect(drive((time) => tumbling(10, { key: 'series' }, time), [])).toEqual([])
  })

  test('a long gap is leapt over: no window, and no timer, for the time between', () => {
    const behaviour = tumblingBehaviour(1, { key: 'series' })
    const state = behaviour.start('m/s', 0)
    behaviour.next(state, reading(0), 0, () => undefined)
    behaviour.wake!(state, 1, () => undefined)
    expect([state.wakeAt, behaviour.idle!(state, 1)]).toEqual([Infinity, true])
    expect(drive((each) => tumbling(1, { key: 'series' }, each), [reading(0), reading(1e12)]).map(({ start }) => start)).toEqual([0, 1e12])
  })

  test('a summary names the machine, the series, or the text of a function key', () => {
    const of = (key: 'machine' | 'series' | ((item: Reading) => string)) =>
      drive((time) => tumbling(10, { key }, time), [reading(0, 1, 's', 'b'), reading(1, 1, 't', 'b')]).map(({ machine, sensor, key: text }) => ({ machine, sensor, text }))
    expect(of('machine')).toEqual([{ machine: 'b', sensor: undefined, text: undefined }])
    expect(of('series')).toEqual([{ machine: 'b', sensor: 's', text: undefined }, { machine: 'b', sensor: 't', text: undefined }])
    expect(of((item) => `hall of ${item.machine}`)).toEqual([{ machine: 'b', sensor: undefined, text: 'hall of b' }])
    expect('sensor' in drive((time) => tumbling(10, { key: 'machine' }, time), [reading(0)])[0]!).toBe(false)
  })

  test('refuses what makes no windows when it is built', () => {
    expect(() => tumbling(0, { key: 'series' })).toThrow(RangeError)
    expect(() => tumbling(Infinity, { key: 'series' })).toThrow(/at least 1ms/)
    expect(() => tumbling('1m', { key: 'series', early: 0 })).toThrow(/early of tumbling/)
    expect(() => tumbling('1d', { key: 'series', zone: 'Mars/Olympus' })).toThrow(/"Mars\/Olympus".*IANA/)
    expect(() => tumbling('1d', { key: 'series', zone: 'Mars/Olympus+05' })).toThrow(RangeError)
  })

  test('is typed by its aggregate', () => {
    expectTypeOf(tumblingBehaviour('1m', { key: 'series' }).next).parameter(1).toEqualTypeOf<Reading>()
    expectTypeOf(drive((time) => tumbling('1m', { key: 'series' }, time), [])).toEqualTypeOf<readonly Summary<Stats>[]>()
    expectTypeOf(drive((time) => tumbling('1m', { key: 'series', aggregate: count() }, time), [])).toEqualTypeOf<readonly Summary<number>[]>()
    const both = drive((time) => tumbling('1m', { key: 'series', aggregate: combine({ n: count(), all: stats() }) }, time), [])
    expectTypeOf(both).toEqualTypeOf<readonly Summary<{ readonly n: number; readonly all: Stats }>[]>()
    const rolled = tumblingBehaviour('1h', { key: 'series', aggregate: stats({ value: (each: Summary<Stats> & { sensor: string }) => each.values.max }) })
    expectTypeOf(rolled.next).parameter(1).toEqualTypeOf<Summary<Stats> & { sensor: string }>()
  })
})

describe('windows by the wall clock', () => {
  const MINUTE = 60_000
  const HOUR = 60 * MINUTE
  const DAY = 24 * HOUR

  /** What the clock on the wall shows, by Intl and not by an offset. */
  const wallOf = (zone: string): ((at: number) => number) => {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' })
    return (at) => {
      const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
      return Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'])
    }
  }

  /** Reads the clock each minute, and notes when it first comes to a time at which a window starts (short windows: also when it jumps). */
  function watched(zone: string, from: number, to: number, size: number, offset: number): readonly number[] {
    const wall = wallOf(zone)
    const starts: number[] = []
    let before = wall(from)
    let highest = Math.floor((before - offset) / size)
    for (let at = from + MINUTE; at <= to; at += MINUTE) {
      const shows = wall(at)
      const window = Math.floor((shows - offset) / size)
      if (size <= HOUR ? shows - before !== MINUTE || window !== highest : window > highest) starts.push(at)
      highest = size <= HOUR ? window : Math.max(highest, window)
      before = shows
    }
    return starts
  }

  const changes: readonly (readonly [zone: string, day: string])[] = [
    ['Europe/Berlin', '2026-03-29'], ['Europe/Berlin', '2026-10-25'], ['America/New_York', '2026-03-08'], ['America/New_York', '2026-11-01'],
    ['Asia/Jakarta', '2026-03-29'], ['Asia/Kolkata', '2026-03-29'], ['Australia/Lord_Howe', '2026-04-05'], ['Australia/Lord_Howe', '2026-10-04'],
    ['America/St_Johns', '2026-03-08'], ['America/Santiago', '2026-04-05'], ['America/Santiago', '2026-09-06'], ['Pacific/Apia', '2011-12-30'],
  ]
  const sizes: readonly (readonly [size: number, offset: number])[] = [
    [DAY, 0], [DAY, 6 * HOUR], [DAY, 2.5 * HOUR], [8 * HOUR, 6 * HOUR], [2 * HOUR, 0], [12 * HOUR, 1.5 * HOUR], [HOUR, 0], [15 * MINUTE, 0], [45 * MINUTE, 5 * MINUTE],
  ]
  test.each(changes)('%s, %s: windows start when a watched clock comes to their start', (zone, day) => {
    const from = Date.parse(`${day}T00:00:00Z`) - 2 * DAY
    const to = from + 4 * DAY
    for (const [size, offset] of sizes) {
      const expected = watched(zone, from - 2 * DAY, to, size, offset).filter((at) => at >= from)
      const alignment = windowAlignment(size, { zone, offset })
      const met: number[] = []
      for (let at = from; at <= to; at += MINUTE) {
        const start = alignment.start(at)
        const end = alignment.end(at)
        if (!(start <= at && at < end)) throw new Error(`${at} is not in [${start}, ${end})`)
        if (start >= from && start !== met.at(-1)) met.push(start)
      }
      expect(met, `${zone} ${size / HOUR}h from ${offset / HOUR}h`).toEqual(expected)
      for (const start of met.slice(1)) {
        const fresh = windowAlignment(size, { zone, offset })
        expect([fresh.start(start), fresh.end(start - 1), fresh.start(start - 1) < start]).toEqual([start, start, true])
      }
    }
  })

  test('a day is 23 hours long when the clock goes forward in Berlin, and 25 when it goes back', () => {
    const { start, end } = windowAlignment(DAY, { zone: 'Europe/Berlin' })
    const hours = (iso: string): number => (end(Date.parse(iso)) - start(Date.parse(iso))) / HOUR
    expect(['2026-03-28T12:00Z', '2026-03-29T12:00Z', '2026-10-25T12:00Z', '2026-10-26T12:00Z'].map(hours)).toEqual([24, 23, 25, 24])
  })

  test('shifts start at 06:00, 14:00 and 22:00 in Berlin, across the change', () => {
    const hourly = (from: string, hours: number): readonly Reading[] => Array.from({ length: hours }, (_, i) => reading(Date.parse(from) + i * HOUR))
    const shifts = (from: string) =>
      drive((time) => tumbling('8h', { key: 'series', offset: '6h', zone: 'Europe/Berlin' }, time), hourly(from, 40)).map(({ start, values }) => `${new Date(start).toISOString().slice(5, 16)} ${values.count}`)
    expect(shifts('2026-03-28T21:00Z')).toEqual(['03-28T21:00 7', '03-29T04:00 8', '03-29T12:00 8', '03-29T20:00 8', '03-30T04:00 8', '03-30T12:00 1'])
    expect(shifts('2026-10-24T20:00Z')).toEqual(['10-24T20:00 9', '10-25T05:00 8', '10-25T13:00 8', '10-25T21:00 8', '10-26T05:00 7'])
  })

  test('an offset without a zone counts from the epoch', () => {
    const { start, end } = windowAlignment(DAY, { offset: '6h' })
    expect([start(-1), end(-1), start(6 * HOUR), start(6 * HOUR - 1)]).toEqual([-18 * HOUR, 6 * HOUR, 6 * HOUR, -18 * HOUR])
  })

  test.prop([fc.double({ min: -4e12, max: 4e12, noNaN: true }), fc.integer({ min: 1, max: 10 * DAY }), fc.integer({ min: 0, max: 10 * DAY })])(
    'a time with a fraction is in its window, right up to its end', (now, size, offset) => {
      const { start, end } = windowAlignment(size, { offset })
      expect(start(now)).toBeLessThanOrEqual(now)
      expect(end(now)).toBeGreaterThan(now)
      const border = Math.floor(now / size) * size
      const before = border - 2 ** -11
      expect(windowAlignment(size).end(before)).toBe(before < border ? border + 0 : border + size)
    })
})
