import type { Sensors } from 'motorwatch/model'
import {
  above, absolute, age, all, any, atLeast, atOrAbove, atOrBelow, baseline, below, checkRules, choice, clamped, deviationOver, difference, during, ewma, followedBy, heldFor, hours, hysteresis, i2t, inside, machines, maxOver, meanOver, minOver, missing, not,
  outside, product, quantileOver, rate, ratio, reference, rising, rmsOver, rule, running, scaled, since, starts, stuck, sum, within,
} from 'motorwatch/rules'
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
  expect(() => rule({ id: 'mixed', when: above(product(2, ratio('current', 'current')), 'current') })).toThrow('units are mixed')
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

/** `current` from 0 to 300 and `voltage` from 0 to 1000 are all that there is. */
const sensors: Sensors = new Map([['current', { unit: 'A', range: [0, 300], class: 'electrical' }], ['voltage', { unit: 'V', range: [0, 1000], class: 'electrical' }]])
const told = (...rules: readonly Rule[]) => checkRules(rules, { sensors })
const problemsOf = (...rules: readonly Rule[]): readonly string[] => told(...rules).map(({ problem }) => problem)

/** Each problem as it is told, in one line. */
test.each<readonly [string, Rule, readonly string[]]>([
  ['never fires', of(above('current', 301)), ["r: the limit 301 in 'current above 301' is outside of what current shows, 0..300", "r: can never fire: 'current above 301' holds for no value that the instruments show"]],
  ['always fires', of(above('current', -1)), ["r: the limit -1 in 'current above -1' is outside of what current shows, 0..300", "r: always fires: 'current above -1' holds for every value that the instruments show"]],
  ['never clears', of(above('current', 50), { clear: all(below('current', 20), above('current', 30)) }), ["r: is never cleared: 'current below 20 and current above 30' holds for no value that the instruments show"]],
  ['contradiction', of(above('current', 50), { clear: below('current', 60) }), ["r: is raised and cleared by the same values, such as current 50.0003: 'current above 50' and 'current below 60'"]],
  ['unknown sensor', of(above('flow', 1)), ['r: reads flow, which nobody knows: expected one of current, voltage']],
  ['units', { ...of(above('x', 1)), when: above('current', 'voltage') }, ["r: units are mixed in 'current above voltage': current is in A, voltage in V; bring one to the other by scaled(signal, factor, unit)"]],
  ['no hysteresis', rule({ id: 'r', when: above('current', 50) }), ['r: has no deadband and no delay: on a noisy sensor it flutters at the limit; give it a clear condition, an offDelay or an onDelay']],
])('%s is told', (problem, each, texts) => {
  expect(told(each).map(({ text }) => text)).toEqual(texts)
  expect(told(each).at(-1)).toMatchObject({ rule: 'r', problem })
})

const wide: readonly (readonly [string, Rule])[] = [
  ['its clear condition', of(above('current', 50), { clear: all(below('current', 40), below('flow', 1)) })],
  ['what suppresses it', of(above('current', 50), { suppressedBy: below('flow', 1) })],
  ['a level', of(above('current', 50), { levels: [{ name: 'trip', severity: 'high', when: above('flow', 1) }] })],
]
test.each(wide)('an unknown sensor in %s is told, once', (_name, each) => {
  expect(problems(each)).toEqual(['unknown sensor'])
  expect(checkRules([each], { machines: machines({ id: 'a' }, { id: 'b', sensors: ['flow'] }) })).toEqual([])
  expect(checkRules([each], { machines: machines({ id: 'a', sensors: ['current'] }) }).map(({ problem }) => problem)).toEqual(['unknown sensor'])
})

test('limits out of range are told of whatever has one, at the very ends they are in it', () => {
  const outOfRange = (when: Condition) => told(of(when)).flatMap(({ problem, text }) => (problem === 'limit out of range' ? [/the limit (\S+) in/.exec(text)?.[1]] : []))
  expect(outOfRange(hysteresis('current', { on: 301, off: -1 }))).toEqual(['301', '-1'])
  expect(outOfRange(outside('current', -1, 301))).toEqual(['-1', '301'])
  expect(outOfRange(inside('current', -1, 299))).toEqual(['-1'])
  expect(outOfRange(all(below('current', -1), not(above('current', 302))))).toEqual(['-1', '302'])
  expect(outOfRange(any(above('current', 300), below('current', 0)))).toEqual([])
  expect(outOfRange(above('current', '$mine'))).toEqual([])
  expect(outOfRange(above(meanOver('1m', 'current'), 301))).toEqual([])
  expect(outOfRange(rising('current', 301, '1m'))).toEqual([])
  expect(outOfRange(above('flow', -1000))).toEqual([])
  expect(outOfRange(above(choice(above('current', 301), 'current', 1), 1))).toEqual(['301'])
})

