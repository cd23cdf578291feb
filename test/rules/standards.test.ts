import { above, all, any, atOrAbove, atOrBelow, below, heldFor, hysteresis, inside, insulationLimits, limitsOf, machines, meanOver, missing, nameplateLimit, not, outside, rule, vibrationZones, within } from 'motorwatch/rules'
import type { Condition, Machine } from 'motorwatch/rules'
import type { Nameplate } from 'motorwatch/model'
import { describe, expect, test } from 'vitest'
import { parameter, parameterUnits } from '../../src/rules/machine.js'

describe('what follows from a nameplate', () => {
  const zones: readonly (readonly [Nameplate, number, number, number])[] = [
    [{ ratedPower: 0.37 }, 1.8, 2.25, 4.5],
    [{ ratedPower: 15, mounting: 'flexible' }, 1.8, 2.25, 4.5],
    [{ ratedPower: 15.1 }, 2.8, 3.5, 4.5],
    [{ ratedPower: 300, mounting: 'flexible' }, 4.5, 5.625, 7.1],
    [{ ratedPower: 301, mounting: 'rigid' }, 4.5, 5.625, 7.1],
    [{ ratedPower: 301, mounting: 'flexible' }, 7.1, 8.875, 11],
    [{ ratedCurrent: 21 }, NaN, NaN, NaN],
  ]
  test.each(zones)('vibration of %o', (of, alert, alarm, trip) => {
    expect(['vibrationAlert', 'vibrationAlarm', 'vibrationTrip'].map((name) => nameplateLimit(of, name))).toEqual([alert, alarm, trip])
  })

  test.each([['A', 60, 105], ['E', 75, 120], ['B', 80, 130], ['F', 105, 155], ['H', 125, 180]] as const)('winding of class %s', (insulationClass, rise, limit) => {
    expect(['windingRise', 'windingFull', 'windingLimit'].map((name) => nameplateLimit({ insulationClass }, name))).toEqual([rise, 40 + rise, limit])
    expect(nameplateLimit({}, 'windingRise')).toBeNaN()
  })

  test('an unknown name, and a class that is not given, are unknown', () => {
    expect(nameplateLimit({ ratedPower: 11, insulationClass: 'F' }, 'vibration')).toBeNaN()
    expect(['windingRise', 'windingFull', 'windingLimit'].map((name) => nameplateLimit({ ratedPower: 11 }, name))).toEqual([NaN, NaN, NaN])
  })

  test('says where each number comes from', () => {
    for (const { source } of [...Object.values(insulationLimits), ...Object.values(vibrationZones)]) expect(source).toMatch(/^(ISO 10816|IEC 60085)/)
    expect(Object.fromEntries(Object.entries(vibrationZones).map(([zone, { ab }]) => [zone, ab]))).toEqual({ 'class I': 0.71, 'group 2 rigid': 1.4, 'group 2 flexible': 2.3, 'group 1 rigid': 2.3, 'group 1 flexible': 3.5 })
    for (const group of ['group 2 rigid', 'group 2 flexible'] as const) expect(vibrationZones[group].source).toContain('public tables disagree')
  })
})

describe('a parameter of a machine', () => {
  const machine: Machine = { id: 'm', nameplate: { ratedPower: 11, ratedCurrent: 20, insulationClass: 'F' }, parameters: { ratedCurrent: 25, own: 3 } }

  test.each([['own', 3], ['ratedCurrent', 25], ['ratedPower', 11], ['vibrationAlert', 1.8], ['windingLimit', 155], ['ratedVoltage', NaN], ['insulationClass', NaN], ['toString', NaN]])('%s is %d', (name, value) => {
    expect(parameter(machine, name)).toBe(value)
  })

  test('is unknown of a machine without a nameplate, and of none', () => {
    expect([parameter({ id: 'm' }, 'ratedCurrent'), parameter({ id: 'm', parameters: {} }, 'toString'), parameter(undefined, 'ratedCurrent')]).toEqual([NaN, NaN, NaN])
  })

  test('has a unit, where it has one', () => {
    expect(Object.fromEntries(parameterUnits)).toEqual({
      ratedCurrent: 'A', ratedVoltage: 'V', ratedPower: 'kW', vibrationAlert: 'mm/s', vibrationAlarm: 'mm/s', vibrationTrip: 'mm/s', windingRise: 'K', windingFull: 'degC', windingLimit: 'degC', pressureSet: 'Pa',
    })
  })

  test('machines are known by their ids', () => {
    expect([...machines(machine, { id: 'n' }).keys()]).toEqual(['m', 'n'])
    expect(machines(machine).get('m')).toBe(machine)
  })
})

describe('limits on one reading', () => {
  const machine: Machine = { id: 'm', parameters: { full: 10 } }
  const y = above('y', 1)

  test.each<readonly [Condition, readonly (readonly [string, number, number])[]]>([
    [above('x', 1), [['x', -Infinity, 1]]],
    [atOrAbove('x', 1), [['x', -Infinity, 1]]],
    [below('x', 1), [['x', 1, Infinity]]],
    [atOrBelow('x', '$full'), [['x', 10, Infinity]]],
    [above('x', '$full * 1.5'), [['x', -Infinity, 15]]],
    [above('x', '$none'), []],
    [above('x', 'z'), []],
    [above('x', meanOver('1m', 'z')), []],
    [above(meanOver('1m', 'x'), 1), []],
    [outside('x', 1, '$full'), [['x', 1, 10]]],
    [outside('x', '$none', 2), []],
    [outside('x', 1, '$none'), []],
    [inside('x', 1, 2), []],
    [hysteresis('x', { on: 5, off: 4 }), [['x', -Infinity, 5]]],
    [hysteresis('x', { on: 4, off: 5 }), [['x', 4, Infinity]]],
    [any(above('x', 1), all(y, y), y), [['x', -Infinity, 1], ['y', -Infinity, 1]]],
    [heldFor('1m', y), [['y', -Infinity, 1]]],
    [within('1m', y), [['y', -Infinity, 1]]],
    [missing('x', '1m'), []],
    [not(y), []],
  ])('of %j', (when, limits) => {
    expect(limitsOf(rule({ id: 'r', when, severity: 'low', class: 'thermal' }), machine)).toEqual(limits.map(([sensor, low, high]) => ({ rule: 'r', sensor, low, high, severity: 'low', class: 'thermal' })))
  })
})
