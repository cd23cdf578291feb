import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { above, heldFor, missing, outside, ownSignal, ownSignals, parseRules, rule, rulesCodec } from 'motorwatch/rules'
import type { Rule } from 'motorwatch/rules'
import { expect, test } from 'vitest'
import { alarms } from '../../src/operators/index.js'
import { list, number, oneOf, span, text } from '../../src/rules/document.js'
import { epoch, reading } from '../../src/testing/index.js'
import { replay } from '../../src/testing/replay.js'

const peak = ownSignal({ name: 'peak', params: t.type({ decay: t.number }), start: () => ({ value: 0 }), next: () => 0 })
const own = ownSignals([peak.definition])
const on = above('x', 1)
const problem = (document: unknown): string => {
  const parsed = parseRules(JSON.stringify(document), own)
  return E.isLeft(parsed) ? parsed.left : 'taken'
}
const ofRule = (more: object): string => problem({ rules: [{ id: 'r', when: on, ...more }] })
const ofSignal = (signal: unknown): string => ofRule({ when: { op: 'above', signal, limit: 1 } })
const clockFields = { op: 'during', from: '06:00', to: '14:00', zone: 'UTC' }
const ops = 'above, below, atOrAbove, atOrBelow, outside, inside, hysteresis, all, any, not, atLeast, heldFor, within, since, missing, stuck, rising, followedBy, state, during'

