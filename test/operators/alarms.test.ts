import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Alarm, Input } from '../../src/model/index.js'
import { alarms, alarmsBehaviour } from '../../src/operators/alarms.js'
import type { AlarmsOptions } from '../../src/operators/alarms.js'
import { above, all, any, below, difference, heldFor, not, rule } from '../../src/rules/index.js'
import type { Condition, Rule } from '../../src/rules/index.js'
import { epoch, marbles, reading as at } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { conditions, oracle } from './condition-oracle.js'
import { sameWithout } from './same-without.js'
import { ordered, outputsOf, reading as bare, second, seconds, smallStreams } from './small-streams.js'

const raising = (rules: readonly Rule[], options: AlarmsOptions = {}): OperatorUnderTest<Alarm> => (time) => alarms(rules, options, time)

const reading = (seconds: number, ...rest: [machine: string, sensor: string, value: number, quality?: 'good' | 'suspect']) => bare(epoch / second + seconds, ...rest)
const tick = (seconds: number): Input => ({ kind: 'tick', time: epoch + seconds * second })
const short = (transitions: readonly Alarm[]): readonly unknown[] => transitions.map(({ time, machine, rule: id, state }) => `${(time - epoch) / second} ${machine} ${id} ${state}`)

const stales = fc.constantFrom(1, 3, 7, Infinity)
const delay = fc.constantFrom(undefined, '1s', '3s' as const)
/** None clears while it would raise: whether such a rule flaps would hang on how often it is looked at. */
const anyRules = fc
  .array(fc.record({ when: conditions, onDelay: delay, offDelay: delay, clear: fc.option(conditions), machines: fc.constantFrom(undefined, undefined, ['b'], ['a', 'b'], []) }), { minLength: 1, maxLength: 3 })
  .map((made) => made.map(({ when, onDelay, offDelay, clear, machines }, i) => rule({
    id: `r${i}`,
    when,
    ...(onDelay !== undefined && { onDelay }),
    ...(offDelay !== undefined && { offDelay }),
    ...(clear !== null && { clear: all(not(when), clear) }),
    ...(machines !== undefined && { machines }),
  })))

