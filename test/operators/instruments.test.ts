import { fc, test } from '@fast-check/vitest'
import { pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Alarm, Input, Reading, Severity } from '../../src/model/index.js'
import { inOrder } from '../../src/operators/in-order.js'
import { instruments, instrumentsBehaviour } from '../../src/operators/instruments.js'
import { via } from '../../src/operators/via.js'
import { above, below, machines, outside, rule } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/index.js'
import { epoch, marbles, reading as at } from '../../src/testing/index.js'
import { run } from '../../src/testing/laws/line.js'
import { sameWithout } from './same-without.js'
import { ordered, outputsOf, reading as bare, second, seconds, series, smallStreams } from './small-streams.js'

const raised = (rules: readonly Rule[], inputs: readonly Input[], offDelay?: number): readonly Alarm[] =>
  outputsOf((time) => via('reading', instruments(rules, offDelay === undefined ? {} : { offDelay: offDelay * second }, time)), inputs)

const reading = (seconds: number, ...rest: [machine: string, sensor: string, value: number, quality?: 'good' | 'suspect']): Reading => bare(epoch / second + seconds, ...rest)
const tick = (seconds: number): Input => ({ kind: 'tick', time: epoch + seconds * second })
const short = (transitions: readonly Alarm[]): readonly unknown[] => transitions.map(({ time, machine, rule: id, state, severity }) => `${(time - epoch) / second} ${machine} ${id} ${state} ${severity}`)

const rules = [
  rule({ id: 'warm', when: above('x', 1), severity: 'medium' }),
  rule({ id: 'hot', when: above('x', 2), severity: 'critical', machines: ['a'] }),
  rule({ id: 'cold', when: below('y', 1), severity: 'high' }),
]

const severityOf = ({ machine, sensor, value }: Reading): Severity | undefined => {
  if (sensor === 'y') return value < 1 ? 'high' : undefined
  if (value > 2 && machine === 'a') return 'critical'
  return value > 1 ? 'medium' : undefined
}

