import * as t from 'io-ts'
import {
  above, absolute, age, all, any, atLeast, atOrAbove, atOrBelow, baseline, below, choice, clamped, conditionText, deviationOver, difference, during, ewma, followedBy, heldFor, hours, hysteresis, i2t, inside, machineState, maxOver, meanOver, minOver,
  missing, not, outside, ownSignal, product, quantileOver, rate, ratio, rising, rmsOver, rule, ruleText, running, scaled, since, starting, starts, stopped, stuck, sum, timeOfDay, timeTo, within,
} from 'motorwatch/rules'
import type { Condition, Signal } from 'motorwatch/rules'
import { describe, expect, test } from 'vitest'
import { signalText } from '../../src/rules/text.js'
import { checkUnits, unitOf } from '../../src/rules/unit.js'

const on = above('x', 1)
const peak = ownSignal({ name: 'peak', params: t.unknown, start: () => 0, next: () => 0 })
const rise = difference('temperature_coil', 'temperature_env')

/** What it reads as, and its unit. */
const signals: readonly (readonly [Signal, string, string | undefined])[] = [
  [1.5, '1.5', undefined],
  ['x', 'x', undefined],
  ['current', 'current', 'A'],
  ['$ratedCurrent * 1.1', '$ratedCurrent * 1.1', 'A'],
  ['$mine', '$mine', undefined],
  [rise, 'temperature_coil - temperature_env', 'K'],
  [difference('temperature_coil', 5), 'temperature_coil - 5', 'degC'],
  [difference('temperature_coil', rise), 'temperature_coil - (temperature_coil - temperature_env)', 'degC'],
  [difference(rise, rise), '(temperature_coil - temperature_env) - (temperature_coil - temperature_env)', 'K'],
  [difference('current', '$ratedCurrent'), 'current - $ratedCurrent', 'A'],
  [difference('x', 'temperature_coil'), 'x - temperature_coil', 'degC'],
  [difference('x', rise), 'x - (temperature_coil - temperature_env)', 'K'],
  [sum('current', 'x', 1), 'current + x + 1', 'A'],
  [sum('temperature_env', rise, 1), 'temperature_env + (temperature_coil - temperature_env) + 1', 'degC'],
  [sum(rise, 1), '(temperature_coil - temperature_env) + 1', 'K'],
  [sum('x', 1), 'x + 1', undefined],
  [product('current', 'voltage', 2), 'current * voltage * 2', 'A·V'],
  [product('x', 2), 'x * 2', undefined],
  [product(ratio('current', 'current'), 2), '(current / current) * 2', '1'],
  [product(ratio('current', 'current'), 'voltage'), '(current / current) * voltage', 'V'],
  [ratio('current', '$ratedCurrent'), 'current / $ratedCurrent', '1'],
  [ratio('current', 'voltage'), 'current / voltage', 'A/V'],
  [ratio('current', 2), 'current / 2', 'A'],
  [ratio('current', 'x'), 'current / x', undefined],
  [ratio(2, 'current'), '2 / current', undefined],
  [ratio('x', 2), 'x / 2', undefined],
  [ratio('current', ratio('voltage', 'voltage')), 'current / (voltage / voltage)', 'A'],
  [absolute(rise), '|temperature_coil - temperature_env|', 'K'],
  [sum(absolute('x'), 1), '|x| + 1', undefined],
  [scaled('pressure', 0.001, 'kPa'), '0.001 * pressure in kPa', 'kPa'],
  [scaled(rise, 2), '2 * (temperature_coil - temperature_env)', 'K'],
  [clamped('current', 0, 100), 'current clamped to 0..100', 'A'],
  [choice(on, 'current', 2), 'current if x above 1 else 2', 'A'],
  [meanOver('1m', 'current'), 'mean of current over 1m', 'A'],
  [minOver(90_000, 'current'), 'min of current over 1m30s', 'A'],
  [maxOver('1m', 'current'), 'max of current over 1m', 'A'],
  [rmsOver('1m', 'current'), 'RMS of current over 1m', 'A'],
  [deviationOver('1m', 'current'), 'deviation of current over 1m', 'A'],
  [deviationOver('1m', 'temperature_coil'), 'deviation of temperature_coil over 1m', 'K'],
  [quantileOver('1m', 'current', 0.9), 'quantile 0.9 of current over 1m', 'A'],
  [rate('1m', 'current'), 'rate of current over 1m', 'A/s'],
  [rate('1m', 'temperature_coil'), 'rate of temperature_coil over 1m', 'K/s'],
  [rate('1m', 'x'), 'rate of x over 1m', undefined],
  [ewma('1m', rise), 'EWMA of (temperature_coil - temperature_env) over 1m', 'K'],
  [age('x'), 'age of x', 's'],
  [timeTo('current', '$ratedCurrent', '10m'), 'time of current to $ratedCurrent on the trend of 10m', 's'],
  [i2t('current', '$ratedCurrent', '30m'), 'I2t of current / $ratedCurrent over 30m', '1'],
  [hours(on), 'hours of x above 1', 'h'],
  [hours(all(on, on)), 'hours of (x above 1 and x above 1)', 'h'],
  [starts('1h', running()), 'starts of running over 1h', '1'],
  [baseline('1d', 'current'), 'baseline of current over 1d', 'A'],
  [baseline('1d', 'current', any(on, on)), 'baseline of current over 1d while (x above 1 or x above 1)', 'A'],
  [machineState(), 'machine state', '1'],
  [timeOfDay('Europe/Berlin'), 'time of day in Europe/Berlin', 'h'],
  [peak({ decay: 1 }, 'current', 2), 'peak(current, 2, {"decay":1})', undefined],
  [peak(undefined, 'x'), 'peak(x)', undefined],
]

