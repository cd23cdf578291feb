import { fc, test } from '@fast-check/vitest'
import { pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Reading } from '../../src/model/index.js'
import { inOrder } from '../../src/operators/in-order.js'
import { outlook, outlookBehaviour } from '../../src/operators/outlook.js'
import type { Outlook, OutlookOptions } from '../../src/operators/outlook.js'
import { via } from '../../src/operators/via.js'
import { above, age, all, any, atOrAbove, atOrBelow, below, difference, ewma, heldFor, hysteresis, machines, maxOver, meanOver, not, outside, rule, signalText, within } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/index.js'
import { marbles, reading as at } from '../../src/testing/index.js'
import { line, run } from '../../src/testing/laws/line.js'
import type { Timeline } from '../../src/time/index.js'
import { oracle } from './condition-oracle.js'
import { sameWithout } from './same-without.js'
import { ordered, outputsOf, reading, second, seconds, smallStreams } from './small-streams.js'

const told = (rules: readonly Rule[], inputs: readonly Input[], options: OutlookOptions = {}): readonly Outlook[] => outputsOf((time) => via('reading', outlook(rules, options, time)), inputs)

const rules = [
  rule({ id: 'x', when: heldFor('5s', above('x', 4)) }),
  rule({ id: 'either', when: any(below('y', 1), heldFor('2s', any(above(difference('x', 'y'), 3), above('z', 1)))) }),
  rule({ id: 'parts', when: any(all(above('x', 0), above('y', 0)), not(above('x', 0))) }),
  rule({ id: 'band', when: outside('y', -1, 7), machines: ['b'] }),
]

/** The comparisons that are limits by themselves, with the limit and the way that counts as 1. */
const leaves = [
  { id: 'x', leaf: above('x', 4), signal: 'x', scale: 4, way: 3, limit: () => 4 },
  { id: 'either', leaf: below('y', 1), signal: 'y', scale: 1, way: 1, limit: () => 1 },
  { id: 'either', leaf: above(difference('x', 'y'), 3), signal: difference('x', 'y'), scale: 3, way: 4, limit: () => 3 },
  { id: 'band', leaf: outside('y', -1, 7), signal: 'y', scale: 4, way: (y: number) => (y >= 2 ? 5 : 3), limit: (y: number) => (y >= 3 ? 7 : -1), only: 'b' },
]
/** Ways are from here. */
const normal = { x: 1, y: 2 }

