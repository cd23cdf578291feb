import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Input, Truth, Verdict } from '../../src/model/index.js'
import { threshold, thresholdBehaviour } from '../../src/operators/threshold.js'
import type { ThresholdOptions } from '../../src/operators/threshold.js'
import { via } from '../../src/operators/via.js'
import { above, all, below, conditionText, difference, heldFor } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'
import { checkLaws, marbles, reading as at } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { conditions, oracle } from './condition-oracle.js'
import { sameWithout } from './same-without.js'
import { ordered, outputsOf, reading, second, seconds, smallStreams } from './small-streams.js'

const judged = (condition: Condition, options: ThresholdOptions = {}): OperatorUnderTest<Verdict> => (time) => via('reading', threshold(condition, options, time))

const stales = fc.constantFrom(1, 3, 7, Infinity)

const short = (verdicts: readonly Verdict[]): readonly unknown[] => verdicts.map(({ time, truth, margin }) => [time / second, truth, margin])

describe('threshold', () => {
  test.prop([conditions, smallStreams, stales], { numRuns: 300 })('is what the definition says, at each moment', (condition, inputs, stale) => {
    const readings = ordered(inputs)
    const machines = ['a', 'b'].map((machine): { readonly machine: string; truth: Truth; readonly judge: ReturnType<typeof oracle> } => ({ machine, truth: 'unknown', judge: oracle(readings.filter((each) => each.machine === machine), stale * second) }))
    const expected = seconds(inputs).flatMap((time) => machines.flatMap((each): readonly Verdict[] => {
      const { truth, margin } = each.judge(condition, time, 'close')
      if (truth === each.truth) return []
      each.truth = truth
      return [{ kind: 'verdict', time, machine: each.machine, condition: conditionText(condition), truth, margin: margin + 0 }]
    }))
    const seen = outputsOf(judged(condition, { stale: stale * second }), inputs)
    expect(seen.map(({ signal: _, value: __, limit: ___, since: ____, ...verdict }) => ({ ...verdict, margin: verdict.margin + 0 }))).toEqual(expected)
  })

  test.prop([conditions, smallStreams, stales], { numRuns: 200 })('a machine that was forgotten is as a new one', (condition, inputs, stale) => {
    sameWithout('idle', thresholdBehaviour(condition, { stale: stale * second }), 'machine', inputs)
    sameWithout('indifferent', thresholdBehaviour(condition, { stale: stale * second }), 'machine', inputs)
  })

  test('the example', () => {
    const [a, b, c, d] = [119, 120, 121, 119].map((value) => at('m', 'temperature_coil', value))
    const verdict = (truth: Verdict['truth'], margin: number) => (time: number): Verdict => ({
      kind: 'verdict', time, machine: 'm', condition: 'temperature_coil above 120', truth, margin,
      ...(truth === 'unknown' ? {} : { signal: 'temperature_coil', value: 120 + margin, limit: 120, since: time }),
    })
    marbles((time) => threshold(above('temperature_coil', 120), { stale: 5 }, time))
      .of('a-b-c-d------|', { a: a!, b: b!, c: c!, d: d! })
      .gives('f---t-f----u-|', { f: verdict(false, -1), t: verdict(true, 1), u: verdict('unknown', NaN) })
  })

  test('tells the part that decided, its value, its limit and since when', () => {
    const inputs: readonly Input[] = [reading(0, 'm', 'x', 4), reading(1, 'm', 'x', 6), reading(3, 'm', 'y', 2), { kind: 'tick', time: 20 * second }, reading(21, 'm', 'y', 3)]
    const told = outputsOf(judged(all(heldFor('10s', above('x', 5)), below('y', 3))), inputs).map(({ time, truth, signal, value, limit, since }) => [time / second, truth, signal, value, limit, since! / second])
    expect(told).toEqual([[0, false, 'x', 4, 5, 0], [11, true, 'x', 6, 5, 1], [21, false, 'y', 3, 3, 21]])
  })

  test('at the limit itself it is false, with a margin of 0', () => {
    expect(short(outputsOf(judged(above('x', 5)), [reading(0, 'm', 'x', 5)]))).toEqual([[0, false, 0]])
  })

  test('is judged once an instant, when all its sensors are in', () => {
    const inputs = [0, 1, 2].flatMap((time) => [reading(time, 'm', 'x', 100 * time + 5), reading(time, 'm', 'y', 100 * time)])
    expect(short(outputsOf(judged(above(difference('x', 'y'), 4)), inputs))).toEqual([[0, true, 1]])
  })

  test('a hold is over at the very moment, with no reading there', () => {
    const inputs: readonly Input[] = [reading(0, 'm', 'x', 6), { kind: 'tick', time: 10 * second }]
    expect(short(outputsOf(judged(heldFor('2500ms', above('x', 5))), inputs))).toEqual([[2.5, true, 1]])
  })

  test.each([[4, [[30, false, -1]]], [6, [[30, true, 1]]]] as const)('once a second, above for 30 s, and then %d at the very moment at which the hold is over', (then, expected) => {
    const inputs = Array.from({ length: 31 }, (_, i) => reading(i, 'm', 'x', i < 30 ? 6 : then))
    expect(short(outputsOf(judged(heldFor('30s', above('x', 5))), inputs))).toEqual(expected)
    expect(short(outputsOf(judged(heldFor('30s', above('x', 5))), [reading(-1, 'm', 'x', 4), ...inputs]))).toEqual([[-1, false, -1], ...(then === 6 ? expected : [])])
  })

  test('a value is stale at the very moment, but for a reading exactly then', () => {
    const inputs: readonly Input[] = [reading(0, 'm', 'x', 6), reading(3, 'm', 'x', 7), { kind: 'tick', time: 9 * second }]
    expect(short(outputsOf(judged(above('x', 5), { stale: '3s' }), inputs))).toEqual([[0, true, 1], [6, 'unknown', NaN]])
  })

  test('a suspect reading is unknown, and a first one says nothing', () => {
    const inputs = [reading(0, 'm', 'x', 6, 'suspect'), reading(1, 'm', 'x', 6), reading(2, 'm', 'x', 6, 'suspect')]
    expect(short(outputsOf(judged(above('x', 5)), inputs))).toEqual([[1, true, 1], [2, 'unknown', NaN]])
  })

  test('what is never stale is not forgotten', () => {
    const inputs = [reading(0, 'm', 'x', 9), reading(100_000, 'm', 'y', 3)]
    expect(short(outputsOf(judged(above(difference('x', 'y'), 5), { stale: Infinity }), inputs))).toEqual([[100_000, true, 1]])
  })

  test('its name is the condition, or what it is called', () => {
    expect(outputsOf(judged(above('x', 5), { name: 'hot' }), [reading(0, 'm', 'x', 6)]).map(({ condition }) => condition)).toEqual(['hot'])
    expect(thresholdBehaviour(above('x', 5)).version).not.toBe(thresholdBehaviour(above('x', 6)).version)
  })

  test('keeps the laws', async () => {
    const condition = heldFor('10s', above(difference('temperature_coil', 'vibration_rotor'), 80))
    expect(Object.values(await checkLaws(judged(condition, { stale: '30s' })))).toEqual(Array(6).fill('pass'))
  }, 60_000)
})