test.each(signals)('%j reads as %s, in %s', (signal, text, unit) => {
  expect(signalText(signal)).toBe(text)
  expect(unitOf(signal)).toBe(unit)
})

const conditions: readonly (readonly [Condition, string])[] = [
  [on, 'x above 1'],
  [below('x', 'y'), 'x below y'],
  [atOrAbove('x', 1), 'x at or above 1'],
  [atOrBelow('x', 1), 'x at or below 1'],
  [outside('x', 0, '$high'), 'x outside 0..$high'],
  [inside('x', 0, 1), 'x inside 0..1'],
  [hysteresis('x', { on: 2, off: 1 }), 'x above 2 until 1'],
  [hysteresis('x', { on: 1, off: 2 }), 'x below 1 until 2'],
  [all(on, any(on, on)), 'x above 1 and (x above 1 or x above 1)'],
  [any(all(on, on), on), '(x above 1 and x above 1) or x above 1'],
  [not(all(on, on)), 'not (x above 1 and x above 1)'],
  [atLeast(1, on, all(on, on)), 'at least 1 of (x above 1; x above 1 and x above 1)'],
  [heldFor('30s', on), 'x above 1 for 30s'],
  [within(500, any(on, on)), '(x above 1 or x above 1) within 500ms'],
  [since(since(on, on), followedBy(on, on, '1m')), '(x above 1 since x above 1) since (x above 1, then x above 1 within 1m)'],
  [missing('x', '1m'), 'x missing for 1m'],
  [stuck('x', '1m'), 'x stuck for 1m'],
  [rising('x', 5, '1m'), 'x rising by more than 5 in 1m'],
  [followedBy(any(on, on), not(on), '1m'), '(x above 1 or x above 1), then not (x above 1) within 1m'],
  [stopped(), 'stopped'],
  [starting(), 'starting'],
  [running(), 'running'],
  [during('22:00', '06:00', { zone: 'UTC' }), '22:00-06:00 UTC'],
  [during('22:00', '06:00', { zone: 'UTC', days: ['mon', 'fri'], except: ['2026-12-25', '2027-01-01'] }), '22:00-06:00 UTC on mon, fri except 2026-12-25, 2027-01-01'],
]

test.each(conditions)('%j reads as %s', (condition, text) => {
  expect(conditionText(condition)).toBe(text)
})