describe('alarms', () => {
  test.prop([anyRules, smallStreams, stales], { numRuns: 300 })('are what the definition says, at each moment', (rules, inputs, stale) => {
    const readings = ordered(inputs)
    const judged = rules.map(({ when, clear, onDelay, offDelay }): readonly [Condition, Condition] => [heldFor(onDelay ?? 0, when), heldFor(offDelay ?? 0, clear ?? not(when))])
    const machines = ['a', 'b'].map((machine) => ({ machine, raisedAt: rules.map(() => NaN), judge: oracle(readings.filter((each) => each.machine === machine), stale * second) }))
    const expected = seconds(inputs).flatMap((time) => machines.flatMap(({ machine, raisedAt, judge }) => rules.flatMap(({ id, machines: only }, i) => {
      if (only?.includes(machine) === false) return []
      const raised = !Number.isNaN(raisedAt[i])
      if (judge(judged[i]![raised ? 1 : 0], time, 'close').truth !== true) return []
      const since = raised ? raisedAt[i]! : time
      raisedAt[i] = raised ? NaN : time
      return [{ time, machine, rule: id, state: raised ? 'cleared' : 'raised', raisedAt: since }]
    })))
    const seen = outputsOf(raising(rules, { stale: stale * second }), inputs)
    expect(seen.map(({ time, machine, rule: id, state, raisedAt }) => ({ time, machine, rule: id, state, raisedAt }))).toEqual(expected)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
    expect(seen.filter(({ state }) => state === 'cleared').every(({ occurrence }) => seen.some((each) => each.state === 'raised' && each.occurrence === occurrence))).toBe(true)
    expect(outputsOf(raising(rules, { stale: stale * second }), inputs)).toEqual(seen)
  })

  test.prop([anyRules, smallStreams, stales], { numRuns: 200 })('a machine that was forgotten is as a new one', (rules, inputs, stale) => {
    sameWithout('idle', alarmsBehaviour(rules, { stale: stale * second }), 'machine', inputs)
    sameWithout('indifferent', alarmsBehaviour(rules, { stale: stale * second }), 'machine', inputs)
  })

  test('the example', () => {
    const hot = rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: 3 })
    const alarm = (state: Alarm['state'], value: number, message: string) => (time: number): Alarm => ({
      kind: 'alarm', id: `hot/m/5/${state}`, occurrence: 'hot/m/5', time, machine: 'm', rule: 'hot', state, severity: 'medium', class: 'thermal', message,
      raisedAt: 5, sensor: 'temperature_coil', value, limit: 120, unit: 'degC',
    })
    marbles((time) => alarms([hot], {}, time))
      .of('a-b-----a---|', { a: at('m', 'temperature_coil', 120), b: at('m', 'temperature_coil', 121) })
      .gives('-----r--c---|', { r: alarm('raised', 121, 'm: temperature_coil 121 degC, above 120 degC'), c: alarm('cleared', 120, 'm: temperature_coil back at 120 degC') })
  })

  test('an id tells rule, machine and time, and is safe in a path', () => {
    const [raised] = outputsOf(raising([rule({ id: 'hot', when: above('x', 5) })]), [{ ...reading(0, 'Linie 1/ü', 'x', 6), time: epoch + 0.5 }])
    expect(raised!.id).toBe('hot/Linie%201%2F%C3%BC/2026-01-01T00:00:00.0005Z/raised')
  })

  const hot = rule({ id: 'hot', when: above('x', 5), clear: below('x', 3) })

  test('at the limits themselves nothing turns', () => {
    const inputs = [5, 6, 3, 2, 5].map((value, i) => reading(i, 'm', 'x', value))
    expect(short(outputsOf(raising([hot]), inputs))).toEqual(['1 m hot raised', '3 m hot cleared'])
  })

  test('while it is unknown it stands; a known value that clears is needed', () => {
    const inputs: readonly Input[] = [reading(0, 'm', 'x', 6), reading(1, 'm', 'x', 0, 'suspect'), tick(500), reading(501, 'm', 'x', 4), reading(502, 'm', 'x', 2)]
    expect(short(outputsOf(raising([hot]), inputs))).toEqual(['0 m hot raised', '502 m hot cleared'])
  })

  test('delays begin again behind a suspect reading, and behind a stale value', () => {
    const slow = rule({ ...hot, onDelay: '4s', offDelay: '4s' })
    const suspect: readonly Input[] = [reading(0, 'm', 'x', 6), reading(3, 'm', 'x', 6, 'suspect'), reading(4, 'm', 'x', 6), reading(9, 'm', 'x', 2), reading(12, 'm', 'x', 2, 'suspect'), reading(13, 'm', 'x', 2), tick(30)]
    expect(short(outputsOf(raising([slow]), suspect))).toEqual(['8 m hot raised', '17 m hot cleared'])
    const stale: readonly Input[] = [reading(0, 'm', 'x', 6), reading(3, 'm', 'x', 6), reading(5, 'm', 'x', 6), tick(30)]
    expect(short(outputsOf(raising([slow], { stale: '3s' }), stale))).toEqual(['4 m hot raised'])
    expect(short(outputsOf(raising([slow], { stale: '2s' }), stale))).toEqual([])
  })

  test.each([rule({ id: 'hot', when: above('x', 5), onDelay: '30s' }), rule({ id: 'hot', when: heldFor('30s', above('x', 5)) })])(
    'once a second, hot for 30 s: a cool reading at the very moment at which that is over raises nothing, a hot one then does', (slow) => {
      const inputs = (then: number) => Array.from({ length: 31 }, (_, i) => reading(i, 'm', 'x', i < 30 ? 6 : then))
      expect(outputsOf(raising([slow]), [...inputs(5), tick(60)])).toEqual([])
      expect(short(outputsOf(raising([slow]), inputs(6)))).toEqual(['30 m hot raised'])
    })

  test('a hot reading at the very moment at which it would be cleared keeps it', () => {
    const slow = rule({ id: 'hot', when: above('x', 5), offDelay: '4s' })
    expect(short(outputsOf(raising([slow]), [reading(0, 'm', 'x', 6), reading(1, 'm', 'x', 5), reading(5, 'm', 'x', 6), tick(30)]))).toEqual(['0 m hot raised'])
  })

  test('two sensors of one instant are compared as of that instant', () => {
    const rise = rule({ id: 'rise', when: above(difference('x', 'y'), 4) })
    const inputs = [0, 1, 2].flatMap((time) => [reading(time, 'm', 'y', 100 * time), reading(time, 'm', 'x', 100 * time + 4)])
    expect(outputsOf(raising([rise]), inputs)).toEqual([])
  })

  test('names the sensor, value and limit of the part that decided, and the words of the rule', () => {
    const rules = [rule({ id: 'either', when: any(above('x', 5), below('temperature_coil', 0)), severity: 'critical', class: 'support', message: '{machine}: {sensor} at {value} {unit}, limit {limit}' })]
    const [seen] = outputsOf(raising(rules), [reading(0, 'm', 'x', 1), reading(0, 'm', 'temperature_coil', -2.5)])
    expect(seen).toMatchObject({ sensor: 'temperature_coil', value: -2.5, limit: 0, unit: 'degC', severity: 'critical', class: 'support', message: 'm: temperature_coil at -2.5 degC, limit 0' })
    const [rise] = outputsOf(raising([rule({ id: 'rise', when: above(difference('temperature_coil', 'temperature_env'), 80) })]), [reading(0, 'm', 'temperature_coil', 110), reading(0, 'm', 'temperature_env', 25)])
    expect(rise).toMatchObject({ value: 85, limit: 80, unit: 'K', message: 'm: temperature_coil - temperature_env 85 K, above 80 K' })
    expect(rise).not.toHaveProperty('sensor')
  })

  test('the end of the data clears nothing', () => {
    expect(short(outputsOf(raising([hot]), [reading(0, 'm', 'x', 6)]))).toEqual(['0 m hot raised'])
  })

  test('other kinds and sensors that no rule reads are passed over', () => {
    expect(outputsOf(raising([hot]), [reading(0, 'm', 'y', 6), tick(5), { kind: 'command', time: epoch, name: 'acknowledge', machine: 'm', by: 'operator' }])).toEqual([])
  })

  test('two rules of one id are refused', () => {
    expect(() => alarms([hot, rule({ id: 'other', when: above('x', 1) }), hot])).toThrow(new RangeError('rule ids must differ: hot, other, hot'))
  })
})