test.each<readonly [object, string]>([
  [{ id: '' }, 'rules[0].id: got "", expected a text'],
  [{ id: 5 }, 'rules[0].id: got 5, expected a text'],
  [{ id: 'a b' }, `rules[0]: rule id "a b": expected letters, digits, '-', '_' and '.'`],
  [{ when: 'x' }, 'rules[0].when: got "x", expected a condition'],
  [{ when: null }, 'rules[0].when: got null, expected a condition'],
  [{ when: [on] }, 'rules[0].when: got '],
  [{ when: {} }, `rules[0].when.op: got nothing, expected one of ${ops}`],
  [{ when: { op: 'abov' } }, `rules[0].when.op: got "abov", expected one of ${ops}`],
  [{ when: { ...on, limt: 1 } }, 'rules[0].when.limt: got 1, expected one of the fields op, signal, limit'],
  [{ when: { ...on, toString: 1 } }, 'rules[0].when.toString: got 1, expected one of the fields op, signal, limit'],
  [{ clear: 5 }, 'rules[0].clear: got 5, expected a condition'],
  [{ severity: 'huge' }, 'rules[0].severity: got "huge", expected one of low, medium, high, critical'],
  [{ class: 'odd' }, 'rules[0].class: got "odd", expected one of thermal, mechanical, electrical, support, environment, instrument, communication'],
  [{ message: '' }, 'rules[0].message: got "", expected a text'],
  [{ onDelay: '1 min' }, `rules[0].onDelay: got "1 min", expected milliseconds or text such as '30s', '5m', '1h30m'`],
  [{ onDelay: -1 }, `rules[0].onDelay: got -1, expected milliseconds or text such as '30s', '5m', '1h30m'`],
  [{ offDelay: true }, `rules[0].offDelay: got true, expected milliseconds or text such as '30s', '5m', '1h30m'`],
  [{ machines: [] }, 'rules[0].machines: got [], expected a list of at least one'],
  [{ machines: 'a' }, 'rules[0].machines: got "a", expected a list of at least one'],
  [{ machines: ['a', ''] }, 'rules[0].machines[1]: got "", expected a text'],
  [{ suppressedBy: 5 }, 'rules[0].suppressedBy: got 5, expected a condition'],
  [{ latched: false }, 'rules[0].latched: got false, expected true, or nothing'],
  [{ levels: [] }, 'rules[0].levels: got [], expected a list of at least one'],
  [{ levels: [5] }, 'rules[0].levels[0]: got 5, expected a level'],
  [{ levels: [{ name: 'l', when: on }] }, 'rules[0].levels[0].severity: got nothing, expected one of low, medium, high, critical'],
  [{ levels: [{ when: on, severity: 'low' }] }, 'rules[0].levels[0].name: got nothing, expected a text'],
  [{ levels: [{ name: 'l', severity: 'low' }] }, 'rules[0].levels[0].when: got nothing, expected a condition'],
  [{ levels: [{ name: 'l', when: on, severity: 'low', onDelay: 'soon' }] }, 'rules[0].levels[0].onDelay: got "soon", expected milliseconds'],
  [{ levels: [{ name: 'l', when: on, severity: 'low', message: 1 }] }, 'rules[0].levels[0].message: got 1, expected a text'],
  [{ levels: [{ name: 'l', when: on, severity: 'low', offDelay: 1 }] }, 'rules[0].levels[0].offDelay: got 1, expected one of the fields name, when, severity, onDelay, message'],
  [{ offdelay: 1 }, 'rules[0].offdelay: got 1, expected one of the fields id, when, clear, severity, class, message, onDelay, offDelay, machines, suppressedBy, levels, latched'],
  [{ when: { op: 'outside', signal: 'x', low: 2, high: 1 } }, 'rules[0].when.high: got 1, expected a number above low, 2'],
  [{ when: { op: 'inside', signal: 'x', low: 2, high: 2 } }, 'rules[0].when.high: got 2, expected a number above low, 2'],
  [{ when: { op: 'inside', signal: 'x', low: 2, high: 'y' } }, 'taken'],
  [{ when: { op: 'inside', signal: 'x', low: 'y', high: 2 } }, 'taken'],
  [{ when: { op: 'hysteresis', signal: 'x', on: 1, off: 1 } }, 'rules[0].when.off: got 1, expected another number than on, 1'],
  [{ when: { op: 'hysteresis', signal: 'x', on: 1, off: 'y' } }, 'rules[0].when.off: got "y", expected a finite number'],
  [{ when: { op: 'not' } }, 'rules[0].when.of: got nothing, expected a condition'],
  [{ when: { op: 'all', of: [] } }, 'rules[0].when.of: got [], expected a list of at least one'],
  [{ when: { op: 'any', of: [on, 1] } }, 'rules[0].when.of[1]: got 1, expected a condition'],
  [{ when: { op: 'atLeast', count: 0, of: [on] } }, 'rules[0].when.count: got 0, expected a whole number above 0'],
  [{ when: { op: 'atLeast', count: 1.5, of: [on, on] } }, 'rules[0].when.count: got 1.5, expected a whole number above 0'],
  [{ when: { op: 'atLeast', count: 2, of: [on] } }, 'rules[0].when.count: got 2, expected at most the number of conditions, 1'],
  [{ when: { op: 'atLeast', count: 2, of: [on, on] } }, 'taken'],
  [{ when: { op: 'missing', sensor: '', for: '1m' } }, 'rules[0].when.sensor: got "", expected a text'],
  [{ when: { op: 'state', is: 'idle' } }, 'rules[0].when.is: got "idle", expected one of stopped, starting, running'],
  [{ when: { ...clockFields, to: '24:01' } }, `rules[0].when.to: got "24:01", expected a time of day such as '06:00'`],
  [{ when: { ...clockFields, from: 6 } }, `rules[0].when.from: got 6, expected a time of day such as '06:00'`],
  [{ when: { ...clockFields, to: '06:00' } }, 'rules[0].when.to: got "06:00", expected another time than from, 06:00'],
  [{ when: { ...clockFields, zone: 5 } }, `rules[0].when.zone: got 5, expected a time zone such as 'Europe/Berlin'`],
  [{ when: { ...clockFields, days: ['mon', 'tues'] } }, 'rules[0].when.days[1]: got "tues", expected one of mon, tue, wed, thu, fri, sat, sun'],
  [{ when: { ...clockFields, days: [] } }, 'rules[0].when.days: got [], expected a list of at least one'],
  [{ when: { ...clockFields, except: ['25.12.2026'] } }, `rules[0].when.except[0]: got "25.12.2026", expected a date such as '2026-12-25'`],
  [{ when: { ...clockFields, except: ['2026-13-01'] } }, `rules[0].when.except[0]: got "2026-13-01", expected a date such as '2026-12-25'`],
  [{ when: { ...clockFields, except: ['2026-12-25T10:00'] } }, `rules[0].when.except[0]: got "2026-12-25T10:00", expected a date such as '2026-12-25'`],
  [{ when: { ...clockFields, except: ['+012026-12-25'] } }, `rules[0].when.except[0]: got "+012026-12-25", expected a date such as '2026-12-25'`],
  [{ when: { ...clockFields, except: [20261225] } }, `rules[0].when.except[0]: got 20261225, expected a date such as '2026-12-25'`],
])('a rule with %j begins its answer with %s', (more, expected) => {
  expect(ofRule(more).slice(0, expected.length)).toBe(expected)
})