describe('units', () => {
  const mixed = (whole: string, a: string, unitA: string, b: string, unitB: string) =>
    `units are mixed in '${whole}': ${a} is in ${unitA}, ${b} in ${unitB}; bring one to the other by scaled(signal, factor, unit)`

  test.each<readonly [Condition, string]>([
    [above('current', 'voltage'), mixed('current above voltage', 'current', 'A', 'voltage', 'V')],
    [below('x', 'current'), ''],
    [above(difference('current', 'voltage'), 1), mixed('current - voltage', 'current', 'A', 'voltage', 'V')],
    [above(difference(rise, 'temperature_coil'), 1), mixed('(temperature_coil - temperature_env) - temperature_coil', 'temperature_coil - temperature_env', 'K', 'temperature_coil', 'degC')],
    [above(difference('temperature_coil', 'current'), 1), mixed('temperature_coil - current', 'temperature_coil', 'degC', 'current', 'A')],
    [above(sum('temperature_coil', 'current'), 1), mixed('temperature_coil + current', 'temperature_coil', 'degC', 'current', 'A')],
    [above(sum('current', 'x', 'voltage'), 1), mixed('current + x + voltage', 'current', 'A', 'voltage', 'V')],
    [above(product('current', 'voltage'), 'current'), mixed('current * voltage above current', 'current * voltage', 'A·V', 'current', 'A')],
    [above(choice(on, 'current', 'voltage'), 1), mixed('current if x above 1 else voltage', 'current', 'A', 'voltage', 'V')],
    [above(choice(above('current', 'voltage'), 1, 2), 1), mixed('current above voltage', 'current', 'A', 'voltage', 'V')],
    [above(timeTo('current', 'voltage', '1m'), 1), mixed('time of current to voltage on the trend of 1m', 'current', 'A', 'voltage', 'V')],
    [above(i2t('current', 'voltage', '1m'), 1), mixed('I2t of current / voltage over 1m', 'current', 'A', 'voltage', 'V')],
    [above(machineState({ of: 'current', off: 'voltage' }), 1), mixed('machine state', 'current', 'A', 'voltage', 'V')],
    [above(machineState({ of: 'current', on: 'voltage' }), 1), mixed('machine state', 'current', 'A', 'voltage', 'V')],
    [above(peak({}, difference('current', 'voltage')), 1), mixed('current - voltage', 'current', 'A', 'voltage', 'V')],
    [all(on, not(heldFor('1m', above('current', 'voltage')))), mixed('current above voltage', 'current', 'A', 'voltage', 'V')],
    [rising('temperature_coil', rise, '1m'), ''],
    [rising('temperature_coil', 'current', '1m'), mixed('temperature_coil rising by more than current in 1m', 'temperature_coil', 'degC', 'current', 'A')],
    [rising('current', rise, '1m'), mixed('current rising by more than temperature_coil - temperature_env in 1m', 'current', 'A', 'temperature_coil - temperature_env', 'K')],
    [above('temperature_coil', rise), mixed('temperature_coil above temperature_coil - temperature_env', 'temperature_coil', 'degC', 'temperature_coil - temperature_env', 'K')],
    [inside('current', 'voltage', 1), mixed('current inside voltage..1', 'current', 'A', 'voltage', 'V')],
    [above('current', scaled('voltage', 2, 'A')), ''],
    [above(hours(on), timeOfDay('UTC')), ''],
    [above(age('x'), timeTo('current', 1, '1m')), ''],
  ])('%j: %s', (condition, problem) => {
    if (problem === '') expect(() => checkUnits(condition)).not.toThrow()
    else expect(() => checkUnits(condition)).toThrow(new RangeError(problem))
  })

  test('are those of the sensors that are given', () => {
    const own = new Map([['flow', { unit: 'l/s', range: [0, 1], class: 'support' }]] as const)
    expect(unitOf('flow', own as never)).toBe('l/s')
    expect(unitOf(meanOver('1m', difference('flow', 1)), own as never)).toBe('l/s')
    expect(() => checkUnits(above('flow', 'current'), own as never)).not.toThrow()
    expect(() => checkUnits(not(above('flow', age('x'))), own as never)).toThrow('flow is in l/s')
  })
})

describe('a rule', () => {
  test.each([
    [{}, 'r: medium when x above 1'],
    [{ onDelay: '30s', offDelay: '10s' }, 'r: medium when x above 1 for 30s, clears for 10s'],
    [{ offDelay: '10s', clear: below('x', 0) }, 'r: medium when x above 1, clears when x below 0 for 10s'],
    [{ clear: below('x', 0) }, 'r: medium when x above 1, clears when x below 0'],
  ] as const)('with %j reads as %s', (more, text) => {
    expect(ruleText(rule({ id: 'r', when: on, ...more }))).toBe(text)
  })

  test.each<readonly [object, string]>([
    [{ id: 'a/b' }, `rule id "a/b": expected letters, digits, '-', '_' and '.'`],
    [{ id: 'a b' }, `rule id "a b": expected letters, digits, '-', '_' and '.'`],
    [{ id: ' a' }, `rule id " a": expected letters, digits, '-', '_' and '.'`],
    [{ id: 'a!' }, `rule id "a!": expected letters, digits, '-', '_' and '.'`],
    [{ id: '' }, `rule id "": expected letters, digits, '-', '_' and '.'`],
    [{ offDelay: 'soon' }, `rule 'r': "soon" is not a duration`],
    [{ levels: [{ name: 'l', when: on, severity: 'high', onDelay: 'soon' }] }, `rule 'r': "soon" is not a duration`],
    [{ clear: above('current', 'voltage') }, "rule 'r': units are mixed in 'current above voltage'"],
    [{ suppressedBy: above('current', 'voltage') }, "rule 'r': units are mixed in 'current above voltage'"],
    [{ levels: [{ name: 'l', when: above('current', 'voltage'), severity: 'high' }] }, "rule 'r': units are mixed in 'current above voltage'"],
  ])('with %j is refused', (more, problem) => {
    expect(() => rule({ id: 'r', when: on, ...more })).toThrow(problem)
  })

  test('has an id of letters, digits and marks, and the class of its first sensor', () => {
    expect(rule({ id: 'a.B-c_9', when: above('pressure', 1) })).toMatchObject({ id: 'a.B-c_9', class: 'support', severity: 'medium' })
    expect(rule({ id: 'a', when: during('06:00', '07:00', { zone: 'UTC' }) }).class).toBe('mechanical')
    expect(rule({ id: 'a', when: on, severity: 'low', class: 'thermal' })).toMatchObject({ class: 'thermal', severity: 'low' })
  })
})