test('what is on one machine alone, or on any', () => {
  const twins = (a: readonly string[] | undefined, b: readonly string[] | undefined) => {
    const on = (id: string, list: readonly string[] | undefined) => ({ ...of(above('current', 50)), id, ...(list === undefined ? {} : { machines: list }) })
    return checkRules([on('r', a), on('s', b)]).map(({ problem }) => problem)
  }
  expect([twins(undefined, ['a']), twins(['a'], undefined), twins(undefined, undefined), twins(['a', 'b'], ['c', 'b']), twins(['a'], ['b'])]).toEqual([['duplicate'], ['duplicate'], ['duplicate'], ['duplicate'], []])
  expect(problems(of(above('current', 50)), { ...of(above('current', 51)), id: 's' })).toEqual([])
})

test('a parameter is asked of the machines that are watched, wherever it stands', () => {
  const known = machines({ id: 'a', parameters: { full: 10 } }, { id: 'b' })
  const asked = (when: Condition, more: Partial<Rule> = {}) => checkRules([of(when, more)], { machines: known }).flatMap(({ problem, text }) => (problem === 'unknown parameter' ? [text] : []))
  const needs = (name: string, id: string) => `r: needs $${name}, which machine '${id}' has not: it cannot be judged there`
  expect(asked(above('current', '$full'))).toEqual([needs('full', 'b')])
  expect(asked(above('current', '$full'), { machines: ['b'] })).toEqual([needs('full', 'b')])
  expect(asked(above('current', '$other'), { machines: ['a'] })).toEqual([needs('other', 'a')])
  expect(asked(above(meanOver('1m', difference('current', '$full * 2')), 1), { clear: below('current', '$full * 3') })).toEqual([needs('full', 'b')])
  expect(checkRules([of(above('current', '$full'))])).toEqual([])
})

