import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { above, all, conditionText, heldFor, judge, missing, outside, rule, within } from '../../src/rules/index.js'
import { clears } from '../../src/rules/clears.js'
import { negated } from '../../src/rules/negated.js'
import { arbitraryCondition } from '../../src/testing/index.js'
import type { Condition } from '../../src/rules/index.js'

type Values = Readonly<Partial<Record<string, number>>>

const value = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -4, max: 4 }) }, { weight: 1, arbitrary: fc.constant(NaN) })
const traces = fc.array(fc.record({ x: value, y: value }, { requiredKeys: [] }), { minLength: 1, maxLength: 12 })

/** Truth and margin at each second. */
function judged(condition: Condition, trace: readonly Values[]): readonly (readonly [truth: number, margin: number])[] {
  const { sensors, add, frame } = judge(Infinity)
  const judgement = add(condition)
  const state = frame('m', 0)
  return trace.map((values, second) => {
    for (const [sensor, index] of sensors) {
      if (!(sensor in values)) continue
      state.values[index] = values[sensor]!
      state.times[index] = second * 1000
    }
    judgement.judge(state, second * 1000)
    return [judgement.truth, judgement.margin]
  })
}

const durations = fc.constantFrom('1s', '2s', '5s' as const)
const conditions = arbitraryCondition({ sensors: ['x', 'y'], durations, numbers: fc.integer({ min: -3, max: 3 }), signals: ['difference', 'sum', 'absolute', 'minOver'] })

test.prop([conditions, traces], { numRuns: 500 })('holds where the condition does not, is unknown where that is, and has its margin with the other sign', (condition, trace) => {
  const opposite = judged(condition, trace).map(([truth, margin]) => [truth === 2 ? 2 : 1 - truth, 0 - margin])
  expect(judged(negated(condition), trace)).toEqual(opposite)
})

it('says in its own words what it can', () => {
  const text = (condition: Condition): string => conditionText(negated(condition))
  expect(text(above('x', 5))).toBe('x at or below 5')
  expect(text(heldFor('30s', outside('x', 0, 5)))).toBe('x inside 0..5 within 30s')
  expect(text(all(above('x', 5), missing('y', '1m')))).toBe('x at or below 5 or not (y missing for 1m)')
})

it('says what would clear an alarm: its own clear condition, or the opposite beneath its delays, for as long as clearing takes', () => {
  const when = heldFor('30s', heldFor('1m', above('x', 5)))
  expect(clears(rule({ id: 'r', when }))).toBe('x at or below 5')
  expect(clears(rule({ id: 'r', when, offDelay: 0 }))).toBe('x at or below 5')
  expect(clears(rule({ id: 'r', when, offDelay: '10s' }))).toBe('x at or below 5 for 10s')
  expect(clears(rule({ id: 'r', when, clear: heldFor('5s', outside('x', 0, 3)), offDelay: '10s' }))).toBe('x outside 0..3 for 5s for 10s')
  expect(clears(rule({ id: 'r', when: within('30s', above('x', 5)) }))).toBe('x at or below 5 for 30s')
})
