import { fc, test } from '@fast-check/vitest'
import { map } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Reading, Verdict } from '../../src/model/index.js'
import { deadman } from '../../src/operators/deadman.js'
import type { DeadmanOptions } from '../../src/operators/deadman.js'
import { checkLaws, epoch } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import type { Duration } from '../../src/time/index.js'
import { marbles, ordered, outputsOf, reading, second, seconds, series, smallStreams } from './small-streams.js'

const watched = (after: Duration, options: DeadmanOptions = { key: 'machine' }): OperatorUnderTest<Verdict> => (time) => deadman(after, options, time)

interface Watched {
  readonly machine: string
  readonly condition: string
  readonly hears: (item: Reading) => boolean
}

/** Each second, when its readings are in: is the last one, or the first instant for what is expected, exactly `after` old, or `after` and `forget`? */
const expected = (inputs: readonly Input[], all: readonly Watched[], after: number, expects: readonly Watched[], forget: number): readonly Verdict[] => {
  const readings = ordered(inputs)
  const begin = inputs[0]!.time
  const last = ({ hears }: Watched, counts: (each: Reading) => boolean, from: number): number => Math.max(from, ...readings.filter((each) => hears(each) && counts(each)).map((each) => each.time))
  return seconds(inputs).flatMap((time) => {
    const verdict = ({ machine, condition }: Watched, truth: Verdict['truth'], margin: number): Verdict =>
      ({ kind: 'verdict', time, machine, condition, truth, margin, ...(truth === 'unknown' ? {} : { since: truth ? time - after : time }) })
    const from = (each: Watched): number => (expects.includes(each) && time > begin ? begin : -Infinity)
    const returns = all.flatMap((each) => {
      const silent = time - last(each, (item) => item.time < time, from(each))
      return readings.some((item) => each.hears(item) && item.time === time) && silent > after && silent < Infinity && silent <= after + forget ? [verdict(each, false, -after)] : []
    })
    const fires = all.flatMap((each) => {
      const silent = time - last(each, (item) => item.time <= time, from(each))
      return silent === after ? [verdict(each, true, 0)] : silent === after + forget && silent < Infinity ? [verdict(each, 'unknown', NaN)] : []
    })
    return [...returns, ...fires]
  })
}

const machines = ['a', 'b'].map((machine): Watched => ({ machine, condition: 'missing', hears: (item) => item.machine === machine }))
const sensors = series.map(({ machine, sensor }): Watched => ({ machine, condition: `missing ${sensor}`, hears: (item) => item.machine === machine && item.sensor === sensor }))

const delays = [fc.constantFrom(1, 2, 5, 12), fc.constantFrom(1, 6, undefined)] as const
const limit = (forget: number | undefined): { readonly forget?: Duration } => (forget === undefined ? {} : { forget: `${forget}s` })