test.each<readonly [string, Condition, readonly string[]]>([
  ['at or above the end of a range', atOrAbove('current', 300), []],
  ['above it', above('current', 300), ['never fires']],
  ['at or above its beginning', atOrAbove('current', 0), ['always fires']],
  ['above its beginning', above('current', 0), []],
  ['at or below its beginning', atOrBelow('current', 0), []],
  ['below its beginning', below('current', 0), ['never fires']],
  ['at or below its end', atOrBelow('current', 300), ['always fires']],
  ['outside of all of it', outside('current', 0, 300), ['never fires']],
  ['outside of most of it, below', outside('current', 1, 300), []],
  ['outside of most of it, above', outside('current', 0, 299), []],
  ['inside of all of it', inside('current', 0, 300), ['always fires']],
  ['a band at its end', inside('current', 300, 300.5), ['limit out of range']],
  ['a deadband at its end may hold', hysteresis('current', { on: 300, off: 290 }), []],
  ['a deadband above it', hysteresis('current', { on: 500, off: 400 }), ['limit out of range', 'limit out of range', 'never fires']],
  ['a deadband below it', hysteresis('current', { on: -1, off: -2 }), ['limit out of range', 'limit out of range', 'always fires']],
  ['a deadband downwards above it', hysteresis('current', { on: 400, off: 500 }), ['limit out of range', 'limit out of range', 'always fires']],
  ['a deadband downwards below it', hysteresis('current', { on: -2, off: -1 }), ['limit out of range', 'limit out of range', 'never fires']],
  ['where a deadband is off', all(atOrAbove('current', 50), atOrBelow('current', 50), hysteresis('current', { on: 60, off: 50 })), ['never fires']],
  ['where a deadband is not yet on', all(atOrAbove('current', 50), atOrBelow('current', 50), hysteresis('current', { on: 50, off: 40 })), []],
  ['where a deadband downwards is off', all(atOrAbove('current', 50), atOrBelow('current', 50), hysteresis('current', { on: 40, off: 50 })), ['never fires']],
  ['a deadband within it', hysteresis('current', { on: 299, off: 290 }), []],
  ['a deadband downwards within it', hysteresis('current', { on: 1, off: 10 }), []],
  ['between two deadbands', all(hysteresis('current', { on: 50, off: 40 }), not(hysteresis('current', { on: 60, off: 55 }))), []],
  ['just where a deadband is on', any(below('current', 50), above('current', 50), hysteresis('current', { on: 50, off: 40 })), []],
  ['not what always holds', not(atOrAbove('current', 0)), ['never fires']],
  ['within some time, always', within('1m', atOrAbove('current', 0)), ['always fires']],
  ['where clamped is the same', all(atOrAbove(clamped('current', 10, 20), 'current'), atOrBelow(clamped('current', 10, 20), 'current')), []],
  ['one value of what is scaled', all(atOrAbove(scaled('current', 2), 100), atOrBelow(scaled('current', 2), 100)), []],
  ['one value', all(atOrAbove('current', 50), atOrBelow('current', 50)), []],
  ['next to no value', all(above('current', 50), below('current', 50)), ['never fires']],
  ['not what never holds', not(all(above('current', 50), below('current', 50))), ['always fires']],
  ['not what may or may not', not(rising('current', 5, '1m')), []],
  ['all of what may and what never does', all(rising('current', 5, '1m'), above('current', 300)), ['never fires']],
  ['any of what may and what always does', any(rising('current', 5, '1m'), atOrAbove('current', 0)), ['always fires']],
  ['one of two that never meet', atLeast(1, above('current', 50), below('current', 40)), []],
  ['both of two that never meet', atLeast(2, above('current', 50), below('current', 40)), ['never fires']],
  ['one of two that part the range', atLeast(1, above('current', 50), below('current', 60)), ['always fires']],
  ['two of two of which one may', atLeast(2, rising('current', 5, '1m'), atOrAbove('current', 0)), []],
  ['one of two of which one may', atLeast(1, rising('current', 5, '1m'), above('current', 300)), []],
  ['held for long', heldFor('1m', above('current', 300)), ['never fires']],
  ['within some time', within('1m', above('current', 300)), ['never fires']],
  ['since something', since(above('current', 300), above('current', 1)), ['never fires']],
  ['since something, always', since(atOrAbove('current', 0), above('current', 1)), []],
  ['followed by what never is', followedBy(above('current', 1), above('current', 300), '1m'), ['never fires']],
  ['followed by what always is', followedBy(above('current', 1), atOrAbove('current', 0), '1m'), []],
  ['missing', missing('current', '1m'), []],
  ['a difference', above(difference('current', 100), 200), ['never fires']],
  ['a difference within it', above(difference('current', 100), 199), []],
  ['a sum', above(sum('current', 100), 400), ['never fires']],
  ['a sum within it', above(sum('current', 100), 399), []],
  ['a product', above(product('current', 2), 600), ['never fires']],
  ['a product within it', above(product('current', 2), 599), []],
  ['a ratio', above(ratio('current', 2), 150), ['never fires']],
  ['a ratio within it', above(ratio('current', 2), 149), []],
  ['a ratio to nothing', above(ratio('current', 0), 1), []],
  ['an absolute value', atOrAbove(absolute(difference('current', 100)), 0), ['always fires']],
  ['an absolute value on the other side', above(absolute(difference('current', 100)), 150), []],
  ['an RMS', below(rmsOver('1m', scaled('current', -1)), 0), ['never fires']],
  ['what is scaled', above(scaled('current', 2), 600), ['never fires']],
  ['what is scaled, within it', above(scaled('current', 2), 599), []],
  ['what is scaled to nothing', above(scaled('current', 0), 0), ['never fires']],
  ['what is clamped above', above(clamped('current', 10, 20), 20), ['never fires']],
  ['what is clamped below', below(clamped('current', 10, 20), 10), ['never fires']],
  ['what is clamped, within it', above(clamped('current', 10, 20), 19), []],
  ['a choice', above(choice(above('current', 100), 1, 2), 2), ['never fires']],
  ['a choice of the one', above(choice(above('current', 100), 2, 1), 1), []],
  ['a choice of the other', above(choice(above('current', 100), 1, 2), 1), []],
  ['a choice that may be', above(choice(rising('current', 5, '1m'), 1, 1), 2), []],
  ['a choice that always is', above(choice(atOrAbove('current', 0), 1, 3), 2), ['never fires']],
  ['a mean', above(meanOver('1m', 'current'), 300), ['never fires']],
  ['a least value', above(minOver('1m', 'current'), 300), ['never fires']],
  ['a largest value', above(maxOver('1m', 'current'), 300), ['never fires']],
  ['a quantile', above(quantileOver('1m', 'current', 0.5), 300), ['never fires']],
  ['what is smoothed', above(ewma('1m', 'current'), 300), ['never fires']],
  ['a thermal image', above(i2t('current', 150, '1h'), 4), ['never fires']],
  ['a thermal image, within it', above(i2t('current', 150, '1h'), 3.9), []],
  ['a rate', above(rate('1m', 'current'), 1e9), []],
  ['a stranger', above('flow', 1e9), ['unknown sensor']],
  ['a stranger, at a parameter that nobody knows', above('flow', '$nobody'), ['unknown sensor']],
  ['a stranger, scaled to nothing', above(scaled('flow', 0), 1), ['unknown sensor', 'never fires']],
  ['just below a limit', all(above(difference('current', 25), 24), below('current', 50)), []],
])('%s: %j', (_name, when, expected) => {
  expect(problemsOf(of(when))).toEqual(expected)
})

