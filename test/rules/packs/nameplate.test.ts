import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { checkRules, limitsOf, machines, nameplate, nameplateLimits, parseRules } from 'motorwatch/rules'
import type { Machine, NameplateOptions } from 'motorwatch/rules'
import type { Reading } from 'motorwatch/model'
import { alarms } from 'motorwatch/operators'
import { epoch, readSeries } from 'motorwatch/testing'
import { describe, expect, test } from 'vitest'
import { replay } from '../../../src/testing/replay.js'
import { cases, titleOf } from './nameplate/cases.js'
import { motors, onLine, registered } from './nameplate/motors.js'
import { reasonFor } from './nameplate/reasons.js'
import { render } from './nameplate/render.js'
import { docsFile, readResults, rulesNow } from './nameplate/results.js'
import { tryFault, tryHealthy } from './nameplate/trial.js'

describe('the pack', () => {
  const vitals = ['current', 'vibration_rotor']
  const of = (id: string, machine: Machine, options: NameplateOptions = {}): unknown =>
    nameplate(options).filter((rule) => rule.id === id).flatMap((rule) => limitsOf(rule, machine)).map(({ sensor, low, high }) => [sensor, low, high])

  test('has nothing that an engineer would find wrong by reading it, on any of its motors', () => {
    for (const motor of motors) expect(checkRules(nameplate({ vitals }), { machines: machines(registered(motor, onLine(motor, 1))) })).toEqual([])
  })

  test('comes back as it was written from a document', () => {
    const rules = nameplate({ vitals })
    expect(parseRules(JSON.stringify({ rules }))).toEqual(E.right(rules))
  })

  test('has for every limit a unit and a source', () => {
    for (const { unit, source } of Object.values(nameplateLimits)) expect([unit, source].every((text) => text.length > 0)).toBe(true)
  })

  test('takes its numbers from the nameplate, from parameters of the machine before that, and from options for all', () => {
    const small = { id: 'm', nameplate: { ratedPower: 11, ratedCurrent: 20, ratedVoltage: 400 } }
    expect(of('vibration', small)).toEqual([['vibration_rotor', -Infinity, 1.8], ['vibration_rotor', -Infinity, 2.25], ['vibration_rotor', -Infinity, 4.5]])
    expect(of('vibration', { ...small, parameters: { vibrationAlert: 3.2, vibrationAlarm: 4 } })).toEqual([['vibration_rotor', -Infinity, 3.2], ['vibration_rotor', -Infinity, 4], ['vibration_rotor', -Infinity, 4.5]])
    expect(of('overload', small)).toEqual([['current', -Infinity, 24], ['current', -Infinity, 30]])
    expect(of('overload', small, { limits: { overloadAlarm: 1.25 } })).toEqual([['current', -Infinity, 25], ['current', -Infinity, 30]])
    expect(of('supply-voltage', small)).toEqual([['voltage', 380, 420], ['voltage', 360, 440.00000000000006]])
  })

  const raisedAndCleared = (rule: string, given: Readonly<Record<string, string>>): readonly string[] => {
    const plant = machines({ id: 'm', nameplate: { ratedPower: 11, ratedCurrent: 20 } })
    const readings = Object.entries(given).flatMap(([sensor, text]) => {
      const series = readSeries(text)
      return series.readings.map((each, i): Reading => ({ kind: 'reading', time: epoch + i * series.every, machine: 'm', sensor, value: each!.value, quality: 'good' }))
    }).sort((a, b) => a.time - b.time)
    const told = replay((time) => alarms(nameplate().filter(({ id }) => id === rule), { machines: plant }, time), readings)
    return told.flatMap((each) => (each.kind === 'alarm' && ['raised', 'cleared'].includes(each.state) ? [each.state] : []))
  }

  const occurrences: readonly (readonly [what: string, rule: string, given: Readonly<Record<string, string>>])[] = [
    ['an overload that ends, while the winding is still hot', 'thermal-image', { current: '10s: 360x16 360x27 720x17' }],
    ['an overload that ends with a stop', 'thermal-image', { current: '10s: 360x16 360x27 720x0' }],
    ['a phase that is lost at half load', 'phase-loss', { current: '10s: 360x10 360x17.4', vibration_rotor: '10s: 360x1 360x2' }],
    ['a bearing that stands still for a while', 'vibration', { current: '10s: 720x16 360x0 720x16', vibration_rotor: '10s: 360x1 360x2.4 360x0.3 360x2.4 360x1' }],
    ['a bearing of a motor without a current sensor', 'vibration', { vibration_rotor: '10s: 360x1 360x2.4 360x0.3 360x2.4 360x1' }],
  ]
  test.each(occurrences)('tells of one fault once: %s', (_, rule, given) => {
    expect(raisedAndCleared(rule, given)).toEqual(['raised', 'cleared'])
  })

  test('sees an overload through the noise of its current', () => {
    expect(raisedAndCleared('overload', { current: `10s: 60x18 ${'22.9 21.7 23.5 22.8 '.repeat(20)}` })).toEqual(['raised'])
  })

  test('does not take a motor that draws nothing at all, and seems to shake, for one without a load', () => {
    const drifted = { current: '10s: 60x16 360x0', vibration_rotor: '10s: 60x1.6 360x0.6' }
    expect(raisedAndCleared('underload', drifted)).toEqual([])
    expect(raisedAndCleared('motion-without-current', drifted)).toEqual(['raised'])
    expect(raisedAndCleared('underload', { ...drifted, current: '10s: 60x16 360x4' })).toEqual(['raised'])
  })

  test('says through checkRules what a register does not', () => {
    const problems = checkRules(nameplate(), { machines: machines({ id: 'm', nameplate: { ratedPower: 11, ratedCurrent: 20, ratedVoltage: 400 } }) })
    expect(new Set(problems.map(({ problem }) => problem))).toEqual(new Set(['unknown parameter']))
    expect(problems.map(({ rule, text }) => `${rule} ${/\$(\w+)/.exec(text)![1]!}`)).toEqual(expect.arrayContaining(['winding-rise windingRise', 'pressure pressureSet']))
  })
})

