import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { conversionsTo, unitsLike } from '../../src/model/units.js'

const convert = (value: number, from: string, to: string) => conversionsTo(to).get(from)?.(value)

// expected values: the definitions of the units (BIPM, NIST SP 811), worked out by hand
describe('conversionsTo', () => {
  test.each([
    [212, 'F', 'degC', 100],
    [-40, 'degF', 'degC', -40],
    [32, '°F', 'degC', 0],
    [273.15, 'K', 'degC', 0],
    [373.15, '\u212a', 'degC', 100],
    [21.5, '\u2103', 'degC', 21.5],
    [100, 'degC', 'degF', 212],
    [0, 'degC', 'K', 273.15],
    [1, 'm/s', 'mm/s', 1000],
    [0.5, 'in/s', 'mm/s', 12.7],
    [0.5, 'cm/s', 'mm/s', 5],
    [19_210, 'mA', 'A', 19.21],
    [0.25, 'kA', 'A', 250],
    [400_500, 'mV', 'V', 400.5],
    [0.4, 'kV', 'V', 400],
    [2.5, 'kPa', 'Pa', 2500],
    [0.02, 'bar', 'Pa', 2000],
    [25, 'mbar', 'Pa', 2500],
    [25, 'hPa', 'Pa', 2500],
    [0.002, 'MPa', 'Pa', 2000],
    [1, 'psi', 'Pa', 6894.757293168],
    [1, 'bar', 'psi', 14.503773773],
    [2.5, 'MPa', 'kPa', 2500],
    [1500, 'rpm', 'Hz', 25],
    [50, 'Hz', 'rpm', 3000],
    [1.5, 'kW', 'W', 1500],
    [40, '%RH', '%', 40],
  ])('%d %s in %s', (value, from, to, expected) => expect(convert(value, from, to)).toBeCloseTo(expected, 8))

  test.each([
    ['bar', 'degC'], ['A', 'V'], ['g', 'mm/s'], ['mm/s pk', 'mm/s'], ['ma', 'A'], ['MA', 'A'], ['c', 'degC'], [' C', 'degC'], ['', 'degC'], ['toString', 'Pa'],
  ])('%j does not convert to %s', (from, to) => expect(conversionsTo(to).get(from)).toBeUndefined())

  test.prop([fc.constantFrom('degC', 'mm/s', 'A', 'V', 'Pa', '%', 'furlong'), fc.double({ noNaN: true })])('a unit in itself is the same value', (unit, value) => {
    expect(convert(value, unit, unit)).toBe(value)
  })

  const pair = fc.constantFrom('degC', 'mm/s', 'A', 'V', 'Pa', 'Hz').chain((to) => fc.tuple(fc.constant(to), fc.constantFrom(...conversionsTo(to).keys())))

  test.prop([pair, fc.double({ min: -1e6, max: 1e6, noNaN: true })])('there and back', ([to, from], value) => {
    const there = convert(value, from, to) ?? NaN
    expect(Math.abs((convert(there, to, from) ?? NaN) - value)).toBeLessThan(1e-6)
  })

  test('a unit that is not in the table converts only from itself', () => {
    expect([...conversionsTo('l/min').keys()]).toEqual(['l/min'])
    expect(unitsLike('l/min')).toEqual(['l/min'])
  })

  test('for messages', () => { expect(unitsLike('degC')).toEqual(['degC', 'degF', 'K']) })
})
