import { above, any, atOrAbove, below, difference, heldFor, hysteresis, meanOver, missing, not, outside, rule } from 'motorwatch'
import type { Rule } from 'motorwatch'
import { map } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fuzzedProperties, fuzzRule, parseRuleTests, readSeries, ruleTestText, runRuleTest } from '../../src/testing/index.js'
import type { AlarmsOperator, FuzzedProperty, FuzzProperties, FuzzReport, RuleTest } from '../../src/testing/index.js'
import { atTheLimit } from './broken-rules/at-the-limit.js'
import { delaySurvivesAGap } from './broken-rules/delay-survives-a-gap.js'
import { good } from './broken-rules/good.js'
import { offByOneInstant } from './broken-rules/off-by-one-instant.js'
import { oneInstantEarly } from './broken-rules/one-instant-early.js'
import { sharedState } from './broken-rules/shared-state.js'
import { silenceIsFine } from './broken-rules/silence-is-fine.js'
import { stateNotReset } from './broken-rules/state-not-reset.js'
import { tooMuchIsFine } from './broken-rules/too-much-is-fine.js'
import { unknownIsFine } from './broken-rules/unknown-is-fine.js'

const names = Object.keys(fuzzedProperties) as FuzzedProperty[]
const hot = rule({ id: 'hot', severity: 'high', when: above('temperature_coil', 120), onDelay: '30s', offDelay: '10s' })
const ranges: FuzzProperties = { sensors: { temperature_coil: { safe: [20, 120], outside: [121, 200], worse: 'higher' } } }
const outcomes = ({ results }: FuzzReport) => Object.fromEntries(results.map(({ property, outcome }) => [property, outcome]))
const everywhere = (outcome: string) => Object.fromEntries(names.map((name) => [name, outcome]))
const readingsIn = ({ given, others = {} }: RuleTest): number =>
  [given, ...Object.values(others)].flatMap((each) => Object.values(each)).flatMap((text) => readSeries(text).readings).filter((place) => place !== undefined).length

interface Planted {
  readonly defect: string
  readonly operator: AlarmsOperator
  readonly property: FuzzedProperty
  /** The least that shows it. */
  readonly readings: number
  /** Properties that it breaks as well, by what it does. */
  readonly too?: readonly FuzzedProperty[]
}

const planted: readonly Planted[] = [
  { defect: '`>=` for `>`', operator: atTheLimit, property: 'safe', readings: 1 },
  { defect: 'off by one instant', operator: offByOneInstant, property: 'fires', readings: 1 },
  { defect: 'one instant early', operator: oneInstantEarly, property: 'chatter', readings: 2, too: ['unknown'] },
  { defect: 'state not reset', operator: stateNotReset, property: 'chatter', readings: 3, too: ['unknown'] },
  { defect: 'worse taken for fine', operator: tooMuchIsFine, property: 'monotone', readings: 1, too: ['fires', 'chatter'] },
  { defect: 'unknown taken for fine', operator: unknownIsFine, property: 'unknown', readings: 2 },
  { defect: 'silence taken for fine', operator: silenceIsFine, property: 'unknown', readings: 2, too: ['chatter'] },
  { defect: 'a delay that survives a gap', operator: delaySurvivesAGap, property: 'unknown', readings: 3 },
  { defect: 'state shared between machines', operator: sharedState, property: 'machines', readings: 1 },
]

describe.each(planted)('$defect', ({ operator, property, readings, too = [] }) => {
  const report = fuzzRule(hot, { ...ranges, seed: 7 }, operator)
  const result = report.results.find((each) => each.property === property)!
  const others = Object.entries(outcomes(report)).filter(([name]) => name !== property && !too.includes(name as FuzzedProperty))

  test(`is found: ${fuzzedProperties[property]}`, () => {
    expect(result.outcome, report.text).toBe('broken')
    expect(result.runs).toBeLessThanOrEqual(1000)
  })

  test('by as few readings as can be', () => {
    expect(result.readings, report.text).toBeLessThanOrEqual(readings)
    expect(readingsIn(result.test!)).toBe(result.readings)
  })

  test('what is pasted fails with it, and passes without', () => {
    const pasted = parseRuleTests(ruleTestText(result.test!))
    if (pasted._tag === 'Left') throw new Error(pasted.left)
    const [one] = pasted.right.tests
    expect(report.text).toContain(ruleTestText(result.test!).replace(/^/gm, '    '))
    expect(runRuleTest(one!, [], { operator }).passed).toBe(false)
    expect(runRuleTest(one!).text).toBe(fuzzedProperties[property])
  })

  test('nothing else is said to be broken', () => {
    expect(Object.fromEntries(others)).toEqual(Object.fromEntries(others.map(([name]) => [name, 'holds'])))
  })
})

