import { above, all, any, below, checkRules, difference, heldFor, hysteresis, inside, machines, meanOver, not, outside, rate, reference, rising, rule, scaled } from 'motorwatch/rules'
import type { Condition, Rule } from 'motorwatch/rules'
import { expect, test } from 'vitest'

/** Calm, so that only what is wrong is told. */
const of = (when: Condition, more: Partial<Rule> = {}): Rule => rule({ id: 'r', when, onDelay: '10s', ...more })
const problems = (...rules: readonly Rule[]): readonly string[] => checkRules(rules).map(({ problem }) => problem)

test.each<readonly [string, Rule, readonly string[]]>([
  ['a limit that is never reached', of(above(difference('temperature_coil', 'temperature_env'), 241)), ['never fires']],
  ['two limits that no value is beyond at once', of(all(above('current', 50), below('current', 40))), ['never fires']],
  ['one that is only just reached', of(above(difference('temperature_coil', 'temperature_env'), 239.9)), []],
  ['any value', of(any(above('current', 40), below('current', 50))), ['always fires']],
  ['a limit beyond the instrument', of(above('temperature_coil', 250)), ['limit out of range', 'never fires']],
  ['a limit below the instrument', of(above('temperature_coil', -1)), ['limit out of range', 'always fires']],
  ['a mean that never gets there', of(above(meanOver('1m', scaled('current', 2)), 301)), ['never fires']],
  ['raised and cleared at once', of(above('current', 50), { clear: below('current', 60) }), ['contradiction']],
  ['a clear condition that never comes', of(above('current', 50), { clear: below('current', -20) }), ['limit out of range', 'never clears']],
  ['a clear condition that fits', of(above('current', 50), { clear: below('current', 45) }), []],
  ['a stranger', of(above('flow', 1)), ['unknown sensor']],
  ['a bare limit', rule({ id: 'r', when: above('current', 50) }), ['no hysteresis']],
  ['a bare limit with a deadband', rule({ id: 'r', when: hysteresis('current', { on: 50, off: 45 }) }), []],
  ['a bare limit on a rate', rule({ id: 'r', when: above(rate('1m', 'current'), 3) }), ['no hysteresis']],
  ['a rise gets the benefit of the doubt', of(rising('temperature_coil', 500, '1m')), []],
  ['held values', of(heldFor('30s', not(inside('pressure', 1000, 5000)))), []],
])('%s', (_name, each, expected) => {
  expect(problems(each)).toEqual(expected)
})

test('units that do not fit are refused when a rule is built, and told of rules that were not', () => {
  expect(() => rule({ id: 'mixed', when: above('temperature_coil', 'pressure') })).toThrow(
    "rule 'mixed': units are mixed in 'temperature_coil above pressure': temperature_coil is in degC, pressure in Pa; bring one to the other by scaled(signal, factor, unit)")
  expect(problems({ id: 'mixed', when: above('voltage', 'current'), severity: 'low', class: 'electrical', onDelay: 1 })).toContain('units')
  expect(rule({ id: 'fine', when: above('temperature_coil', scaled('pressure', 0.01, 'degC')) }).id).toBe('fine')
  expect(rule({ id: 'rise', when: above(difference('temperature_coil', 'temperature_env'), scaled('current', 2, 'K')) }).id).toBe('rise')
})

test('the same twice, on the same machine', () => {
  const twice = [of(above('current', 50), { machines: ['a', 'b'] }), { ...of(above('current', 50), { machines: ['b'] }), id: 's' }, { ...of(above('current', 50), { machines: ['c'] }), id: 't' }]
  expect(checkRules(twice)).toEqual([{ rule: 's', problem: 'duplicate', text: "s: is the same condition as 'r': current above 50" }])
})

test('a parameter that a watched machine has not', () => {
  const known = machines({ id: 'a', nameplate: { ratedCurrent: 20 } }, { id: 'b' })
  const overload = of(above('current', '$ratedCurrent * 1.1'))
  expect(checkRules([overload], { machines: known }).map(({ text }) => text)).toEqual(["r: needs $ratedCurrent, which machine 'b' has not: it cannot be judged there"])
  expect(checkRules([{ ...overload, machines: ['a'] }], { machines: known })).toEqual([])
  expect(checkRules([of(above('current', '$ratedCurrent * 10'), { machines: ['a'] })], { machines: known }).map(({ problem }) => problem)).toEqual(['never fires'])
})

test('the reference pack has bare limits, and nothing else', () => {
  expect(new Set(problems(...reference))).toEqual(new Set(['no hysteresis']))
  expect(problems(of(outside('pressure', 1000, 5000)))).toEqual([])
})
