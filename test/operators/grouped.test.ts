import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Alarm, AlarmGroup } from '../../src/model/index.js'
import { grouped } from '../../src/operators/grouped.js'
import type { GroupedOptions } from '../../src/operators/grouped.js'
import { alarmStreams, allEnded, outputsOf, reordered, stays, transition } from './alarm-streams.js'
import type { AlarmStream } from './alarm-streams.js'

const streams = alarmStreams([0, 0, 0, 1, 1, 2, 3, 5, 10, 30], { machines: ['a', 'b'] })
const groups = (stream: AlarmStream, options: GroupedOptions): readonly AlarmGroup[] => outputsOf((time) => grouped(options, time), stream)

const occurrences = (alarms: readonly Alarm[]): readonly string[] => alarms.map(({ occurrence }) => occurrence)

interface Told {
  readonly time: number
  readonly key: string
  readonly alarms: readonly string[]
  readonly raised: readonly string[]
  readonly cleared: readonly string[]
}

/** From the definitions, looking at everything for everything. */
function oracle({ alarms, time }: AlarmStream, key: string, wait: number, interval: number): readonly Told[] {
  const all = alarms.filter(({ machine, state }) => machine === key && state === 'raised')
    .map(({ occurrence, time: from }) => ({ occurrence, from, to: alarms.find((each) => each.occurrence === occurrence && ['cleared', 'closed'].includes(each.state))?.time ?? Infinity }))
  const told: Told[] = []
  const list = (by: 'from' | 'to', of: typeof all): readonly string[] => [...of].sort((a, b) => a[by] - b[by] || (a.occurrence < b.occurrence ? -1 : 1)).map(({ occurrence }) => occurrence)
  let last = -Infinity
  const tell = (at: number): void => {
    const raised = all.filter(({ from }) => from > last && from <= at)
    const cleared = all.filter(({ to }) => to > last && to <= at)
    if (raised.length + cleared.length > 0) told.push({ time: at, key, alarms: list('from', all.filter(({ from, to }) => from <= at && to > at)), raised: list('from', raised), cleared: list('to', cleared) })
    last = at
  }
  for (;;) {
    const first = all.find(({ from }) => from > last)
    if (first === undefined) break
    let at = first.from + wait
    for (; at <= time; at += interval) {
      tell(at)
      if (!all.some(({ from, to }) => from <= at && to > at)) break
    }
    if (at > time) break
  }
  tell(time)
  return told
}

describe('grouped', () => {
  test.prop([streams, fc.constantFrom(0, 3, 5), fc.constantFrom(5, 10)], { numRuns: 300 })('is what the definition says', (stream, wait, interval) => {
    const seen = groups(stream, { key: 'machine', wait: wait * 1000, interval: interval * 1000 })
    for (const key of ['a', 'b'])
      expect(seen.filter((group) => group.key === key).map(({ time, alarms, raised, cleared }) => ({ time, key, alarms: occurrences(alarms), raised: occurrences(raised), cleared: occurrences(cleared) })))
        .toEqual(oracle(stream, key, wait * 1000, interval * 1000))
    for (const { kind, alarms, raised, cleared } of seen) {
      expect(kind).toBe('alarm-group')
      expect([...alarms, ...raised].every(({ state }) => state === 'raised') && cleared.every(({ state }) => ['cleared', 'closed'].includes(state))).toBe(true)
    }
  })

  test.prop([streams])('tells of each raise and of each end once', (stream) => {
    const seen = groups(stream, { key: ({ rule }) => rule, wait: '2s', interval: '4s' })
    const all = (of: (state: string) => boolean): readonly string[] => stream.alarms.filter(({ state }) => of(state)).map(({ id }) => id).sort()
    expect(seen.flatMap(({ raised }) => raised.map(({ id }) => id)).sort()).toEqual(all((state) => state === 'raised'))
    expect(seen.flatMap(({ cleared }) => cleared.map(({ id }) => id)).sort()).toEqual(all((state) => state === 'cleared' || state === 'closed'))
  })

  test('half a minute, then every five minutes, where nothing else is said', () => {
    const alarms = [transition('m', 'hot', 'raised', 0, 0), transition('m', 'loud', 'raised', 31_000, 31_000), transition('m', 'hot', 'cleared', 700_000, 0)]
    expect(groups({ alarms, time: 960_000 }, { key: 'machine' }).map(({ time, alarms: standing, raised, cleared }) => [time, standing.length, raised.length, cleared.length])).toEqual([
      [30_000, 1, 1, 0], [330_000, 2, 1, 0], [930_000, 1, 0, 1],
    ])
  })

  test.prop([streams])('does not look at the order within an instant', (stream) => {
    const options: GroupedOptions = { key: 'machine', wait: '3s', interval: '5s' }
    for (const other of reordered(stream)) expect(groups(other, options)).toEqual(groups(stream, options))
  })

  test.prop([streams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => grouped({ key: 'machine', interval: '40s' }, time), allEnded(stream), 40)).toBe(0)
  })

  test('an interval of 0 is refused', () => {
    expect(() => grouped({ key: 'machine', interval: 0 })).toThrow(new RangeError('interval: got 0, expected a duration above 0'))
  })
})
