import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { AlarmMeasures } from '../../src/model/index.js'
import { alarmMeasures } from '../../src/operators/alarm-measures.js'
import type { AlarmMeasuresOptions } from '../../src/operators/alarm-measures.js'
import { alarmPractice } from '../../src/operators/alarm-practice.js'
import type { AlarmPractice } from '../../src/operators/alarm-practice.js'
import { epoch } from '../../src/testing/index.js'
import { duration } from '../../src/time/index.js'
import { allEnded, alarmStreams, outputsOf, reordered, stays, transition } from './alarm-streams.js'
import type { AlarmStream } from './alarm-streams.js'

const hour = 3_600_000
const minute = 60_000

const small: AlarmPractice = { ...alarmPractice, chattering: { count: 2, within: '10s' }, fleeting: '5s', standing: '1m', flood: { above: 3, below: 2, within: '30s' } }
/** Of all lengths; and such that much falls on a limit. */
const smallStreams = fc.oneof(alarmStreams([0, 0, 0, 1, 1, 2, 3, 5, 10, 30, 60, 61]), alarmStreams([0, 0, 0, 5, 10, 10, 20, 30], { machines: ['a'] }))
/** A day has many hours: those in which nothing happens cost nothing but time. */
const largeSteps = [0, 0, 0, 1, 1, 5, 10, 20, 30, 60, 60, 300, 600, 1800, 3600, 86_400]

/** From the definitions, looking at everything for everything. */
function oracle({ alarms, time }: AlarmStream, length: number, { chattering, fleeting, standing, flood, targets }: AlarmPractice): readonly AlarmMeasures[] {
  const ends = new Map(alarms.filter(({ state }) => ['cleared', 'closed'].includes(state)).map(({ occurrence, time: at }) => [occurrence, at]))
  const all = alarms.filter(({ state }) => state === 'raised').map((alarm) => ({ ...alarm, end: ends.get(alarm.occurrence) ?? Infinity }))
  if (all.length === 0) return []
  const within = (span: number, at: number) => ({ raisedAt }: { readonly raisedAt: number }): boolean => raisedAt > at - span && raisedAt <= at

  const floods: { readonly from: number; to: number }[] = []
  const instants = [...new Set(all.flatMap(({ raisedAt }) => [raisedAt, raisedAt + duration(flood.within)]))].sort((a, b) => a - b)
  for (const at of instants) {
    const count = all.filter(within(duration(flood.within), at)).length
    const last = floods.at(-1)
    if (last?.to === Infinity) {
      if (count < flood.below) last.to = at
    } else if (count > flood.above) floods.push({ from: at, to: Infinity })
  }

  const measures: AlarmMeasures[] = []
  for (let start = Math.floor(all[0]!.raisedAt / length) * length; start <= time; start += length) {
    const end = start + length
    const cut = Math.min(end, time)
    const raised = all.filter(({ raisedAt }) => raisedAt >= start && raisedAt < end)
    const over = all.filter((each) => each.end >= start && each.end < end)
    if (raised.length === 0 && !all.some((each) => each.raisedAt < start && each.end >= start) && !floods.some(({ from, to }) => from < start && to >= start)) continue
    const pairs = [...new Set(raised.map(({ machine, rule }) => `${machine} ${rule}`))].map((pair) => raised.filter(({ machine, rule }) => `${machine} ${rule}` === pair))
    const share = (severity: string): number => raised.filter((each) => each.severity === severity).length / raised.length
    measures.push({
      kind: 'alarm-measures', time: cut, key: 'plant', start, end,
      raised: raised.length,
      perDay: cut > start ? expect.closeTo((raised.length / (cut - start)) * 24 * hour, 6) as number : NaN,
      most: Math.max(0, ...raised.map(({ raisedAt }) => all.filter(within(duration(flood.within), raisedAt)).length)),
      flood: cut > start ? expect.closeTo(floods.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, cut) - Math.max(from, start)), 0) / (cut - start), 9) as number : NaN,
      mix: { low: share('low'), medium: share('medium'), high: share('high'), critical: share('critical') },
      targets,
      top: pairs
        .map((pair) => ({ machine: pair[0]!.machine, rule: pair[0]!.rule, raised: pair.length, share: pair.length / raised.length }))
        .sort((a, b) => b.raised - a.raised || (`${a.machine} ${a.rule}` < `${b.machine} ${b.rule}` ? -1 : 1))
        .slice(0, 10),
      chattering: pairs.filter((pair) => pair.some(({ machine, rule, raisedAt }) =>
        all.filter((each) => each.machine === machine && each.rule === rule).filter(within(duration(chattering.within), raisedAt)).length >= chattering.count)).length,
      fleeting: over.filter((each) => each.end - each.raisedAt < duration(fleeting)).length,
      standing: [...over.map((each) => each.end - each.raisedAt), ...all.filter((each) => each.raisedAt < end && each.end >= end).map(({ raisedAt }) => cut - raisedAt)]
        .filter((stood) => stood > duration(standing)).length,
      ...(end > time ? { status: 'partial' } : {}),
    })
  }
  return measures
}