test('on either side of a limit there is a value, also where an instrument goes below zero', () => {
  const symmetric: Sensors = new Map([['x', { unit: 'A', range: [-300, 300], class: 'electrical' }]])
  expect(checkRules([of(all(above('x', 50), below('x', 50.001)))], { sensors: symmetric })).toEqual([])
})

test('a clear condition is tried on its own sensors, and a contradiction shows them all', () => {
  const clearing = (clear: Condition) => told(of(above('current', 50), { clear })).map(({ text }) => text)
  expect(clearing(above('voltage', 1000))).toEqual(["r: is never cleared: 'voltage above 1000' holds for no value that the instruments show"])
  expect(clearing(above('voltage', 500))).toEqual(["r: is raised and cleared by the same values, such as current 300, voltage 1000: 'current above 50' and 'voltage above 500'"])
})

test('at a parameter of the machine that is watched', () => {
  const known = machines({ id: 'a' }, { id: 'b', parameters: { full: 10 } })
  const atFull = (on: readonly string[]) => checkRules([of(all(atOrAbove('current', '$full'), atOrBelow('current', '$full')), { machines: on })], { sensors, machines: known }).map(({ problem }) => problem)
  expect([atFull(['b']), atFull(['a'])]).toEqual([[], ['unknown parameter']])
  const unlike = machines({ id: 'a', parameters: { full: 300 } }, { id: 'b', parameters: { full: 10 } })
  const aboveFull = (on: readonly string[]) => checkRules([of(above('current', '$full'), { machines: on })], { sensors, machines: unlike }).map(({ problem }) => problem)
  expect([aboveFull(['b']), aboveFull(['a'])]).toEqual([[], ['never fires']]) // what current shows ends at 300
})

test('so many sensors are not tried, and no more', () => {
  const names = (n: number): readonly [string, ...string[]] => ['s0', ...Array.from({ length: n - 1 }, (_, i) => `s${i + 1}`)]
  const many: Sensors = new Map(names(10).map((name) => [name, { unit: 'A', range: [0, 1], class: 'electrical' }]))
  const found = (n: number) => checkRules([of(above(sum(...names(n)), 100))], { sensors: many }).map(({ problem }) => problem)
  expect([found(1), found(9), found(10)]).toEqual([['never fires'], ['never fires'], []])
})

test.each<readonly [Condition, boolean]>([
  [above('current', 50), true],
  [all(above('current', 50), below('voltage', 5)), true],
  [hysteresis('current', { on: 50, off: 40 }), false],
  [heldFor('1m', above('current', 50)), false],
  [within('1m', above('current', 50)), false],
  [missing('current', '1m'), false],
  [stuck('current', '1m'), false],
  [all(missing('current', '1m'), above('voltage', 50)), false],
  [all(above('voltage', 50), stuck('current', '1m')), false],
  [all(during('06:00', '07:00', { zone: 'UTC' }), above('voltage', 50)), false],
  [running(), false],
  [during('06:00', '07:00', { zone: 'UTC' }), false],
  [followedBy(above('current', 1), above('current', 50), '1m'), false],
  [above(meanOver('1m', 'current'), 50), false],
  [above(rmsOver('1m', 'current'), 50), false],
  [above(deviationOver('1m', 'current'), 50), false],
  [above(quantileOver('1m', 'current', 0.5), 50), false],
  [above(minOver('1m', 'current'), 50), true],
  [above(ewma('1m', 'current'), 50), false],
  [above(i2t('current', 150, '1h'), 1), false],
  [above(hours(above('current', 50)), 50), false],
  [above(starts('1h', above('current', 50)), 50), false],
  [above(baseline('1h', 'current'), 50), false],
  [above(age('current'), 50), false],
  [above('current', ewma('1m', 'current')), false],
])('whether %j flutters', (when, flutters) => {
  const isTold = (more: Partial<Rule>) => problems(rule({ id: 'r', when, ...more })).includes('no hysteresis')
  expect(isTold({})).toBe(flutters)
  expect(isTold({ onDelay: 0, offDelay: '0s' })).toBe(flutters)
  expect([isTold({ onDelay: 1 }), isTold({ offDelay: 1 }), isTold({ clear: below('current', 1) })]).toEqual([false, false, false])
})