describe('deadman', () => {
  test.prop([smallStreams, ...delays, fc.boolean()])('machines: found second by second', (inputs, after, forget, expects) => {
    const options: DeadmanOptions = { key: 'machine', ...(expects && { expect: ['b', 'a'] }), ...limit(forget) }
    expect(outputsOf(watched(`${after}s`, options), inputs)).toEqual(expected(inputs, machines, after * second, expects ? machines : [], (forget ?? Infinity) * second))
  })

  test.prop([smallStreams, ...delays, fc.boolean()])('sensors: found second by second', (inputs, after, forget, expects) => {
    const expecting = [['a', 'x'], ['a', 'y'], ['b', 'x'], ['b', 'y']] as const
    const options: DeadmanOptions = { key: 'series', ...(expects && { expect: expecting }), ...limit(forget) }
    expect(outputsOf(watched(`${after}s`, options), inputs)).toEqual(expected(inputs, sensors, after * second, expects ? sensors : [], (forget ?? Infinity) * second))
  })

  test('one that never comes is missed from the first instant on, be that a tick', () => {
    const seen = outputsOf(watched('5s', { key: 'machine', expect: ['never'] }), [{ kind: 'tick', time: 10_000 }, { kind: 'tick', time: 60_000 }])
    expect(seen).toEqual([{ kind: 'verdict', time: 15_000, machine: 'never', condition: 'missing', truth: true, margin: 0, since: 10_000 }])
  })

  test('one that is expected later is missed from then on, and one that was expected before all data from the first instant on', () => {
    const roll = [{ machine: 'later', since: 20_000 }, { machine: 'before', since: 0 }]
    const seen = outputsOf(watched('5s', { key: 'machine', expect: roll }), [{ kind: 'tick', time: 10_000 }, { kind: 'tick', time: 60_000 }])
    expect(seen.map(({ machine, time, since }) => [machine, time, since])).toEqual([['before', 15_000, 10_000], ['later', 25_000, 20_000]])
  })

  test('a command, which may concern another machine, does not begin the watch', () => {
    const command: Input = { kind: 'command', time: 0, name: 'acknowledge', machine: 'm', by: 'operator' }
    const seen = outputsOf(watched('5s', { key: 'machine', expect: ['never'] }), [{ kind: 'tick', time: 10_000 }, command, { kind: 'tick', time: 60_000 }])
    expect(seen.map(({ time }) => time)).toEqual([15_000])
  })

  test('a suspect reading is heard', () => {
    const inputs: readonly Input[] = [reading(0, 'm', 'x', 1), reading(4, 'm', 'x', 1, 'suspect'), { kind: 'tick', time: 8 * second }]
    expect(outputsOf(watched('5s'), inputs)).toEqual([])
  })

  const short = (inputs: readonly Input[], options?: DeadmanOptions): readonly unknown[] => outputsOf(watched('5s', options), inputs).map(({ time, truth, margin }) => [time, truth, margin])
  const tick = (seconds: number): Input => ({ kind: 'tick', time: seconds * second })

  test('a reading exactly at `after` is in time, one a millisecond later is not', () => {
    expect(short([reading(0, 'm', 'x', 1), reading(5, 'm', 'x', 1), reading(10, 'm', 'x', 1), tick(14)])).toEqual([])
    expect(short([reading(0, 'm', 'x', 1), reading(5.001, 'm', 'x', 1)])).toEqual([[5000, true, 0], [5001, false, -5000]])
  })

  test('one that is expected is in time exactly at `after` behind the first instant', () => {
    expect(short([tick(0), reading(5, 'm', 'x', 1), tick(9)], { key: 'machine', expect: ['m'] })).toEqual([])
  })

  test('a reading exactly when it would be forgotten finds it missing still', () => {
    const forgetting: DeadmanOptions = { key: 'machine', forget: '3s' }
    expect(short([reading(0, 'm', 'x', 1), reading(8, 'm', 'x', 1)], forgetting)).toEqual([[5000, true, 0], [8000, false, -5000]])
    expect(short([reading(0, 'm', 'x', 1), reading(8.001, 'm', 'x', 1)], forgetting)).toEqual([[5000, true, 0], [8000, 'unknown', NaN]])
  })

  test('keeps the laws', async () => {
    for (const key of ['machine', 'series'] as const) {
      expect(Object.values(await checkLaws(watched('30s', { key, forget: '1h' })))).toEqual(Array(6).fill('pass'))
      expect(Object.values(await checkLaws(watched('10s', { key }), { exceptions: { eviction: 'without `forget`, what is missing is missing for ever' } }))).toEqual(Array(6).fill('pass'))
    }
    expect(Object.values(await checkLaws(watched('10s', { key: 'machine', expect: ['c', 'z'], forget: '1d' })))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      const out = hot<string>('a---a------a-|').pipe(map((machine) => reading(0, machine, 'x', 1)), deadman(4, { key: 'machine' }, scheduler), map(({ truth }) => (truth === true ? 't' : 'f')))
      expectObservable(out).toBe('--------t--f-|')
    })
  })

  test('0 is refused', () => {
    expect(() => deadman(0, { key: 'machine' })).toThrow(/^after: got 0, expected a duration above 0/)
  })

  test('what has no time does not begin the watch, and a command does not; what is forgotten has no since', () => {
    const undecodable: Input = { kind: 'rejected', time: NaN, reason: 'undecodable', detail: '' }
    const seen = outputsOf((time) => deadman('2s', { key: 'machine', expect: ['z'], forget: '5s' }, time), [undecodable, { kind: 'tick', time: epoch }, { kind: 'tick', time: epoch + 9000 }])
    expect(seen.map(({ time, truth, since }) => [time - epoch, truth, since === undefined ? undefined : since - epoch])).toEqual([[2000, true, 0], [7000, 'unknown', undefined]])
    expect(seen[1]).not.toHaveProperty('since')
  })
})