describe('what is right holds', () => {
  test.each<[string, Rule, AlarmsOperator | undefined, FuzzProperties]>([
    ['written out plainly', hot, good, ranges],
    ['alarms', hot, undefined, ranges],
    ["its ranges derived from the rule's own limits", hot, undefined, {}],
    ['delays in the condition, longer than a value is believed', rule({ id: 'held', when: heldFor('90s', above('temperature_coil', 120)), offDelay: '70s' }), undefined, {}],
    ['a clear condition of its own, for some machines', rule({ id: 'own', when: below('pressure', 1000), onDelay: '5s', clear: above('pressure', 1200), offDelay: '1s', machines: ['a', 'b'] }), undefined, {}],
    ['at the limit itself', rule({ id: 'at', when: atOrAbove('current', 40), onDelay: '1m' }), undefined, {}],
    ['a deadband', rule({ id: 'deadband', when: hysteresis('current', { on: 40, off: 30 }), onDelay: '10s', offDelay: '10s' }), undefined, {}],
    ["a parameter of the machine", rule({ id: 'rated', when: above('current', '$ratedCurrent * 1.1'), onDelay: '10s' }), undefined, { machine: { id: 'pump', parameters: { ratedCurrent: 20 } } }],
    ['another time for which a value is believed', rule({ id: 'stale', when: above('current', 40), onDelay: '10s' }), undefined, { stale: '5s' }],
    ['a difference', rule({ id: 'rise', when: above(difference('temperature_coil', 'temperature_env'), 60), onDelay: '10s' }), undefined, {
      sensors: { temperature_coil: { safe: [20, 70], outside: [100, 150], worse: 'higher' }, temperature_env: { safe: [10, 30], outside: [10, 39], worse: 'lower' } },
    }],
    ['all of two', rule({ id: 'both', when: heldFor('2m', not(any(below('current', 40), below('temperature_coil', 120)))) }), undefined, {
      sensors: { current: { safe: [0, 39.9], outside: [41, 60], worse: 'higher' }, temperature_coil: { safe: [20, 119.9], outside: [121, 150], worse: 'higher' } },
    }],
  ])('%s', (_, tried, operator, properties) => {
    const report = fuzzRule(tried, { numRuns: 150, seed: 3, ...properties }, operator)
    expect(outcomes(report), report.text).toEqual(everywhere('holds'))
  })
})

describe('what does not apply says why', () => {
  const whys = (tried: Rule, properties: FuzzProperties = {}) =>
    Object.fromEntries(fuzzRule(tried, { numRuns: 100, seed: 3, ...properties }).results.flatMap(({ property, outcome, why }) => (outcome === 'does not apply' ? [[property, why]] : [])))

  test('both sides are worse', () => {
    expect(whys(rule({ id: 'pressure', when: outside('pressure', 1000, 5000), onDelay: '5s' }))).toEqual({ monotone: expect.stringContaining('which way is worse') })
  })

  test('no delays', () => {
    expect(whys(rule({ id: 'at-once', when: above('current', 40) }))).toEqual({ chatter: 'it has no delays' })
  })

  test('silence', () => {
    expect(whys(rule({ id: 'lost', when: missing('current', '30s') }))).toEqual({
      safe: expect.stringContaining('silent'), fires: expect.stringContaining('clearly outside for current'), chatter: 'it has no delays',
      monotone: expect.stringContaining('which way is worse'), unknown: expect.stringContaining('makes the unknown known'),
    })
  })

  test('what its own limits do not say', () => {
    const mean = rule({ id: 'mean', when: above(meanOver('20s', 'current'), 40) })
    expect(whys(mean)).toMatchObject({ safe: expect.stringContaining('no safe range is known of current'), fires: expect.stringContaining('current'), monotone: expect.any(String), unknown: expect.any(String) })
    const known = { sensors: { current: { safe: [0, 40], outside: [41, 60], worse: 'higher' } } } as const
    expect(whys(mean, known)).toMatchObject({ fires: expect.stringContaining("'within'") })
    expect(whys(mean, { ...known, within: '20s' })).toEqual({ chatter: 'it has no delays' })
  })

  test('an alarm that was never raised', () => {
    const never = rule({ id: 'never', when: above('temperature_coil', 500), onDelay: '5s' })
    expect(whys(never, { sensors: { temperature_coil: { safe: [0, 1], outside: [2, 3] } } })).toMatchObject({ chatter: 'in none of 100 streams was it raised', machines: 'in none of 100 streams was it raised' })
  })

  test('one machine alone', () => {
    expect(whys(rule({ id: 'one', when: above('current', 40), onDelay: '5s', machines: ['a'] }))).toEqual({ machines: 'it is for a alone' })
  })
})

describe('a wrong rule', () => {
  test('not below is not above', () => {
    const report = fuzzRule(rule({ id: 'hot', when: heldFor('30s', not(below('temperature_coil', 120))) }), { ...ranges, numRuns: 300, seed: 3 })
    expect(outcomes(report), report.text).toEqual({ ...everywhere('holds'), safe: 'broken' })
    expect(report.results[0]).toMatchObject({ readings: 1, test: { given: { temperature_coil: '120' }, expect: [{ at: '30s', rule: 'hot', state: 'normal' }] } })
  })

  test('a clear condition that holds too early chatters', () => {
    const report = fuzzRule(rule({ id: 'hot', when: above('temperature_coil', 120), clear: below('temperature_coil', 130), onDelay: '10s' }), { ...ranges, numRuns: 300, seed: 3 })
    expect(outcomes(report)).toMatchObject({ fires: 'broken', chatter: 'broken' })
  })
})

describe('what cannot be tried', () => {
  test.each<[FuzzProperties, string]>([
    [{ sensors: { current: {} } }, "the rule 'hot' does not read 'current': it reads temperature_coil"],
    [{ sensors: { temperature_coil: { safe: [120, 20] } } }, 'temperature_coil: [120,20] is no range'],
    [{ sensors: { temperature_coil: { outside: [[121, 200], [5, NaN]] } } }, 'is no range'],
  ])('%#', (properties, message) => {
    expect(() => fuzzRule(hot, properties)).toThrow(message)
  })

  test('an operator that fails', () => {
    const fails: AlarmsOperator = () => (source) => source.pipe(map(() => { throw new Error('broken pipe') }))
    expect(() => fuzzRule(hot, ranges, fails)).toThrow('broken pipe')
  })
})
