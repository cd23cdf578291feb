import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { conditionShapes, conditionText, judge, parseRules, sensorsOf, signalShapes } from 'motorwatch/rules'
import { arbitraryCondition, arbitrarySignal } from 'motorwatch/testing'
import type { Condition, Signal } from 'motorwatch/rules'
import type { SignalOperator } from 'motorwatch/testing'

/** The operators of a formula, and how many of them stand in one another at most. */
function anatomy(formula: unknown): { readonly ops: readonly string[]; readonly depth: number } {
  if (typeof formula !== 'object' || formula === null) return { ops: [], depth: 0 }
  const parts = Object.values(formula).map(anatomy)
  const own = 'op' in formula ? [formula.op as string] : []
  return { ops: [...own, ...parts.flatMap(({ ops }) => ops)], depth: own.length + Math.max(0, ...parts.map(({ depth }) => depth)) }
}

const seenIn = (arbitrary: fc.Arbitrary<Condition | Signal>) => new Set(fc.sample<Condition | Signal>(arbitrary, { numRuns: 3000, seed: 1 }).flatMap((formula) => anatomy(formula).ops))

describe('arbitraryCondition', () => {
  test.prop([arbitraryCondition()])('makes conditions that are judged and told as text', (condition) => {
    expect(() => judge(Infinity).add(condition)).not.toThrow()
    expect(conditionText(condition)).not.toMatch(/undefined|NaN|object/)
  })

  // A rule refuses units that are mixed: these signals have none of their own.
  const signals: readonly SignalOperator[] = ['difference', 'sum', 'absolute', 'scaled', 'clamped', 'choice', 'meanOver', 'minOver', 'maxOver', 'rmsOver', 'deviationOver', 'quantileOver', 'ewma', 'baseline']
  test.prop([arbitraryCondition({ sensors: ['x', 'y'], signals })])('makes conditions that a rule document holds as they are', (condition) => {
    const read = parseRules(JSON.stringify({ rules: [{ id: 'any', when: condition, severity: 'high' }] }))
    expect(read).toMatchObject({ _tag: 'Right', right: [{ when: condition }] })
  })

  it('makes all of them, of all signals', () => {
    const seen = seenIn(arbitraryCondition())
    for (const op of [...Object.keys(conditionShapes), ...Object.keys(signalShapes)]) if (op !== 'own' && op !== 'detector') expect(seen).toContain(op)
  })

  test.prop([arbitraryCondition({ sensors: ['x', 'y'], conditions: ['above', 'not', 'heldFor'], signals: ['sum'], depth: 3 })])('keeps to the sensors, operators and depth that are given', (condition) => {
    const { ops, depth } = anatomy(condition)
    expect(['above', 'not', 'heldFor', 'sum']).toEqual(expect.arrayContaining([...new Set(ops)]))
    expect(['x', 'y']).toEqual(expect.arrayContaining([...sensorsOf(condition)]))
    expect(depth).toBeLessThanOrEqual(3)
  })

  it('shrinks to a comparison of a sensor with a number', () => {
    const { counterexample } = fc.check(fc.property(arbitraryCondition({ sensors: ['x', 'y'] }), (condition) => anatomy(condition).ops.length > 99), { seed: 1 })
    expect(counterexample).toHaveLength(1)
    expect(anatomy(counterexample![0]).ops).toHaveLength(1)
  })

  it('needs a condition that is made of none', () => {
    expect(() => arbitraryCondition({ conditions: ['not', 'all'] })).toThrow("not, all: expected one among them that is not made of conditions, such as 'above'")
  })
})

describe('arbitrarySignal', () => {
  test.prop([arbitrarySignal({ sensors: ['x'], signals: [] })])('is a sensor where no operators are given', (signal) => {
    expect(signal).toBe('x')
  })

  test.prop([arbitrarySignal({ sensors: ['x'], signals: ['ratio'], denominators: fc.constant(2), depth: 1 })])('divides by what is given', (signal) => {
    expect(['x', { op: 'ratio', of: ['x', 2] }]).toContainEqual(signal)
  })
})