test.each<readonly [unknown, string]>([
  ['', 'got "", expected the name of a sensor, or a number without quotes'],
  ['5', 'got "5", expected the name of a sensor, or a number without quotes'],
  ['$', `got "$", expected a parameter such as '$ratedCurrent' or '$ratedCurrent * 1.1'`],
  [true, 'got true, expected a sensor, a number or a signal'],
  [null, 'got null, expected a sensor, a number or a signal'],
  [['x'], 'got ["x"], expected a sensor, a number or a signal'],
])('a signal that is %j is refused', (signal, expected) => {
  expect(ofSignal(signal)).toBe(`rules[0].when.signal: ${expected}`)
})

test.each<readonly [object, string]>([
  [{ op: 'difference', of: ['x'] }, 'of: got ["x"], expected a list of 2'],
  [{ op: 'difference', of: ['x', 'y', 'z'] }, 'of: got ["x","y","z"], expected a list of 2'],
  [{ op: 'ratio', of: ['x', ''] }, 'of[1]: got "", expected the name of a sensor, or a number without quotes'],
  [{ op: 'sum', of: [] }, 'of: got [], expected a list of at least one'],
  [{ op: 'scaled', of: 'x', by: '2' }, 'by: got "2", expected a finite number'],
  [{ op: 'scaled', of: 'x', by: 2, unit: '' }, 'unit: got "", expected a text'],
  [{ op: 'clamped', of: 'x', low: 1, high: 1 }, 'high: got 1, expected a number above low, 1'],
  [{ op: 'quantileOver', for: '1m', of: 'x', q: -0.1 }, 'q: got -0.1, expected a number from 0 to 1'],
  [{ op: 'quantileOver', for: '1m', of: 'x', q: 1.1 }, 'q: got 1.1, expected a number from 0 to 1'],
  [{ op: 'quantileOver', for: '1m', of: 'x', q: '0' }, 'q: got "0", expected a number from 0 to 1'],
  [{ op: 'baseline', for: '1m', of: 'x', while: 5 }, 'while: got 5, expected a condition'],
  [{ op: 'timeOfDay', zone: 'Mars' }, `zone: got "Mars", expected a time zone such as 'Europe/Berlin'`],
  [{ op: 'own', params: {}, of: [] }, 'name: got nothing, expected one of peak'],
  [{ op: 'own', name: 'peak', params: { decay: 1 }, of: ['x', 5, true] }, 'of.2: got true, expected a sensor, a number or a signal'],
  [{ op: 'own', name: 'peak', params: { decay: 1 } }, 'of: got nothing, expected ReadonlyArray<a sensor, a number or a signal>'],
])('a signal %j is refused', (signal, expected) => {
  expect(ofSignal(signal)).toBe(`rules[0].when.signal.${expected}`)
})

