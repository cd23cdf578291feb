import { above, outside, rule } from 'motorwatch'
import { describe, expect, test } from 'vitest'
import { parseRuleTests, ruleTestText } from '../../src/testing/index.js'
import type { RuleTest } from '../../src/testing/index.js'

const hot = rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: '30s', message: '{machine} is "hot", over\n {limit}' })
const whole: RuleTest = {
  name: 'a "name"\n of two lines',
  rules: [hot, rule({ id: 'pressure', when: outside('pressure', 1000, 5000) })],
  machine: { id: 'pump', parameters: { ratedCurrent: 20 } },
  stale: '5m',
  given: { temperature_coil: '60x61+0.5', pressure: '5s: 2000 _ 2000!' },
  others: { fan: { temperature_coil: '130' } },
  expect: [{ at: '2m', rule: 'hot', state: 'raised', margin: -1.5, message: 'hot' }, { at: 500, rule: 'pressure', state: 'normal' }],
}

describe('a document', () => {
  test.each<[string, RuleTest]>([
    ['with everything', whole],
    ['with the least', { given: {}, expect: [{ at: 0, rule: 'hot', state: 'unknown' }] }],
  ])('%s is read as it was shown', (_, one) => {
    expect(parseRuleTests(ruleTestText(one))).toEqual({ _tag: 'Right', right: { tests: [one] } })
    expect(parseRuleTests(`{ "rules": ${JSON.stringify([hot])}, "tests": [${ruleTestText(one)}] }`)).toEqual({ _tag: 'Right', right: { rules: [hot], tests: [one] } })
  })

  test('has a line for each sensor and each expectation', () => {
    expect(ruleTestText({ given: { a: '1', b: '2' }, expect: [{ at: '1s', rule: 'hot', state: 'raised' }] })).toBe(
      '{\n  "given": {\n    "a": "1",\n    "b": "2"\n  },\n  "expect": [\n    { "at": "1s", "rule": "hot", "state": "raised" }\n  ]\n}')
  })
})

describe('what is wrong with it', () => {
  const one = { given: { temperature_coil: '61' }, expect: [{ at: '2m', rule: 'hot', state: 'raised' }] }
  const wrong = (changes: object): string => {
    const parsed = parseRuleTests(JSON.stringify({ tests: [one, { ...one, ...changes }] }))
    return parsed._tag === 'Left' ? parsed.left : 'nothing'
  }
  test.each([
    [{ given: { temperature_coil: '61 hot' } }, "tests[1].given.temperature_coil: expected a value such as 61, '_' for nothing, or a count such as '5x61' at character 4\n  61 hot\n     ^"],
    [{ given: { temperature_coil: 61 } }, "tests[1].given.temperature_coil: got 61, expected a series such as '10x61 60x61+0.5'"],
    [{ given: undefined }, 'tests[1].given: got nothing, expected an object of series by sensor'],
    [{ expect: [{ at: '2m', rule: 'hot', state: 'on' }] }, 'tests[1].expect[0].state: got "on", expected one of raised, pending, normal, unknown'],
    [{ expect: [{ at: 'soon', rule: 'hot', state: 'raised' }] }, 'tests[1].expect[0].at: got "soon"'],
    [{ expect: [] }, 'tests[1].expect: got [], expected a list of at least one'],
    [{ expects: [] }, 'tests[1].expects: got [], expected one of the fields name, rules, machine'],
    [{ rules: [{ id: 'x', when: { op: 'abov' } }] }, 'tests[1].rules[0].when.op: got "abov", expected one of above'],
    [{ machine: 5 }, 'tests[1].machine: got 5, expected a name, or an object'],
    [{ machine: { id: 'm', parameters: { ratedCurrent: '20' } } }, 'tests[1].machine.parameters.ratedCurrent: got "20", expected a finite number'],
    [{ others: { b: { current: '' } } }, 'tests[1].others.b.current: expected a value'],
  ])('%j', (changes, message) => {
    expect(wrong(changes)).toContain(message)
  })

  test.each([['[]', 'document: got []'], ['{', 'not JSON'], ['{}', 'tests: got nothing'], ['{ "given": {} }', 'expect: got nothing']])('%s', (json, message) => {
    expect(parseRuleTests(json)).toEqual({ _tag: 'Left', left: expect.stringContaining(message) as string })
  })
})