describe('outlook', () => {
  test.prop([smallStreams, fc.constantFrom(1, 3, 7), fc.constantFrom(1, 3, 4), fc.constantFrom('limit' as const, 'normal' as const)], { numRuns: 200 })('is the least headroom at each multiple of `every`, before the readings of then', (inputs, stale, every, of) => {
    const readings = ordered(inputs)
    const period = every * second
    const judges = new Map(['a', 'b'].map((machine) => [machine, oracle(readings.filter((each) => each.machine === machine), stale * second)]))
    const nearest = (machine: string, time: number): Outlook['nearest'] => {
      const rooms = leaves.filter(({ only }) => only === undefined || only === machine).flatMap(({ id, leaf, signal, scale, way, limit }) => {
        const { truth, margin } = judges.get(machine)!(leaf, time, 'open')
        if (truth === 'unknown') return []
        const low = 'low' in leaf ? judges.get(machine)!(below('y', 3), time, 'open').margin : NaN
        const value = leaf.op === 'above' ? (leaf.limit as number) + margin : leaf.op === 'below' ? (leaf.limit as number) - margin : 3 - low
        const headroom = of === 'limit' ? -margin / scale : typeof way === 'number' ? -margin / way : value >= 2 ? (7 - value) / way(value) : (value + 1) / way(value)
        return [{ rule: id, signal: signalText(signal), value, limit: limit(value), headroom: headroom + 0, of }]
      })
      return rooms.reduce<Outlook['nearest']>((best, each) => (best === undefined || each.headroom < best.headroom ? each : best), undefined)
    }
    const expected = seconds(inputs).filter((time) => time % period === 0).flatMap((time) => ['a', 'b'].flatMap((machine) => {
      const is = nearest(machine, time)
      const heard = readings.some((each) => each.machine === machine && each.time >= time - period && each.time < time)
      if (is === undefined && !heard && nearest(machine, time - period) === undefined) return []
      return [{ kind: 'outlook', time, machine, ...(is && { nearest: is }) }]
    }))
    const seen = told(rules, inputs, { stale: stale * second, every: period, ...(of === 'normal' && { normal }) }).map(({ nearest: found, ...rest }) => {
      if (found === undefined) return rest
      const { reachedIn: _, firesIn: __, pending: ___, ...others } = found
      return { ...rest, nearest: others }
    })
    expect(seen).toEqual(expected)
  })

  test.prop([smallStreams, fc.constantFrom(1, 3, 7, Infinity), fc.constantFrom(1, 4)], { numRuns: 200 })('a machine that was forgotten is as a new one', (inputs, stale, every) => {
    const sumsOnly = [rule({ id: 'rise', when: above(difference('x', 'y'), 3) })]
    for (const some of [rules, sumsOnly]) sameWithout('idle', outlookBehaviour(some, { stale: stale * second, every: every * second }), 'machine', inputs)
  })

  test('the example', () => {
    const known = (time: number): Outlook => ({ kind: 'outlook', time, machine: 'm', nearest: { rule: 'hot', signal: 'temperature_coil', value: 75, limit: 100, unit: 'degC', headroom: 0.25, of: 'limit' } })
    const unknown = (time: number): Outlook => ({ kind: 'outlook', time, machine: 'm' })
    marbles<Reading, Outlook>((time) => outlook([rule({ id: 'hot', when: above('temperature_coil', 100) })], { every: 5, stale: 8 }, time))
      .of('a--b---------------|', { a: at('m', 'temperature_coil', 50), b: at('m', 'temperature_coil', 75) })
      .gives('-----o----o----n---|', { o: known, n: unknown })
  })

  const hot = [rule({ id: 'hot', when: above('temperature_coil', 120) })]
  const ramp = (from: number, perSecond: number, length: number): readonly Reading[] =>
    Array.from({ length: length / 5 }, (_, i) => reading(5 * i, 'm', 'temperature_coil', from + perSecond * 5 * i))

  test.prop([fc.constantFrom(0.02, 0.05, 0.1)])('on a straight way the time until the limit is found, to a tenth and the half minute by which the smoothed level lags', (perSecond) => {
    const seen = told(hot, ramp(20, perSecond, 100 / perSecond)).filter(({ time }) => time > 600 * second)
    expect(seen.length).toBeGreaterThan(50)
    for (const { time, nearest } of seen) {
      const left = (100 / perSecond) * second - time
      if (left > 3_300_000) continue
      expect(nearest!.reachedIn).toBeGreaterThan(0.9 * left - 10 * second)
      expect(nearest!.reachedIn).toBeLessThan(1.1 * left + 35 * second)
    }
  })

  test('on a way that leads off, on a level one, and beyond the limit there is no such time', () => {
    for (const perSecond of [-0.05, 0, 0.001]) for (const { nearest } of told(hot, ramp(110, perSecond, 900))) expect(nearest).not.toHaveProperty('reachedIn')
    for (const perSecond of [-0.01, 0.01]) for (const { nearest } of told(hot, ramp(135, perSecond, 900))) {
      expect(nearest!.headroom).toBeLessThan(0)
      expect(nearest).not.toHaveProperty('reachedIn')
    }
  })

  test('what a delay has not let through yet is pending, and fires when the delays are over', () => {
    const delayed = [rule({ id: 'hot', when: heldFor('20s', above('temperature_coil', 120)), onDelay: '10s' })]
    const seen = told(delayed, [...ramp(121, 0, 60), reading(60, 'm', 'temperature_coil', 100), ...ramp(121, 0, 30).map((each) => ({ ...each, time: each.time + 70 * second }))])
    const first = (time: number): number => seen.find((each) => each.time === time * second)?.nearest?.firesIn ?? NaN
    expect(seen.filter(({ nearest }) => nearest?.pending).map(({ time }) => time / second)).toEqual([5, 10, 15, 20, 25, 30, 75, 80, 85, 90, 95])
    expect([5, 10, 15, 20, 25, 30, 75].map(first)).toEqual([30, 25, 20, 15, 10, 5, 30].map((each) => each * second))
  })

  test('before the limit it fires when that is reached and the delays are over', () => {
    const delayed = [rule({ id: 'hot', when: heldFor('20s', above('temperature_coil', 120)), onDelay: '10s' })]
    const seen = told(delayed, ramp(20, 0.05, 1500)).filter(({ nearest }) => nearest?.reachedIn !== undefined)
    expect(seen.length).toBeGreaterThan(50)
    for (const { nearest } of seen) {
      expect(nearest).not.toHaveProperty('pending')
      expect(nearest!.firesIn! - nearest!.reachedIn!).toBeCloseTo(30 * second, 6)
    }
  })

  test('at the limit there is no headroom', () => {
    expect(told(hot, [reading(1, 'm', 'temperature_coil', 120), { kind: 'tick', time: 5 * second }]).map(({ nearest }) => nearest!.headroom)).toEqual([0])
  })

  const standsAt = (value: number, rules: readonly Rule[], options: OutlookOptions): readonly unknown[] => {
    const { nearest } = told(rules, [...Array.from({ length: 30 }, (_, i) => [reading(i, 'm', 'temperature_coil', value), reading(i, 'm', 'temperature_env', 20)]).flat(), { kind: 'tick', time: 30 * second }], options).at(-1)!
    return [nearest?.headroom, nearest?.of]
  }

  test('headroom is 1 at normal, a half half the way, 0 at the limit and negative beyond, by what is normal for the machine', () => {
    const register = { machines: machines({ id: 'm', normal: { temperature_coil: 60 } }), normal: { temperature_coil: 0, temperature_env: 20 } }
    expect([60, 90, 120, 150, 30].map((value) => standsAt(value, hot, register))).toEqual([[1, 'normal'], [0.5, 'normal'], [0, 'normal'], [-0.5, 'normal'], [1.5, 'normal']])
    const rise = [rule({ id: 'rise', when: above(meanOver('10s', difference('temperature_coil', 'temperature_env')), 80) })]
    expect(standsAt(80, rise, register)).toEqual([0.5, 'normal'])
    const belowOnly = [rule({ id: 'cold', when: below('temperature_coil', 20), clear: above('temperature_coil', 30) })]
    expect(standsAt(40, belowOnly, register)).toEqual([0.5, 'normal'])
    expect(standsAt(85, [rule({ id: 'deadband', when: hysteresis('temperature_coil', { on: 110, off: 90 }) })], register)).toEqual([0.5, 'normal'])
  })

  test('between two limits the nearer one counts by its own way, the parameters of the machine taken', () => {
    const register = { machines: machines({ id: 'm', normal: { temperature_coil: 20 }, parameters: { most: 100 } }) }
    const band = [rule({ id: 'band', when: outside('temperature_coil', 0, '$most') })]
    expect([20, 60, 10, 110].map((value) => standsAt(value, band, register))).toEqual([[1, 'normal'], [0.5, 'normal'], [0.5, 'normal'], [-0.125, 'normal']])
  })

  test('where normal is not known, or lies beyond the limit, or the signal lives by its past, it is a fraction of the limit', () => {
    const fraction = [0.25, 'limit']
    expect(standsAt(90, hot, {})).toEqual(fraction)
    expect(standsAt(90, hot, { normal: { temperature_env: 20 } })).toEqual(fraction)
    expect(standsAt(90, hot, { normal: { temperature_coil: 120 } })).toEqual(fraction)
    expect(standsAt(90, hot, { machines: machines({ id: 'other', normal: { temperature_coil: 60 } }) })).toEqual(fraction)
    expect(standsAt(90, [rule({ id: 'fast', when: above(maxOver('10s', ewma('2s', 'temperature_coil')), 120) })], { normal: { temperature_coil: 60 } })).toEqual([0.5, 'normal'])
    expect(standsAt(90, [rule({ id: 'long', when: above(age('temperature_coil'), 4) })], { normal: { temperature_coil: 60 } })).toEqual([0.75, 'limit'])
  })

  test.each<[string, Rule['when'], number, OutlookOptions, readonly unknown[]]>([
    ['an upper limit', atOrAbove('x', 4), 3, {}, [0.25, 'limit', 4]],
    ['an upper limit, from normal', atOrAbove('x', 4), 3, { normal: { x: 2 } }, [0.5, 'normal', 4]],
    ['a lower limit', atOrBelow('x', 4), 5, {}, [0.25, 'limit', 4]],
    ['a lower limit, from normal', atOrBelow('x', 4), 5, { normal: { x: 6 } }, [0.5, 'normal', 4]],
    ['a range, of which the half counts', outside('x', 2, 6), 3, {}, [0.5, 'limit', 2]],
    ['a range, from normal within it', outside('x', 2, 6), 3, { normal: { x: 3.5 } }, [2 / 3, 'normal', 2]],
    ...[1, 2, 6, 7].map((x): [string, Rule['when'], number, OutlookOptions, readonly unknown[]] => [`a range, normal at ${x} not within it`, outside('x', 2, 6), 3, { normal: { x } }, [0.5, 'limit', 2]]),
    ['a range up to a parameter', outside('x', 2, '$most'), 3, { machines: machines({ id: 'm', parameters: { most: 10 } }) }, [0.5, 'limit', 2]],
    ['a range from a parameter on', outside('x', '$least', 6), 3, { machines: machines({ id: 'm', parameters: { least: 1 } }) }, [2, 'limit', 1]],
    ['a deadband above', hysteresis('x', { on: 6, off: 4 }), 3, { normal: { x: 2 } }, [0.75, 'normal', 6]],
    ['a deadband below', hysteresis('x', { on: 2, off: 4 }), 5, { normal: { x: 6 } }, [0.75, 'normal', 2]],
    ['what holds within a time', within('5s', above('x', 4)), 3, {}, [0.25, 'limit', 4]],
    ['a limit of 0, which counts as 1', below('x', 0), 3, {}, [3, 'limit', 0]],
  ])('%s', (_, when, value, options, expected) => {
    const [{ nearest }] = told([rule({ id: 'r', when })], [reading(0, 'm', 'x', value), { kind: 'tick', time: 5 * second }], options) as readonly [Outlook]
    expect([expect.closeTo(nearest!.headroom, 9), nearest!.of, nearest!.limit]).toEqual([nearest!.headroom, ...expected.slice(1)])
    expect(nearest!.headroom).toBeCloseTo(expected[0] as number, 9)
    expect(nearest).not.toHaveProperty('unit')
  })

  test('the trend is that of the smoothed level, over 45 s or 3 minutes, whichever is slower', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i < 10 ? i : i < 20 ? 10 + (i - 10) * 3 : i < 30 ? 40 + (i - 20) * 0.5 : 45 + (i - 30) * 5))
    let [level, short, long] = [NaN, 0, 0]
    const expected = values.map((value): number => {
      if (Number.isNaN(level)) {
        level = value
        return NaN
      }
      const after = level + (1 - Math.exp(-5 / 30)) * (value - level)
      const change = (after - level) / 5000
      level = after
      short += (1 - Math.exp(-5 / 45)) * (change - short)
      long += (1 - Math.exp(-5 / 180)) * (change - long)
      const left = (100 - level) / Math.min(short, long)
      return left > 0 && left <= 3_600_000 ? left : NaN
    })
    const seen = told([rule({ id: 'hot', when: above('x', 100) })], [...values.map((value, i) => reading(5 * i, 'm', 'x', value)), { kind: 'tick', time: 200 * second }])
    expect(seen.map(({ nearest }) => nearest!.reachedIn ?? NaN)).toEqual(expected.map((each) => (Number.isNaN(each) ? NaN : expect.closeTo(each, 3) as number)))
    expect(expected.filter((each) => each > 0).length).toBeGreaterThan(20)
  })

  test('at the limit, rising still, nothing is reached any more', () => {
    const seen = told([rule({ id: 'hot', when: above('x', 20) })], [...Array.from({ length: 21 }, (_, i) => reading(5 * i, 'm', 'x', i)), { kind: 'tick', time: 105 * second }])
    expect(seen.at(-1)!.nearest).toMatchObject({ headroom: 0 })
    expect(seen.at(-1)!.nearest).not.toHaveProperty('reachedIn')
    expect(seen.at(-2)!.nearest).toHaveProperty('reachedIn')
  })

  test('rules that are exchanged are followed, others of them unchanged keep their trend, and what is no good is passed over; restored too', () => {
    const [hot, cold, band] = [rule({ id: 'hot', when: any(above('x', 100), above('y', 90)) }), rule({ id: 'cold', when: below('x', 2) }), rule({ id: 'band', when: outside('z', 0, 50), onDelay: '30s' })] as const
    const exchange = (some: readonly unknown[]): Input => ({ kind: 'rules', time: 0, rules: { rules: some } })
    const at = (i: number): readonly Input[] => [reading(5 * i, 'm', 'x', 50 + i), reading(5 * i, 'm', 'y', 40 + i), reading(5 * i, 'm', 'z', 45)]
    const put = (...changes: readonly (readonly [number, readonly unknown[]])[]): readonly Input[] => [...Array.from({ length: 30 }, (_, i) => [...at(i), ...changes.filter(([n]) => n === i).map(([, some]) => exchange(some))]).flat(), { kind: 'tick', time: 150 * second }]
    const op = (some: readonly Rule[]) => (time: Timeline) => pipe(inOrder<Input>({ lateness: 0 }, time), via(['reading', 'rules'], outlook(some, {}, time)))
    const seen = (some: readonly Rule[], inputs: readonly Input[]): readonly Outlook[] => run(op(some), 'own', inputs) as readonly Outlook[]

    const alone = seen([hot], put())
    expect(seen([hot], put([10, [cold, hot]]))).toEqual(alone)
    expect(seen([hot], put([10, [5]]))).toEqual(alone)
    expect(seen([cold, hot], put([10, [hot]])).slice(12)).toEqual(alone.slice(12))
    const all = seen([hot], put([10, [hot, band]], [20, [band, cold]]))
    expect(all.map(({ nearest }) => nearest?.rule)).toEqual([...Array<string>(10).fill('hot'), ...Array<string>(20).fill('band')])
    const items = put([10, [hot, band]], [20, [band, cold]])
    for (const cut of [29, 32, 33, 40, 64, 65, 80]) {
      const first = line(op([hot]), 'own')
      for (const item of items.slice(0, cut)) first.push(item)
      const rest = line(op([hot]), 'own', { saved: first.time.save() })
      for (const item of items.slice(cut)) rest.push(item)
      rest.complete()
      expect([...first.outputs, ...rest.outputs]).toEqual(all)
    }
  })

  test('a machine that falls silent is told of once, and is back with its next reading', () => {
    const seen = told(hot, [reading(1, 'm', 'temperature_coil', 60), { kind: 'tick', time: 500 * second }, reading(501, 'm', 'temperature_coil', 60), { kind: 'tick', time: 505 * second }])
    expect(seen.filter(({ nearest }) => nearest === undefined).map(({ time }) => time / second)).toEqual([65])
    expect(seen.map(({ time }) => time / second)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 505])
  })
})