test.each<readonly [unknown, string]>([
  [5, 'document: got 5, expected an object with the field rules'],
  [null, 'document: got null, expected an object with the field rules'],
  [{}, 'rules: got nothing, expected a list of at least one'],
  [{ rules: {} }, 'rules: got {}, expected a list of at least one'],
  [{ rules: [5] }, 'rules[0]: got 5, expected a rule'],
  [{ rules: [{ id: 'a', when: on }], more: 1 }, 'more: got 1, expected one of the fields rules, $schema'],
  [{ rules: [{ id: 'a', when: on }], $schema: 5 }, '$schema: got 5, expected string'],
  [{ rules: ['a', 'b', 'c', 'b', 'c'].map((id) => ({ id, when: on })) }, 'rules[3].id: got "b", expected an id that no other rule has'],
  [{ rules: [{ id: 'a', when: on }, { id: 'b', when: { ...on, limit: null } }] }, 'rules[1].when.limit: got null, expected a sensor, a number or a signal'],
])('the document %j is refused', (document, expected) => {
  expect(problem(document)).toBe(expected)
})

test('what is not JSON is refused with the reason', () => {
  const parsed = parseRules('{')
  expect(E.isLeft(parsed) && parsed.left).toMatch(/^not JSON: .*JSON/)
})

test('optional fields may be left out, and are then not there', () => {
  expect(parseRules(JSON.stringify({ $schema: 'rules.json', rules: [{ id: 'r', when: on }] }))).toEqual(E.right([rule({ id: 'r', when: on })]))
  const parsed = parseRules('{"rules":[{"id":"r","when":{"op":"above","signal":"x","limit":1}}]}')
  expect(E.isRight(parsed) && Object.keys(parsed.right[0]!)).toEqual(['id', 'when', 'severity', 'class'])
})

test('the codecs know what is theirs', () => {
  const codec = rulesCodec(own)
  const one: Rule = rule({ id: 'r', when: heldFor('1m', outside(peak({ decay: 1 }, 'x'), 1, 2)), levels: [{ name: 'l', when: missing('x', '1m'), severity: 'low' }] })
  expect([{ rules: [one] }, { rules: [] }, { rules: [{ ...one, id: 5 }] }, { rules: [{ ...one, when: { ...on, limit: 'a b' } }] }, [one], null].map((value) => codec.is(value))).toEqual([true, false, false, true, false, false])
  expect(['a', '', 5].map((value) => text.is(value))).toEqual([true, false, false])
  expect([1, NaN, Infinity, '1'].map((value) => number.is(value))).toEqual([true, false, false, false])
  expect([1, '1m', '1 m', true, null].map((value) => span.is(value))).toEqual([true, true, false, false, false])
  expect(['a', 'c'].map((value) => oneOf(['a', 'b']).is(value))).toEqual([true, false])
  expect([['a'], ['a', 5], 'a', []].map((value) => list(text).is(value))).toEqual([true, false, false, true])
  expect(list(text, 2).decode(['a'])._tag).toBe('Left')
  expect(list(text, 2).decode(['a', 'b'])).toEqual(E.right(['a', 'b']))
})

test("parameters of one's own signals are checked, and stay as they are written: what judges decodes them", () => {
  const seconds = new t.Type<number, string, unknown>('a text such as 5s', t.number.is, (value, context) => (/^\d+s$/.test(String(value)) ? t.success(parseInt(String(value), 10)) : t.failure(value, context)), (value) => `${value}s`)
  const late = ownSignal({ name: 'late', params: t.type({ by: seconds }), start: () => ({}), next: (_, [value = NaN], _now, { by }) => value - by })
  const written = { rules: [rule({ id: 'r', when: { op: 'above', signal: late({ by: 5 }, 'x'), limit: 1 } })] }
  expect(parseRules(JSON.stringify(written), ownSignals([late.definition]))).toEqual(E.right(written.rules))
  const raised = replay((time) => alarms(written.rules, { signals: ownSignals([late.definition]) }, time), [6, 7].map((value, i) => reading('m', 'x', value)(epoch + i * 1000)))
  expect(raised.map((item) => item.kind === 'alarm' && item.time - epoch)).toEqual([1000])
  const wrong = JSON.stringify(written).replace('"5s"', '"5 s"')
  expect(parseRules(wrong, ownSignals([late.definition]))).toEqual(E.left('rules[0].when.signal.params.by: got "5 s", expected a text such as 5s'))
})
