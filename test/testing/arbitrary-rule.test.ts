import fc from 'fast-check'
import { above, parseRules } from 'motorwatch'
import { describe, expect, test } from 'vitest'
import { arbitraryRule, fuzzRule, runRuleTest } from '../../src/testing/index.js'

describe('arbitraryRule', () => {
  test('what it makes goes through JSON unchanged', () => {
    fc.assert(fc.property(arbitraryRule({ whole: true }), (rule) => {
      expect(parseRules(JSON.stringify({ rules: [rule] }))).toEqual({ _tag: 'Right', right: [rule] })
    }), { numRuns: 300, seed: 1 })
  })

  test('of conditions of one\'s own', () => {
    const only = arbitraryRule({ condition: fc.constant(above('current', 1)) })
    expect(fc.sample(only, { numRuns: 20, seed: 1 }).map(({ when }) => when)).toEqual(Array(20).fill(above('current', 1)))
  })

  test('shrinks to a condition alone', () => {
    const { counterexample } = fc.check(fc.property(arbitraryRule({ whole: true }), () => false), { seed: 1 })
    expect(Object.keys(counterexample![0] as object).sort()).toEqual(['class', 'id', 'severity', 'when'])
  })
})

test('what fuzzRule calls broken in a rule without a clear condition of its own is never `alarms`', () => {
  fc.assert(fc.property(arbitraryRule({ sensors: ['temperature_coil'] }), fc.integer(), ({ clear: _, ...rule }, seed) => {
    const { results, text } = fuzzRule(rule, { numRuns: 40, seed })
    expect(results.filter(({ outcome }) => outcome === 'broken'), text).toEqual([])
  }), { numRuns: 40, seed: 1 })
})

test('what it shows of a rule that clears itself too early is a test that the rule fails', () => {
  let shown = 0
  fc.assert(fc.property(arbitraryRule({ sensors: ['temperature_coil'] }), fc.integer(), (rule, seed) => {
    for (const { test: one } of fuzzRule(rule, { numRuns: 40, seed }).results) {
      if (one === undefined) continue
      shown++
      expect(runRuleTest(one).passed, JSON.stringify(one)).toBe(false)
    }
  }), { numRuns: 20, seed: 2 })
  expect(shown).toBeGreaterThan(5)
})
