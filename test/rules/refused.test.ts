import * as t from 'io-ts'
import { above, all, any, atLeast, atOrAbove, atOrBelow, baseline, below, clamped, during, ewma, heldFor, hysteresis, i2t, inside, machineState, machines, maxOver, outside, ownSignal, product, quantileOver, rate, rising, scaled, starts, sum, timeOfDay, timeTo, within } from 'motorwatch/rules'
import type { Duration } from 'motorwatch/time'
import { expect, test } from 'vitest'
import { parameterOf } from '../../src/rules/parameter.js'

const on = above('x', 1)
const utc = { zone: 'UTC' }
const soon = 'soon' as Duration

test.each<readonly [string, () => unknown, string]>([
  ['above', () => above('x', NaN), 'the limit must be a finite number, not NaN'],
  ['below', () => below('x', Infinity), 'the limit must be a finite number, not Infinity'],
  ['atOrAbove', () => atOrAbove('x', -Infinity), 'the limit must be a finite number, not -Infinity'],
  ['atOrBelow', () => atOrBelow('x', NaN), 'the limit must be a finite number, not NaN'],
  ['rising', () => rising('x', NaN, '1m'), 'the rise must be a finite number, not NaN'],
  ['outside', () => outside('x', 2, 1), 'the lower limit 2 must be below the upper limit 1'],
  ['inside', () => inside('x', 1, 1), 'the lower limit 1 must be below the upper limit 1'],
  ['outside with a NaN', () => outside('x', NaN, 1), 'the lower limit must be a finite number, not NaN'],
  ['inside with an infinite limit', () => inside('x', 0, Infinity), 'the upper limit must be a finite number, not Infinity'],
  ['outside with a NaN and a signal', () => outside('x', NaN, 'y'), 'the lower limit must be a finite number, not NaN'],
  ['inside with a signal and a NaN', () => inside('x', 'y', NaN), 'the upper limit must be a finite number, not NaN'],
  ['hysteresis', () => hysteresis('x', { on: 1, off: 1 }), 'on and off must differ, both are 1: without a deadband it is above or below'],
  ['hysteresis on NaN', () => hysteresis('x', { on: NaN, off: 1 }), 'on must be a finite number, not NaN'],
  ['hysteresis off NaN', () => hysteresis('x', { on: 1, off: NaN }), 'off must be a finite number, not NaN'],
  ['all', () => all(), 'all needs at least one part'],
  ['any', () => any(), 'any needs at least one part'],
  ['sum', () => sum(), 'sum needs at least one part'],
  ['product', () => product(), 'product needs at least one part'],
  ['atLeast none', () => atLeast(0, on), 'atLeast 0 of 1: expected a whole number from 1 to the number of conditions'],
  ['atLeast more', () => atLeast(2, on), 'atLeast 2 of 1: expected a whole number from 1 to the number of conditions'],
  ['atLeast a part', () => atLeast(1.5, on, on), 'atLeast 1.5 of 2: expected a whole number from 1 to the number of conditions'],
  ['heldFor', () => heldFor(soon, on), '"soon" is not a duration'],
  ['within', () => within(soon, on), '"soon" is not a duration'],
  ['scaled', () => scaled('x', NaN), 'the factor must be a finite number, not NaN'],
  ['clamped', () => clamped('x', 2, 1), 'the lower limit 2 must be below the upper limit 1'],
  ['a quantile above 1', () => quantileOver('1m', 'x', 1.1), 'a quantile must be from 0 to 1, not 1.1'],
  ['a quantile below 0', () => quantileOver('1m', 'x', -0.1), 'a quantile must be from 0 to 1, not -0.1'],
  ['a quantile of NaN', () => quantileOver('1m', 'x', NaN), 'a quantile must be from 0 to 1, not NaN'],
  ['quantileOver', () => quantileOver(soon, 'x', 0), '"soon" is not a duration'],
  ['maxOver', () => maxOver(soon, 'x'), '"soon" is not a duration'],
  ['rate', () => rate(soon, 'x'), '"soon" is not a duration'],
  ['ewma', () => ewma(soon, 'x'), '"soon" is not a duration'],
  ['timeTo', () => timeTo('x', 1, soon), '"soon" is not a duration'],
  ['i2t', () => i2t('x', 1, soon), '"soon" is not a duration'],
  ['starts', () => starts(soon, on), '"soon" is not a duration'],
  ['baseline', () => baseline(soon, 'x'), '"soon" is not a duration'],
  ['timeOfDay', () => timeOfDay('Mars'), `"Mars" is no time zone: expected a name such as 'Europe/Berlin' or 'UTC'`],
  ['during in no zone', () => during('06:00', '07:00', { zone: 'Mars' }), `"Mars" is no time zone: expected a name such as 'Europe/Berlin' or 'UTC'`],
  ['during from no time', () => during('6:00', '07:00', utc), `"6:00" is no time of day: expected one such as '06:00' or '24:00'`],
  ['during to no time', () => during('06:00', '07:00:00', utc), `"07:00:00" is no time of day: expected one such as '06:00' or '24:00'`],
  ['during to a minute too many', () => during('06:00', '24:01', utc), `"24:01" is no time of day: expected one such as '06:00' or '24:00'`],
  ['during to sixty minutes', () => during('06:00', '07:60', utc), `"07:60" is no time of day: expected one such as '06:00' or '24:00'`],
  ['during text', () => during('x06:00', '07:00', utc), `"x06:00" is no time of day: expected one such as '06:00' or '24:00'`],
  ['during no time at all', () => during('06:00', '06:00', utc), 'from 06:00 to 06:00 is no time at all: expected two different times'],
  ['during on no days', () => during('06:00', '07:00', { zone: 'UTC', days: [] }), 'days needs at least one part'],
  ['during but for no date', () => during('06:00', '07:00', { zone: 'UTC', except: ['2026-12-25', '2026-13-01'] }), `"2026-13-01" is no date: expected one such as '2026-12-25'`],
  ['during but for a date with a time', () => during('06:00', '07:00', { zone: 'UTC', except: ['2026-12-25T00:00Z'] }), `"2026-12-25T00:00Z" is no date: expected one such as '2026-12-25'`],
  ['during but for a date after something', () => during('06:00', '07:00', { zone: 'UTC', except: ['12026-12-25'] }), `"12026-12-25" is no date: expected one such as '2026-12-25'`],
  ['a machine twice', () => machines({ id: 'a' }, { id: 'b' }, { id: 'a' }), "machine 'a' is in the register twice"],
  ['a parameter that is none', () => machines({ id: 'a', parameters: { good: 1, bad: Infinity } }), "machine 'a': parameter bad must be a finite number, not Infinity"],
  ['a signal with a space', () => ownSignal({ name: 'a b', params: t.unknown, start: () => 0, next: () => 0 }), `signal name "a b": expected letters, digits and '_'`],
  ['a signal with a digit first', () => ownSignal({ name: '1a', params: t.unknown, start: () => 0, next: () => 0 }), `signal name "1a": expected letters, digits and '_'`],
])('%s is refused', (_name, make, problem) => {
  expect(make).toThrow(problem)
  expect(make).toThrow(RangeError)
})

