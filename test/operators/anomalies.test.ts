import { fc, test } from '@fast-check/vitest'
import { Subject } from 'rxjs'
import { describe, expect } from 'vitest'
import type { AlarmClass, Anomaly, Item, Reading } from '../../src/model/index.js'
import { anomalies } from '../../src/operators/anomalies.js'
import { via } from '../../src/operators/via.js'
import { above, absolute, all, any, below, difference, heldFor, machines, not, outside, rule, within } from '../../src/rules/index.js'
import type { Condition, Rule } from '../../src/rules/index.js'
import { marbles, reading as at } from '../../src/testing/index.js'
import { Timeline } from '../../src/time/index.js'
import { ordered, outputsOf, reading, smallStreams } from './small-streams.js'

const found = (rules: readonly Rule[], inputs: Parameters<typeof outputsOf>[1]): readonly Anomaly[] => outputsOf(() => via('reading', anomalies(rules)), inputs)

const limit = fc.integer({ min: 0, max: 3 })
const sensor = fc.constantFrom('x', 'y')

/** A condition, and what it says of one value alone. */
const alone: fc.Arbitrary<readonly [Condition, (sensor: string, value: number) => boolean]> = fc.oneof(
  fc.tuple(sensor, limit).map(([of, l]) => [above(of, l), (s: string, v: number) => s === of && v > l] as const),
  fc.tuple(sensor, limit).map(([of, l]) => [below(of, l), (s: string, v: number) => s === of && v < l] as const),
  fc.tuple(sensor, limit).map(([of, l]) => [heldFor('5m', outside(of, l - 1, l)), (s: string, v: number) => s === of && (v < l - 1 || v > l)] as const),
  fc.tuple(sensor, limit, limit).map(([of, l, h]) => [any(within('5m', above(of, l)), below('y', h)), (s: string, v: number) => (s === of && v > l) || (s === 'y' && v < h)] as const),
  fc.constantFrom(all(above('x', 0), above('y', 0)), not(above('x', 0)), above(difference('x', 'y'), 0), above(absolute('x'), 0)).map((none) => [none, () => false] as const),
)

const classes = fc.constantFrom<AlarmClass>('thermal', 'mechanical', 'electrical')
const anyRules = fc.array(fc.record({ of: alone, class: classes, machines: fc.constantFrom(undefined, ['a'], []) }), { maxLength: 4 })

describe('anomalies', () => {
  test.prop([anyRules, smallStreams])('are the readings that, alone, lie beyond a limit, with the class of each such rule once', (specs, inputs) => {
    const rules = specs.map(({ of: [when], class: each, machines }, i) => rule({ id: `r${i % 2}`, when, class: each, onDelay: '1m', ...(machines && { machines }) }))
    const expected = ordered(inputs).flatMap((each): readonly Anomaly[] => {
      const its = specs.filter(({ of: [, beyond], machines }) => beyond(each.sensor, each.value) && (machines === undefined || machines.some((name) => name === each.machine)))
      const { time, machine } = each
      return its.length === 0 ? [] : [{ kind: 'anomaly', time, machine, reading: each, classes: [...new Set(its.map((spec) => spec.class))] }]
    })
    expect(found(rules, inputs)).toEqual(expected)
  })

  test('know limits that are parameters of the machine, and of none that has not got them', () => {
    const register = machines({ id: 'a', parameters: { most: 2 } }, { id: 'b' })
    const rules = [rule({ id: 'r', when: above('x', '$most * 1.5') })]
    const inputs = ['a', 'b', 'c'].flatMap((machine, i) => [3, 4].map((value, j) => reading(10 * i + j, machine, 'x', value)))
    expect(outputsOf(() => via('reading', anomalies(rules, { machines: register })), inputs).map(({ machine, reading: { value } }) => [machine, value])).toEqual([['a', 4]])
  })

  test('the example', () => {
    const [a, b] = [120, 121].map((value) => at('m', 'temperature_coil', value))
    const anomaly = (time: number): Anomaly => ({ kind: 'anomaly', time, machine: 'm', reading: b!(time), classes: ['thermal'] })
    marbles<Reading, Anomaly>(() => anomalies([rule({ id: 'hot', when: heldFor('30s', above('temperature_coil', 120)) })]))
      .of('a-b-b-|', { a: a!, b: b! })
      .gives('--x-x-|', { x: anomaly })
  })

  test('a reading at a limit is none, a suspect one beyond it is', () => {
    const inputs = [5, 10, 10.1, 4.9].map((value, i) => reading(i, 'm', 'x', value, 'suspect'))
    expect(found([rule({ id: 'r', when: outside('x', 5, 10) })], inputs).map((each) => each.reading.value)).toEqual([10.1, 4.9])
  })

  test('other rules are followed, in a save too; a document that is no good is passed over, errors pass, and what throws is one', () => {
    const exchange = (rules: unknown): Item => ({ kind: 'rules', time: 0, rules: { rules } }) as Item
    const seen: unknown[] = []
    const part = (time: Timeline): Subject<Reading> => {
      const input = new Subject<Reading>()
      anomalies([rule({ id: 'hot', when: above('x', 2) })], {}, time)(input).subscribe({ next: ({ reading: { value } }) => seen.push(value), error: (error: unknown) => seen.push(error), complete: () => seen.push('end') })
      return input
    }
    const time = new Timeline()
    const input = part(time)
    for (const item of [reading(0, 'm', 'x', 2), reading(1, 'm', 'x', 3), exchange([5]), reading(2, 'm', 'x', 4), exchange([rule({ id: 'hot', when: above('x', 5) })]), reading(3, 'm', 'x', 5), reading(4, 'm', 'x', 6)]) input.next(item as Reading)
    expect(seen).toEqual([3, 4, 6])
    const restored = part(new Timeline(time.save()))
    restored.next(reading(5, 'm', 'x', 4))
    restored.next(reading(6, 'm', 'x', 7))
    expect(seen).toEqual([3, 4, 6, 7])
    restored.complete()
    input.error(new Error('read error'))
    part(new Timeline()).next(null as unknown as Reading)
    expect(seen.slice(4)).toEqual(['end', new Error('read error'), expect.any(TypeError)])
  })

  test('of two rules of one class it is one, and without rules there is none', () => {
    expect(found([rule({ id: 'a', when: above('x', 1) }), rule({ id: 'b', when: above('x', 2) })], [reading(0, 'm', 'x', 3)]).map(({ classes }) => classes)).toEqual([['mechanical']])
    expect(found([], [reading(0, 'm', 'x', 3)])).toEqual([])
  })
})
