import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { above, absolute, all, any, below, conditionText, difference, heldFor, inside, limitsOf, not, outside, parseRules, ratio, reference, rule, ruleText, scaled, sensorsOf, sum, within } from 'motorwatch/rules'

describe('a rule', () => {
  const hot = rule({ id: 'hot-coil', severity: 'high', when: heldFor('30s', above('temperature_coil', 120)), clear: below('temperature_coil', 115), offDelay: '10s' })

  test('reads as one line', () => {
    expect(ruleText(hot)).toBe('hot-coil: high when temperature_coil above 120 for 30s, clears when temperature_coil below 115 for 10s')
    expect(conditionText(any(all(above('a', 1), not(inside('b', 0, 2))), within(90_000, below(difference('a', 'b'), 3))))).toBe('(a above 1 and not (b inside 0..2)) or a - b below 3 within 1m30s')
    expect(conditionText(outside(ratio(sum('a', 'b'), absolute(scaled('c', 2))), 0, 1))).toBe('(a + b) / |2 * c| outside 0..1')
  })

  test('tells its levels and what suppresses it in that line, and the limits of levels are limits too', () => {
    const levelled = rule({ id: 'v', when: above('vibration_rotor', 2), suppressedBy: below('current', 1), levels: [{ name: 'trip advice', severity: 'critical', when: above('vibration_rotor', 4), onDelay: '10s' }] })
    expect(ruleText(levelled)).toBe('v: medium when vibration_rotor above 2, suppressed by current below 1; trip advice: critical when vibration_rotor above 4 for 10s')
    expect(limitsOf(levelled).map(({ high, severity }) => [high, severity])).toEqual([[2, 'medium'], [4, 'critical']])
  })

  test('takes severity and class from what it reads where they are not given', () => {
    expect(rule({ id: 'x', when: above('current', 1) })).toMatchObject({ severity: 'medium', class: 'electrical' })
    expect(rule({ id: 'x', when: above('mine', 1) }).class).toBe('mechanical')
  })

  test('is refused with its name where it cannot be', () => {
    expect(() => rule({ id: 'a b', when: above('x', 1) })).toThrow("rule id \"a b\": expected letters, digits, '-', '_' and '.'")
    expect(() => rule({ id: 'a', when: above('x', 1), onDelay: '5 minutes' as never })).toThrow(/rule 'a': "5 minutes" is not a duration/)
    expect(() => above('x', NaN)).toThrow('the limit must be a finite number, not NaN')
    expect(() => outside('x', 5, 5)).toThrow('the lower limit 5 must be below the upper limit 5')
    expect(() => heldFor('-5s', above('x', 1))).toThrow('not a duration')
    expect(() => all()).toThrow('at least one')
  })

  test('knows its sensors, each once', () => {
    expect(sensorsOf(all(above(difference('a', 'b'), 1), not(below('a', 2))))).toEqual(['a', 'b'])
  })

  test('has as limits what one reading alone can pass', () => {
    const limits = limitsOf(rule({ id: 'x', when: any(heldFor('5s', above('a', 1)), outside('b', 2, 3), all(above('c', 1), above('d', 1)), above(difference('a', 'b'), 1), not(above('e', 1))) }))
    expect(limits.map(({ sensor, low, high }) => [sensor, low, high])).toEqual([['a', -Infinity, 1], ['b', 2, 3]])
  })
})

describe('a document of rules', () => {
  test('comes back as it was written', () => {
    const rules = [
      ...reference,
      rule({
        id: 'all-of-it',
        when: any(heldFor('1m30s', all(above(difference('a', 'b'), 1), not(below(scaled(absolute('c'), 2), 3)))), within(5000, inside(ratio('a', sum('b', 'c')), 0, 1))),
        clear: outside('a', 1, 2),
        onDelay: '5s',
        offDelay: 7,
        machines: ['M1'],
        message: '{machine}: {value}',
        severity: 'low',
        class: 'support',
      }),
    ]
    expect(parseRules(JSON.stringify({ rules }))).toEqual(E.right(rules))
  })

  const above120 = { op: 'above', signal: 'x', limit: 120 }
  test.each([
    ['{', /^not JSON: /],
    ['[]', /^document: got \[\], expected an object with the field rules$/],
    ['{"rules":[]}', /^rules: got \[\], expected a list of at least one$/],
    ['{"rules":[{"id":"a"}]}', /^rules\[0\]\.when: got nothing, expected a condition$/],
    [JSON.stringify({ rules: [{ id: 'a', when: { ...above120, limit: '120' } }] }), /^rules\[0\]\.when\.limit: got "120", expected the name of a sensor, or a number without quotes$/],
    [JSON.stringify({ rules: [{ id: 'a', when: { op: 'heldFor', for: '30 s', of: above120 } }] }), /^rules\[0\]\.when\.for: got "30 s", expected milliseconds or text/],
    [JSON.stringify({ rules: [{ id: 'a', when: { op: 'all', of: [above120, { ...above120, signal: { op: 'sum' } }] } }] }), /^rules\[0\]\.when\.of\[1\]\.signal\.of: got nothing, expected a list/],
    [JSON.stringify({ rules: [{ id: 'a', when: above120, severty: 'high' }] }), /^rules\[0\]\.severty: got "high", expected one of the fields id, when/],
    [JSON.stringify({ rules: [{ id: 'a', when: above120, severity: 'huge' }] }), /^rules\[0\]\.severity: got "huge", expected one of low, medium, high, critical$/],
    [JSON.stringify({ rules: [{ id: 'a', when: above120 }, { id: 'a', when: above120 }] }), /^rules\[1\]\.id: got "a", expected an id that no other rule has$/],
    [JSON.stringify({ rules: [{ id: 'a', when: { op: 'outside', signal: 'x', low: 3, high: 3 } }] }), /^rules\[0\]\.when\.high: got 3, expected a number above low, 3$/],
  ])('%s is refused with path, what came and what was expected', (json, expected) => {
    const parsed = parseRules(json)
    expect(E.isLeft(parsed) ? parsed.left : 'taken').toMatch(expected)
  })
})
