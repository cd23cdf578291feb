import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { instrumentRange } from '../../src/model/nameplate.js'
import { standardSensors } from '../../src/model/sensors.js'

describe('standardSensors', () => {
  // the table of standards.md; voltage and temperature_env are ours
  test.each([
    ['temperature_coil', 'degC', [0, 200], 'thermal'],
    ['vibration_rotor', 'mm/s', [0, 20], 'mechanical'],
    ['current', 'A', [-10, 150], 'electrical'],
    ['voltage', 'V', [-10, 1000], 'electrical'],
    ['pressure', 'Pa', [0, 10_000], 'support'],
    ['temperature_env', 'degC', [-40, 85], 'environment'],
    ['humidity_env', '%', [0, 100], 'environment'],
  ])('%s', (name, unit, range, of) => expect(standardSensors.get(name)).toEqual({ unit, range, class: of }))

  test('there are seven', () => { expect(standardSensors.size).toBe(7) })
})

describe('instrumentRange', () => {
  test('without a nameplate it is the sensor\'s own', () => { expect(instrumentRange('current')).toEqual([-10, 150]) })
  test('a locked rotor of a large motor is plausible', () => { expect(instrumentRange('current', { ratedCurrent: 180 })[1]).toBeGreaterThan(6 * 180) })
  test('the offset below zero grows with it', () => { expect(instrumentRange('current', { ratedCurrent: 30 })).toEqual([-20, 300]) })
  test('a small motor does not narrow it', () => { expect(instrumentRange('current', { ratedCurrent: 2 })).toEqual([-10, 150]) })
  test('voltage: twice the rated one', () => { expect(instrumentRange('voltage', { ratedVoltage: 6000 })).toEqual([-120, 12_000]) })
  test('a low-voltage motor keeps 1000 V', () => { expect(instrumentRange('voltage', { ratedVoltage: 400 })).toEqual([-10, 1000]) })
  test('a sensor that is not known: everything is plausible', () => { expect(instrumentRange('flow', { ratedCurrent: 30 })).toEqual([-Infinity, Infinity]) })
  test('sensors of one\'s own', () => { expect(instrumentRange('flow', {}, new Map([['flow', { unit: 'l/min', range: [0, 9], class: 'support' }]]))).toEqual([0, 9]) })

  test.each([0, -3, NaN, Infinity])('a rating of %s is refused', (ratedCurrent) =>
    expect(() => instrumentRange('current', { ratedCurrent })).toThrow(/^ratedCurrent: got .*, expected a finite number above 0/))

  test.prop([fc.constantFrom(...standardSensors.keys()), fc.double({ min: 0.01, max: 1e5, noNaN: true }), fc.double({ min: 0.01, max: 1e5, noNaN: true })])(
    'a nameplate only widens',
    (sensor, ratedCurrent, ratedVoltage) => {
      const [low, high] = instrumentRange(sensor)
      const [wideLow, wideHigh] = instrumentRange(sensor, { ratedCurrent, ratedVoltage })
      expect(wideLow).toBeLessThanOrEqual(low)
      expect(wideHigh).toBeGreaterThanOrEqual(high)
    },
  )
})
