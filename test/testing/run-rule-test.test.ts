import { above, all, below, heldFor, missing, rule } from 'motorwatch'
import { describe, expect, test } from 'vitest'
import { runRuleTest } from '../../src/testing/index.js'
import type { RuleTest } from '../../src/testing/index.js'

const hot = rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: '30s', clear: below('temperature_coil', 115), offDelay: '5s' })
const states = (given: RuleTest['given'], ats: readonly `${number}s`[], rules = [hot]) =>
  runRuleTest({ given, expect: ats.map((at) => ({ at, rule: rules[0]!.id, state: 'raised' })) }, rules).outcomes.map(({ state }) => state)

describe('the state of a rule', () => {
  test('normal, pending, raised to the very moment, and normal again', () => {
    expect(states({ temperature_coil: '10x120 40x121 20x110' }, ['9s', '10s', '39s', '40s', '50s', '54s', '55s'])).toEqual(
      ['normal', 'pending', 'pending', 'raised', 'raised', 'raised', 'normal'])
  })

  test('unknown before a reading, when suspect and when stale; what stands, stands', () => {
    expect(states({ temperature_coil: '_ 100 100! 100' }, ['0s', '1s', '2s', '3s', '62s', '63s'])).toEqual(['unknown', 'normal', 'unknown', 'normal', 'normal', 'unknown'])
    expect(states({ temperature_coil: '31x130 130!' }, ['30s', '31s', '200s'])).toEqual(['raised', 'raised', 'raised'])
  })

  test('between readings, behind the last one, and in any order of expectations', () => {
    expect(states({ temperature_coil: '121' }, ['30s', '29s', '29.999s', '31s'])).toEqual(['raised', 'pending', 'pending', 'raised'])
  })

  test('a delay within the condition is a delay', () => {
    const held = rule({ id: 'held', when: heldFor('10s', heldFor('5s', above('temperature_coil', 120))) })
    expect(states({ temperature_coil: '121' }, ['0s', '14s', '15s'], [held])).toEqual(['pending', 'pending', 'raised'])
  })

  test('silence', () => {
    const lost = rule({ id: 'lost', when: missing('current', '20s') })
    expect(states({ temperature_coil: '5s: 10x60', current: '5s: 3x10' }, ['29s', '30s'], [lost])).toEqual(['normal', 'raised'])
  })
})

describe('margin and message', () => {
  const at = (expected: Partial<RuleTest['expect'][number]>): RuleTest =>
    ({ name: 'coil', given: { temperature_coil: '10x120 40x121.3' }, expect: [{ at: '41s', rule: 'hot', state: 'raised', ...expected }] })

  test('as they are', () => {
    expect(runRuleTest(at({ margin: 1.3, message: 'm1: temperature_coil 121.3 degC, above 120 degC' }), [hot])).toMatchObject({ passed: true, text: 'coil' })
  })

  test('otherwise the difference is told', () => {
    expect(runRuleTest(at({ margin: 1, message: 'hot' }), [hot]).text).toBe([
      'coil',
      '  at 41s, hot',
      '  - raised, margin 1, "hot"',
      '  + raised, margin 1.3, "m1: temperature_coil 121.3 degC, above 120 degC"   (temperature_coil 121.3, limit 120 degC)',
      '    raised at 40s',
    ].join('\n'))
  })

  test('of nothing', () => {
    expect(runRuleTest({ given: {}, expect: [{ at: 0, rule: 'hot', state: 'normal', margin: 1, message: 'x' }] }, [hot]).text).toBe(
      'hot\n  at 0s, hot\n  - normal, margin 1, "x"\n  + unknown, margin unknown, no message\n    never raised')
  })
})

test('only what is wrong is told', () => {
  const result = runRuleTest({ given: { temperature_coil: '121' }, expect: [{ at: '30s', rule: 'hot', state: 'raised' }, { at: '29s', rule: 'hot', state: 'raised' }] }, [hot])
  expect(result.outcomes.map(({ passed }) => passed)).toEqual([true, false])
  expect(result.text.split('\n').filter((line) => line.includes('at 30s,'))).toEqual([])
})

test("a machine's parameters, and rules of its own", () => {
  const overload = rule({ id: 'overload', when: above('current', '$ratedCurrent * 1.1') })
  const result = runRuleTest({
    rules: [overload], machine: { id: 'pump', parameters: { ratedCurrent: 20 } }, given: { current: '22 22.5' },
    expect: [{ at: 0, rule: 'overload', state: 'normal', margin: 0 }, { at: 1000, rule: 'overload', state: 'raised', margin: 0.5 }],
  }, [hot])
  expect(result.text).toBe('overload')
})

test('other machines make no difference', () => {
  const both = rule({ id: 'both', when: all(above('current', 40), above('temperature_coil', 120)) })
  expect(runRuleTest({ given: { current: '50' }, others: { b: { temperature_coil: '130', current: '50' } }, expect: [{ at: 0, rule: 'both', state: 'unknown' }] }, [both]).passed).toBe(true)
})

test('how long a value is believed', () => {
  expect(runRuleTest({ stale: '10s', given: { temperature_coil: '100' }, expect: [{ at: '9s', rule: 'hot', state: 'normal' }, { at: '10s', rule: 'hot', state: 'unknown' }] }, [hot]).text).toBe('hot')
})

describe('what cannot be run', () => {
  const expectation = { at: 0, rule: 'hot', state: 'normal' } as const
  test.each<[RuleTest, string]>([
    [{ given: {}, expect: [{ ...expectation, rule: 'cold' }] }, "the rule 'cold', and the rules are 'hot'"],
    [{ given: { temperature_coil: '61 x' }, expect: [expectation] }, 'temperature_coil: expected a value'],
    [{ rules: [rule({ id: 'hot', when: above('current', 1), machines: ['a', 'b'] })], given: {}, expect: [expectation] }, "is for a, b alone, and the test is of m1"],
  ])('%#', (ruleTest, message) => {
    expect(() => runRuleTest(ruleTest, [hot])).toThrow(message)
  })
})