test('what is just allowed is taken', () => {
  expect(outside('x', 'y', 'z')).toStrictEqual({ op: 'outside', signal: 'x', low: 'y', high: 'z' })
  expect(inside('x', 5, 'z')).toStrictEqual({ op: 'inside', signal: 'x', low: 5, high: 'z' })
  expect(atLeast(2, on, on)).toStrictEqual({ op: 'atLeast', count: 2, of: [on, on] })
  expect(quantileOver('1m', 'x', 0)).toMatchObject({ q: 0 })
  expect(quantileOver('1m', 'x', 1)).toMatchObject({ q: 1 })
  expect(during('00:00', '24:00', { zone: 'UTC' })).toStrictEqual({ op: 'during', from: '00:00', to: '24:00', zone: 'UTC' })
  expect(during('06:59', '07:00', { zone: 'UTC', days: ['mon'], except: [] })).toStrictEqual({ op: 'during', from: '06:59', to: '07:00', zone: 'UTC', days: ['mon'], except: [] })
  expect(maxOver('1m', 'x')).toStrictEqual({ op: 'maxOver', for: '1m', of: 'x' })
  expect(rate('1m', 'x')).toStrictEqual({ op: 'rate', for: '1m', of: 'x' })
  expect(scaled('x', 2)).toStrictEqual({ op: 'scaled', of: 'x', by: 2 })
  expect(baseline('1m', 'x')).toStrictEqual({ op: 'baseline', for: '1m', of: 'x' })
  expect(machineState()).toStrictEqual({ op: 'machineState', of: 'current', off: '$ratedCurrent * 0.05', on: '$ratedCurrent * 0.1', starting: '5s', unless: { op: 'above', signal: 'vibration_rotor', limit: 0.5 } })
  expect(ownSignal({ name: '_a1', params: t.unknown, start: () => 0, next: () => 0 })({ n: 1 }, 'x')).toStrictEqual({ op: 'own', name: '_a1', params: { n: 1 }, of: ['x'] })
})

test.each([
  ['x', undefined], ['x$', undefined], ['$a', { name: 'a', by: 1 }], ['$_1b * 1.25', { name: '_1b', by: 1.25 }], ['$a * -2', { name: 'a', by: -2 }], ['$a * 10', { name: 'a', by: 10 }], ['$a * 1e3', { name: 'a', by: 1000 }],
  ['$a * 2.5e-3', { name: 'a', by: 0.0025 }], ['$a * 1e12', { name: 'a', by: 1e12 }], ['$a * 1.25e-10', { name: 'a', by: 1.25e-10 }],
])('%s as a parameter', (text, expected) => {
  expect(parameterOf(text)).toEqual(expected)
})

test.each(['$', '$$a', '$1a', '$a b', '$a*2', '$a * ', '$a * x', '$a * 2 ', ' * 2$a', '$a * 2.', '$a * .5', '$a * 2e', '$a-b', '$a * 2 * 3'])('%s is no parameter', (text) => {
  if (!text.startsWith('$')) expect(parameterOf(text)).toBe(undefined)
  else expect(() => parameterOf(text)).toThrow(`${JSON.stringify(text)} is no parameter: expected a name, and a factor where one is wanted, such as '$ratedCurrent' or '$ratedCurrent * 1.1'`)
})