describe('instruments', () => {
  test.prop([smallStreams, fc.constantFrom(1, 2, 5)], { numRuns: 200 })('are what a look back at each second finds', (inputs, offDelay) => {
    const readings = ordered(inputs)
    const state = series.map((each) => ({ ...each, suspect: false, check: undefined as Severity | undefined }))
    const expected = seconds(inputs).flatMap((time) => {
      const came = readings.filter((each) => each.time === time && each.quality === 'suspect').flatMap((each) => {
        const own = state.find(({ machine, sensor }) => machine === each.machine && sensor === each.sensor)!
        const now = (time - epoch) / second
        const severity = own.check === undefined ? severityOf(each) : undefined
        const both = [...(own.suspect ? [] : [`${now} ${each.machine} suspect-${each.sensor} raised medium`]), ...(severity ? [`${now} ${each.machine} check-${each.sensor} raised ${severity}`] : [])]
        own.suspect = true
        own.check ??= severity
        return both
      })
      const cleared = state.flatMap((each) => {
        const own = readings.filter(({ machine, sensor, time: then }) => machine === each.machine && sensor === each.sensor && then <= time)
        const good = own[own.findLastIndex(({ quality }) => quality === 'suspect') + 1]
        if (!each.suspect || good === undefined || good.time + offDelay * second !== time) return []
        const now = (time - epoch) / second
        const both = [`${now} ${each.machine} suspect-${each.sensor} cleared medium`, ...(each.check ? [`${now} ${each.machine} check-${each.sensor} cleared ${each.check}`] : [])]
        Object.assign(each, { suspect: false, check: undefined })
        return both
      })
      return [...came, ...cleared]
    })
    const seen = raised(rules, inputs, offDelay)
    expect(short(seen)).toEqual(expected)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
    expect(seen.every((alarm) => alarm.class === 'instrument')).toBe(true)
  })

  test.prop([smallStreams, fc.constantFrom('0s', '1s', '5s' as const), fc.constantFrom('idle' as const, 'indifferent' as const)])('a series that was forgotten is as a new one', (inputs, offDelay, part) => {
    sameWithout(part, instrumentsBehaviour(rules, { offDelay }), 'series', inputs)
  })

  test('the example', () => {
    const alarm = (state: Alarm['state'], value: number, message: string, more: Partial<Alarm>) => (time: number): Alarm => ({
      kind: 'alarm', id: `suspect-temperature_coil/m/2/${state}`, occurrence: 'suspect-temperature_coil/m/2', time, machine: 'm', rule: 'suspect-temperature_coil', state, status: state === 'raised' ? 'unacknowledged' : 'normal',
      severity: 'medium', class: 'instrument', message, raisedAt: 2, sensor: 'temperature_coil', value, limit: NaN, unit: 'degC', ...more,
    })
    marbles<Reading, Alarm>((time) => instruments([], { offDelay: 3 }, time))
      .of('g-s-g-s-g-----|', { g: at('m', 'temperature_coil', 60), s: at('m', 'temperature_coil', -300, { quality: 'suspect' }) })
      .gives('--r--------c--|', {
        r: alarm('raised', -300, 'm: temperature_coil reads -300 degC, which its instrument cannot show: sensor suspect', { since: 2, clears: 'temperature_coil plausible for 3ms' }),
        c: alarm('cleared', 60, 'm: temperature_coil reads 60 degC: plausible again', { since: 8 }),
      })
  })

  const coil = [rule({ id: 'hot', when: above('temperature_coil', 120), severity: 'critical' })]

  test('beyond a limit, on the dangerous side, the machine may be meant', () => {
    const [, check] = raised(coil, [reading(0, 'm', 'temperature_coil', 250, 'suspect')])
    expect(check).toMatchObject({ rule: 'check-temperature_coil', severity: 'critical', class: 'instrument', value: 250, limit: 120, unit: 'degC', sensor: 'temperature_coil' })
    expect(check!.message).toBe('m: temperature_coil reads 250 degC, implausible and beyond a limit: machine or sensor: check')
  })

  test('on the safe side, and at the limit itself, there is no check', () => {
    expect(short(raised(coil, [-300, 120].map((value, i) => reading(i, `m${i}`, 'temperature_coil', value, 'suspect'))))).toEqual([
      '0 m0 suspect-temperature_coil raised medium', '1 m1 suspect-temperature_coil raised medium',
    ])
  })

  test('of a sensor without a unit none is said; a check says which of two limits, and when it is plausible again', () => {
    const band = [rule({ id: 'w', when: outside('x', 2, 6) })]
    const all = raised(band, [reading(0, 'm', 'x', 1, 'suspect'), reading(1, 'm', 'x', 4), tick(3), reading(5, 'm', 'x', 9, 'suspect'), tick(6)], 1)
    expect(all.map(({ rule: id, message, limit }) => [id, message, limit])).toEqual([
      ['suspect-x', 'm: x reads 1, which its instrument cannot show: sensor suspect', NaN],
      ['check-x', 'm: x reads 1, implausible and beyond a limit: machine or sensor: check', 2],
      ['suspect-x', 'm: x reads 4: plausible again', NaN],
      ['check-x', 'm: x reads 4: plausible again', NaN],
      ['suspect-x', 'm: x reads 9, which its instrument cannot show: sensor suspect', NaN],
      ['check-x', 'm: x reads 9, implausible and beyond a limit: machine or sensor: check', 6],
    ])
    for (const alarm of all) expect(alarm).not.toHaveProperty('unit')
    expect(all.filter(({ state }) => state === 'cleared').some((alarm) => 'clears' in alarm)).toBe(false)
  })

  test('of all four severities the highest counts, whatever the order of the rules', () => {
    const severities = ['critical', 'low', 'high', 'medium'] as const
    const four = severities.map((severity, i) => rule({ id: `r${i}`, when: above('x', 10), severity }))
    const check = (rules: readonly Rule[]): Severity => raised(rules, [reading(0, 'm', 'x', 20, 'suspect')])[1]!.severity
    expect([four, four.slice(1), [four[3]!, four[1]!], [four[1]!]].map(check)).toEqual(['critical', 'high', 'medium', 'low'])
    expect(check([...four].reverse())).toBe('critical')
  })

  test('limits are those of the machine, by its parameters; other rules are followed', () => {
    const own = [rule({ id: 'hot', when: above('x', '$most') })]
    const register = machines({ id: 'm', parameters: { most: 10 } }, { id: 'n', parameters: { most: 30 } })
    const exchange: Input = { kind: 'rules', time: 0, rules: { rules: [rule({ id: 'cold', when: below('x', 50), severity: 'low' })] } }
    const all = run((time) => pipe(inOrder<Input>({ lateness: 0 }, time), via(['reading', 'rules'], instruments(own, { machines: register }, time))), 'own',
      [reading(0, 'm', 'x', 20, 'suspect'), reading(0, 'n', 'x', 20, 'suspect'), reading(0, 'k', 'x', 20, 'suspect'), tick(1), { ...exchange, rules: { rules: [5] } }, tick(2), exchange, reading(3, 'n', 'x', 20, 'suspect'), tick(4)]) as readonly Alarm[]
    expect(short(all)).toEqual(['0 k suspect-x raised medium', '0 m suspect-x raised medium', '0 m check-x raised medium', '0 n suspect-x raised medium', '3 n check-x raised low'])
  })

  test('of several limits the severest counts, and only those of the machine', () => {
    const two = [rule({ id: 'warm', when: above('x', 90), severity: 'low' }), rule({ id: 'hot', when: above('x', 120), severity: 'high' }), rule({ id: 'other', when: above('x', 130), severity: 'critical', machines: ['n'] })]
    expect(raised(two, [reading(0, 'm', 'x', 250, 'suspect')]).map(({ severity, limit }) => [severity, limit])).toEqual([['medium', NaN], ['high', 120]])
  })

  test('a suspect reading at the very moment at which it would be cleared keeps it, and begins the delay anew', () => {
    const inputs = [reading(0, 'm', 'x', 1, 'suspect'), reading(1, 'm', 'x', 1), reading(6, 'm', 'x', 1, 'suspect'), reading(9, 'm', 'x', 1), tick(30)]
    expect(short(raised([], inputs, 5))).toEqual(['0 m suspect-x raised medium', '14 m suspect-x cleared medium'])
  })

  test('without a good reading it stands, by default until a minute after that', () => {
    const suspect = reading(0, 'm', 'x', 1, 'suspect')
    expect(short(raised([], [suspect, tick(1000)])).length).toBe(1)
    expect(short(raised([], [suspect, reading(50, 'm', 'x', 1), tick(1000)]))).toEqual(['0 m suspect-x raised medium', '110 m suspect-x cleared medium'])
    expect(short(raised([], [suspect, reading(50, 'm', 'x', 1)])).length).toBe(1)
  })
})
