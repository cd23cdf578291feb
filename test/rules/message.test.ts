import { rule, scaled, above } from 'motorwatch/rules'
import type { Rule } from 'motorwatch/rules'
import { expect, test } from 'vitest'
import { message } from '../../src/rules/message.js'
import { conditionShapes, partsOf, signalShapes } from '../../src/rules/shape.js'

const hot = rule({ id: 'hot', when: above('temperature_coil', 120) })

test.each<readonly [Partial<Rule>, signal: string, value: number, limit: number, 'raised' | 'cleared', string]>([
  [{}, 'temperature_coil', 121.26, 120, 'raised', 'M1: temperature_coil 121.3 degC, above 120 degC'],
  [{}, 'temperature_coil', 9.876, 10, 'raised', 'M1: temperature_coil 9.88 degC, below 10 degC'],
  [{}, 'temperature_coil', -9.994, 10, 'raised', 'M1: temperature_coil -9.99 degC, below 10 degC'],
  [{}, 'temperature_coil', 10.04, 9.999, 'raised', 'M1: temperature_coil 10 degC, above 10 degC'],
  [{}, 'temperature_coil', 120, 120, 'raised', 'M1: temperature_coil 120 degC, below 120 degC'],
  [{}, 'temperature_coil', NaN, 120, 'raised', 'M1: temperature_coil unknown degC, below 120 degC'],
  [{}, 'temperature_coil', 114.97, 115, 'cleared', 'M1: temperature_coil back at 115 degC'],
  [{}, 'mine', 2, 1, 'raised', 'M1: mine 2, above 1'],
  [{}, 'mine', 2, 1, 'cleared', 'M1: mine back at 2'],
  [{ message: '{machine} {sensor} {value} {unit} {limit} {limits} {toString} {}' }, 'temperature_coil', 121, 120, 'raised', 'M1 temperature_coil 121 degC 120 {limits} {toString} {}'],
  [{ message: '{machine} {unit}!' }, 'mine', 121, 120, 'raised', 'M1 !'],
  [{ message: '{machine}' }, 'mine', 121, 120, 'cleared', 'M1: mine back at 121'],
])('%j on %s at %d, limit %d, %s: %s', (more, signal, value, limit, state, text) => {
  expect(message({ ...hot, ...more }, 'M1', { signal, value, limit }, state)).toBe(text)
})

test('the parts of a condition are found in each of its fields', () => {
  const [a, b] = [above('x', 1), above('y', 2)]
  expect(partsOf({ op: 'since', of: a, after: b })).toEqual({ signals: [], conditions: [a, b], sensors: [] })
  expect(partsOf({ op: 'all', of: [a, b] })).toEqual({ signals: [], conditions: [a, b], sensors: [] })
  expect(partsOf({ op: 'outside', signal: 'x', low: 1, high: '$high' })).toEqual({ signals: ['x', 1, '$high'], conditions: [], sensors: [] })
  expect(partsOf({ op: 'missing', sensor: 'x', for: '1m' })).toEqual({ signals: [], conditions: [], sensors: ['x'] })
  expect(partsOf({ op: 'difference', of: ['x', scaled('y', 2)] })).toEqual({ signals: ['x', scaled('y', 2)], conditions: [], sensors: [] })
  expect(partsOf({ op: 'sum', of: ['x', 1, 2] })).toEqual({ signals: ['x', 1, 2], conditions: [], sensors: [] })
  expect(partsOf({ op: 'baseline', for: '1m', of: 'x' })).toEqual({ signals: ['x'], conditions: [], sensors: [] })
  expect(partsOf({ op: 'baseline', for: '1m', of: 'x', while: a })).toEqual({ signals: ['x'], conditions: [a], sensors: [] })
  expect([partsOf('x'), partsOf('$x'), partsOf(5)].map(({ sensors }) => sensors)).toEqual([['x'], [], []])
})

/** What a document of rules is made of, written once more. */
test('the fields of each signal and condition', () => {
  const flat = (shapes: Readonly<Record<string, Readonly<Record<string, string>>>>) => Object.entries(shapes).map(([op, fields]) => `${op}: ${Object.entries(fields).map(([name, kind]) => `${name} ${kind}`).join(', ')}`)
  const state = 'of signal, off signal, on signal, starting duration, unless condition?'
  expect(flat(signalShapes)).toEqual([
    'difference: of two signals', 'sum: of signals', 'product: of signals', 'ratio: of two signals', 'absolute: of signal', 'scaled: of signal, by number, unit unit?', 'clamped: of signal, low number, high number',
    'choice: when condition, then signal, else signal', 'meanOver: for duration, of signal', 'minOver: for duration, of signal', 'maxOver: for duration, of signal', 'rmsOver: for duration, of signal',
    'deviationOver: for duration, of signal', 'quantileOver: for duration, of signal, q fraction', 'rate: for duration, of signal', 'ewma: for duration, of signal', 'age: sensor sensor', 'timeTo: for duration, of signal, limit signal',
    'i2t: for duration, of signal, rated signal', 'hours: when condition', 'starts: for duration, when condition', 'baseline: for duration, of signal, while condition?', `machineState: ${state}`, 'timeOfDay: zone zone',
    'detector: name detector, of signals, every duration, params numbers?, while condition?, learn condition?',
    'own: name text, params params, of signals',
  ])
  expect(flat(conditionShapes)).toEqual([
    ...['above', 'below', 'atOrAbove', 'atOrBelow'].map((op) => `${op}: signal signal, limit signal`), 'outside: signal signal, low signal, high signal', 'inside: signal signal, low signal, high signal', 'hysteresis: signal signal, on number, off number',
    'all: of conditions', 'any: of conditions', 'not: of condition', 'atLeast: count count, of conditions', 'heldFor: for duration, of condition', 'within: for duration, of condition', 'since: of condition, after condition',
    'missing: sensor sensor, for duration', 'stuck: sensor sensor, for duration', 'rising: for duration, signal signal, by signal', 'followedBy: first condition, then condition, for duration', `state: is state, ${state}`,
    'during: from clock, to clock, zone zone, days days?, except dates?',
  ])
})