const measured = (options: AlarmMeasuresOptions, stream: AlarmStream): readonly AlarmMeasures[] => outputsOf((time) => alarmMeasures(options, time), stream)

/** A rule that is raised at these seconds, for half a second each time. */
const raisedAt = (rule: string, ...seconds: readonly number[]): AlarmStream['alarms'] =>
  seconds.flatMap((second) => [transition('m', rule, 'raised', second * 1000, second * 1000), transition('m', rule, 'cleared', second * 1000 + 500, second * 1000)])

describe('alarmMeasures', () => {
  test.prop([smallStreams], { numRuns: 500 })('is what the definitions say, with numbers of one\'s own', (stream) => {
    expect(measured({ period: '1m', practice: small }, stream)).toEqual(oracle(stream, minute, small))
  })

  test.prop([alarmStreams(largeSteps, { machines: ['a'], length: 80 }), fc.constantFrom('1h', '24h')], { numRuns: 100 })('is what the definitions say, with those of the standards', (stream, period) => {
    expect(measured({ period: period }, stream)).toEqual(oracle(stream, duration(period as '1h'), alarmPractice))
  })

  test.prop([smallStreams])('does not look at the order within an instant', (stream) => {
    const expected = measured({ period: '1m', practice: small }, stream)
    for (const other of reordered(stream)) expect(measured({ period: '1m', practice: small }, other)).toEqual(expected)
  })

  test.prop([smallStreams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => alarmMeasures({ period: '1m', practice: small }, time), allEnded(stream), 180)).toBe(0)
  })

  test('a day of one alarm that chatters and one that stands', () => {
    const alarms = [transition('m', 'lost', 'raised', epoch, epoch), ...[0, 20, 40].flatMap((second) => {
      const at = epoch + 8 * hour + second * 1000
      return [transition('m', 'hot', 'raised', at, at), transition('m', 'hot', 'cleared', at + 1000, at)]
    })]
    expect(measured({ period: '24h' }, { alarms, time: epoch + 24 * hour + 1 })).toEqual([
      {
        kind: 'alarm-measures', time: epoch + 24 * hour, key: 'plant', start: epoch, end: epoch + 24 * hour, raised: 4, perDay: 4, most: 3, flood: 0,
        mix: { low: 0.75, medium: 0, high: 0.25, critical: 0 }, targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } },
        top: [{ machine: 'm', rule: 'hot', raised: 3, share: 0.75 }, { machine: 'm', rule: 'lost', raised: 1, share: 0.25 }],
        chattering: 1, fleeting: 3, standing: 0,
      },
      expect.objectContaining({ start: epoch + 24 * hour, raised: 0, standing: 1, status: 'partial' }),
    ])
  })

  test('what looks back looks over the start of the period', () => {
    const alarms = raisedAt('hot', 3560, 3580, 3600)
    expect(measured({}, { alarms, time: 7200_000 }).map(({ raised, most, chattering }) => [raised, most, chattering])).toEqual([[2, 2, 0], [1, 3, 1]])
    expect(measured({}, { alarms: raisedAt('hot', 3560, 3580, 3620), time: 7200_000 }).map(({ chattering }) => chattering), 'the first is a minute old').toEqual([0, 0])
  })

  test('a flood lasts from the eleventh until fewer than five are left, over the end of the period', () => {
    const alarms = raisedAt('hot', ...Array.from({ length: 11 }, (_, i) => 3300 + i * 10))
    // the eleventh comes at 3400; of the raises at 3300, 3310, ..., seven have gone at 3360 + 600
    expect(measured({}, { alarms, time: 7200_000 }).map(({ flood }) => flood)).toEqual([200 / 3600, 360 / 3600])
    expect(measured({}, { alarms: [...alarms, ...raisedAt('hot', 3960)], time: 7200_000 }).map(({ flood }) => flood), 'one that comes just then is the fifth').toEqual([200 / 3600, 370 / 3600])
  })

  test('of eleven rules the ten that were raised most are named, in the order of their names where they are alike', () => {
    const names = Array.from({ length: 11 }, (_, i) => `r${String.fromCharCode(107 - i)}`)
    const [seen] = measured({}, { alarms: names.map((name, i) => transition('m', name, 'raised', i * 1000, i * 1000)), time: 60_000 })
    expect(seen!.top.map(({ rule }) => rule)).toEqual([...names].reverse().slice(0, 10))
  })

  test('one that is told of twice was raised once, and the end of one whose raise was not seen is none', () => {
    const twice = transition('m', 'hot', 'raised', 1000, 1000)
    const [seen] = measured({ practice: small }, { alarms: [twice, { ...twice, time: 2000 }, transition('m', 'loud', 'cleared', 3000, 500)], time: 60_000 })
    expect(seen).toMatchObject({ raised: 1, most: 1, fleeting: 0, standing: 0, status: 'partial' })
  })

  test('chatters by its latest raises, also where those before lie far apart', () => {
    const all = (...seconds: readonly number[]): readonly number[] => measured({ period: '1h', practice: { ...small, chattering: { count: 3, within: '10s' } } }, { alarms: raisedAt('hot', ...seconds), time: 3600_000 }).map(({ chattering }) => chattering)
    expect(all(0, 100, 200, 203, 206)[0]).toBe(1)
    expect(all(0, 100, 200, 203, 210)[0]).toBe(0)
  })

  test('a whole period has no status, and one that the data end in is partial', () => {
    const [whole, rest] = measured({ period: '1m', practice: small }, { alarms: [...raisedAt('hot', 50), ...raisedAt('hot', 70)], time: 80_000 })
    expect(whole).not.toHaveProperty('status')
    expect(rest).toHaveProperty('status', 'partial')
  })

  test('a period in which nothing was raised, stood or was in flood is not told of, also where something of before it still counts', () => {
    const starts = (...seconds: readonly number[]): readonly number[] => measured({ period: '1m', practice: small }, { alarms: raisedAt('hot', ...seconds), time: 400_000 }).map(({ start }) => start / 1000)
    expect(starts(50)).toEqual([0])
    expect(starts(50, 200)).toEqual([0, 180])
    expect(measured({ period: '1m', practice: small }, { alarms: raisedAt('hot', 50), time: 61_000 })).toHaveLength(1)
  })

  test('what chatters over a longer time than a flood is looked for in looks back as far', () => {
    const long = { ...small, chattering: { count: 3, within: '2m' as const } }
    expect(measured({ period: '1m', practice: long }, { alarms: raisedAt('hot', 50, 55, 150), time: 200_000 }).map(({ start, chattering }) => [start / 1000, chattering])).toEqual([[0, 0], [120, 1]])
  })

  test('periods of the wall clock, one a key', () => {
    const start = Date.UTC(2026, 2, 29, 5)
    const alarms = ['a', 'b'].map((machine) => transition(machine, 'hot', 'raised', start, start))
    expect(measured({ key: 'machine', period: '24h', zone: 'Europe/Berlin' }, { alarms, time: start }).map(({ key, start: from, end }) => [key, end - from])).toEqual([['a', 23 * hour], ['b', 23 * hour]])
  })

  test.each<[AlarmMeasuresOptions, RegExp]>([
    [{ period: 0 }, /^period of a window: got 0s/],
    [{ practice: { chattering: { count: 1, within: '1m' } } }, /^count: got 1, expected a whole number from 2 on/],
    [{ practice: { flood: { above: 0, below: 1, within: '1m' } } }, /^above: got 0, expected a whole number from 1 on/],
    [{ practice: { flood: { above: 5, below: 6, within: '1m' } } }, /^below: got 6, expected a whole number from 1 to 5/],
  ])('%j is refused', (options, message) => expect(() => alarmMeasures(options)).toThrow(message))
})