describe('docs/nameplate.md', () => {
  const results = readResults()

  test('is of the rules as they are', () => {
    expect(rulesNow(), 'run npm run table:nameplate').toEqual(results.rules)
  })

  test('is what the whole run has found', () => {
    const text = render(results)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(docsFile, text)
    expect(existsSync(docsFile) ? readFileSync(docsFile, 'utf8') : '', 'write it anew with UPDATE_DOCS=1').toBe(text)
  })

  test('has every fault on every motor, and a reason where one was missed', () => {
    for (const each of cases) {
      const trials = results.faults[titleOf(each)] ?? []
      expect(trials, titleOf(each)).not.toEqual([])
      const missed = trials.filter(({ alarms }) => alarms.length === 0)
      if (missed.length > 0) expect(reasonFor(each)).not.toBe('')
    }
  })

  test('has at most one false alarm in ten machine-weeks, over a hundred of them', () => {
    const all = Object.values(results.healthy).flat()
    expect(all.length * 4).toBeGreaterThanOrEqual(100)
    expect(all.flatMap(({ alarms }) => alarms).length / (all.length * 4)).toBeLessThanOrEqual(0.1)
  })

  const sample = ['11 kW overload', '30 kW locked-rotor', '11 kW sensor-stuck current', '30 kW sensor-spikes current', '30 kW sensor-bias temperature_env', '11 kW sensor-dropout voltage']
  test.each(cases.filter((each) => sample.includes(titleOf(each))).map((each) => [titleOf(each), each] as const))('still holds: %s', (title, each) => {
    expect(tryFault(each, 1)).toEqual(results.faults[title]![0])
  })

  test.each(motors.map((motor) => [motor.name, motor] as const))('still holds: a first week of a %s motor that is well', (name, motor) => {
    const { seed, alarms } = results.healthy[name]![2]!
    expect(tryHealthy(motor, seed, 1).alarms).toEqual(alarms.filter(({ hours }) => hours < 7 * 24))
  })
})
