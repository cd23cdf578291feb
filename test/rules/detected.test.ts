import { fc, test as property } from '@fast-check/vitest'
import { afterAll, describe, expect, it } from 'vitest'
import type { Alarm, Command, Input, Reading } from '../../src/model/index.js'
import { decodeSave, encodeSave } from '../../src/model/save.js'
import { alarms } from '../../src/operators/index.js'
import { stuck, wearChart, envelope } from '../../src/detectors/index.js'
import { above, all, any, below, choice, detected, heldFor, hysteresis, judge, learned, machines, missing, not, outside, parseRules, product, rule, ruleText, running, signalText, within } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'
import { hearsScoresAlone } from '../../src/rules/shape.js'
import { replay } from '../../src/testing/replay.js'
import { random } from '../random.js'

const MINUTE = 60_000
const wear = detected(wearChart, 'vibration_rotor', { every: '1m', params: { warmup: 30, persistence: 1 } })

const reading = (time: number, value: number, quality: Reading['quality'] = 'good', sensor = 'vibration_rotor'): Reading => ({ kind: 'reading', time, machine: 'm', sensor, value, quality })

/** What a judge that is asked at each of these times says of the score. */
function scores(signal: typeof wear, values: readonly (readonly [time: number, value: number])[], cut = -1): readonly number[] {
  const judged = judge(Infinity)
  const judgement = judged.add(above(signal, 1))
  let frame = judged.frame('m', 0)
  return values.map(([time, value], i) => {
    if (i === cut) frame = decodeSave(encodeSave(frame)) as typeof frame
    frame.values[0] = value
    frame.times[0] = time
    judgement.judge(frame, time)
    return judgement.deciding().value
  })
}

const noisy = (count: number, seed = 1): readonly number[] => ((draw) => Array.from({ length: count }, () => 1 + 0.1 * draw()))(random(seed))

describe('a detector as a signal', () => {
  it('is given the mean of each period, weighted by time, and its score holds until the next', () => {
    const seen: number[] = []
    const signal = detected(envelope, 'vibration_rotor', { every: '1m' })
    const judged = judge(Infinity)
    const judgement = judged.add(above(signal, 1))
    const frame = judged.frame('m', 0)
    for (const [time, value] of [[0, 10], [45_000, 30], [60_000, 99], [120_000, 0]] as const) {
      frame.values[0] = value
      frame.times[0] = time
      judgement.judge(frame, time)
      seen.push((frame.memory[1] as { x: number }).x)
    }
    // the first minute: 45 s of 10 and 15 s of 30; the second: 99
    expect(seen).toEqual([NaN, NaN, 15, 99])
  })

  it('asks to be judged at the end of a period, and no more where nothing is known', () => {
    const judged = judge(MINUTE)
    const judgement = judged.add(above(wear, 1))
    const frame = judged.frame('m', 0)
    judgement.judge(frame, 10)
    expect(judgement.wakeAt).toBe(Infinity)
    frame.values[0] = 1
    frame.times[0] = 20
    judgement.judge(frame, 20)
    expect(judgement.wakeAt).toBe(MINUTE)
  })

  it('of a period of which less than half is known there is no sample, and the score is unknown', () => {
    const values = noisy(40).map((value, i) => [i * MINUTE, value] as const)
    const known = scores(wear, values)
    expect(known.at(-1)).not.toBeNaN()
    const gap = scores(wear, [...values, [39.4 * MINUTE, NaN], [40 * MINUTE, NaN]])
    expect(gap.at(-1)).toBeNaN()
  })

  property.prop([fc.integer({ min: 1, max: 59 }), fc.integer({ min: 1, max: 1000 })])('saved and restored anywhere it goes on as if nothing had been', (cut, seed) => {
    const values = noisy(60, seed).map((value, i) => [i * MINUTE + 7 * (i % 5), value] as const)
    expect(scores(wear, values, cut)).toEqual(scores(wear, values))
  })

  it('takes no sample while its condition does not hold, and learns nothing of it', () => {
    const gated = detected(wearChart, 'vibration_rotor', { every: '1m', params: { warmup: 30, persistence: 1 }, while: below('vibration_rotor', 2) })
    const values = noisy(60)
    const mixed = values.flatMap((value, i) => (i % 10 === 5 ? [50, value] : [value])).map((value, i) => [i * MINUTE, value] as const)
    const plain = scores(wear, values.map((value, i) => [i * MINUTE, value] as const))
    const passed = scores(gated, mixed).filter((_, i) => mixed[i]![1] !== 50)
    expect(passed.at(-1)).toBe(plain.at(-1))
    expect(plain.at(-1)).not.toBeNaN()
  })

  it('judges and does not learn while the other condition does not hold', () => {
    const calm = detected(envelope, 'vibration_rotor', { every: '1m', learn: below('vibration_rotor', 2) })
    const values = [...noisy(120), 5, 5, 5, 1].map((value, i) => [i * MINUTE, value] as const)
    expect(scores(calm, values).slice(-3).every((score) => score > 1)).toBe(true)
    const learns = scores(detected(envelope, 'vibration_rotor', { every: '1m' }), values).slice(-3)
    expect(learns[1]).toBe(0)
  })

  it('is one, however often a rule reads it: what raises and what clears', () => {
    const judged = judge(Infinity)
    judged.add(above(wear, 1))
    judged.add(below(wear, 0.6))
    expect(judged.detectors).toHaveLength(1)
    judged.apart()
    judged.add(above(wear, 1))
    expect(judged.detectors).toHaveLength(2)
  })

  it('tells what stands still exactly, whatever the moments at which it is looked at', () => {
    const signal = detected(stuck, 'vibration_rotor', { every: '1m', params: { count: 5 } })
    const odd = Array.from({ length: 80 }, (_, i) => [i * 7919, 0.1 + 0.2] as const)
    expect(scores(signal, odd).at(-1)).toBeGreaterThan(1)
  })

  it('begins with what was learned elsewhere', () => {
    const known = scores(wear, noisy(60).map((value, i) => [i * MINUTE, value] as const))
    const judged = judge(Infinity)
    judged.add(above(wear, 1))
    const frame = judged.frame('m', 0)
    noisy(60).forEach((value, i) => {
      frame.values[0] = value
      frame.times[0] = i * MINUTE
      judged.add(above(wear, 1)).judge(frame, i * MINUTE)
    })
    const own = frame.memory[judged.detectors[0]!.places[1]]
    const register = machines({ id: 'm', learned: { [signalText(wear)]: { state: own, frozen: true } } })
    const later = judge(Infinity, { machines: register })
    const judgement = later.add(above(wear, 1))
    const fresh = later.frame('m', 60 * MINUTE)
    fresh.values[0] = 5
    fresh.times[0] = 60 * MINUTE
    judgement.judge(fresh, 60 * MINUTE)
    judgement.judge(fresh, 61 * MINUTE)
    expect(judgement.truth).toBe(1)
    expect(known.at(-1)).toBeLessThan(1)
  })
})

describe('a rule that hears scores alone', () => {
  const always = above(choice(above('vibration_rotor', 0), 1e9, 1e9), 0)
  const chart = fc.record({
    every: fc.constantFrom('5s' as const, '20s' as const),
    limit: fc.constantFrom(1, 3),
    gate: fc.option(fc.constantFrom(heldFor('15s', below('current', 6)), below('current', 5), within('30s', above('current', 5))), { nil: undefined }),
    learn: fc.option(fc.constant(below('vibration_rotor', 2)), { nil: undefined }),
  }).map(({ every, limit, gate, learn }) => detected(wearChart, 'vibration_rotor', { every, params: { warmup: 20, persistence: 1, lambda: 0.5, limit }, ...(gate === undefined ? {} : { while: gate }), ...(learn === undefined ? {} : { learn }) }))
  let raisedIn = 0
  afterAll(() => { expect(raisedIn).toBeGreaterThan(100) })
  const delay = fc.constantFrom(0, '7s' as const, '1m' as const)
  const heard = fc.array(fc.record({ after: fc.integer({ min: 1, max: 9_000 }), current: fc.boolean(), value: fc.integer({ min: 1, max: 9 }), odd: fc.integer({ min: 0, max: 30 }) }), { minLength: 80, maxLength: 160 })

  property.prop([chart, chart, fc.boolean(), delay, delay, heard])('is judged when one of them turns or a time of its own has come, and so as if it were judged always', (a, b, both, onDelay, offDelay, steps) => {
    let time = 0
    const inputs = steps.map(({ after, current, value, odd }): Reading => {
      time += odd === 0 ? 90_000 : after
      return reading(time, current ? value : value > 7 ? value : 1 + value / 50, odd === 1 ? 'suspect' : 'good', current ? 'current' : 'vibration_rotor')
    })
    const when = both ? all(above(a, 1), not(above(b, 1))) : above(a, 1)
    const clear = both ? any(below(a, 0.6), above(b, 2)) : below(a, 0.6)
    const of = (raise: Condition, end: Condition): readonly (readonly unknown[])[] =>
      replay((at) => alarms([rule({ id: 'x', when: raise, clear: end, onDelay, offDelay, suppressedBy: above(b, 3) })], {}, at), inputs)
        .filter((item): item is Alarm => item.kind === 'alarm').map(({ time: at, state, id, status }) => [at, state, id, status])
    const often = of(all(when, always), all(clear, always))
    raisedIn += often.length
    expect(of(when, clear)).toEqual(often)
  })

  it.each([
    [above(wear, 1), true],
    [all(above(wear, 1), not(below(wear, '$least'))), true],
    [heldFor('1m', any(outside(wear, 0, 1), hysteresis(wear, { on: 2, off: 1 }))), true],
    [all(above(wear, 1), running()), false],
    [all(above(wear, 1), missing('current', '1m')), false],
    [above(wear, 'current'), false],
    [above(product(wear, 2), 1), false],
  ])('%j: %s', (condition, alone) => {
    expect(hearsScoresAlone(condition)).toBe(alone)
  })
})

describe('detectors in rules', () => {
  const wears = rule({ id: 'wears', when: above(wear, 1), clear: below(wear, 0.6), message: '{machine} wears: {reason}' })
  const at = (minute: number, value: number): Reading => reading(minute * MINUTE, value)
  const told = (inputs: readonly Input[]): readonly Alarm[] => replay((time) => alarms([wears], {}, time), inputs as readonly Reading[]).filter((item): item is Alarm => item.kind === 'alarm')

  it('an alarm says in words why', () => {
    const inputs = [...noisy(40), ...new Array<number>(30).fill(4)].flatMap((value, i) => [at(i, value), at(i + 0.5, value)])
    const [raised] = told(inputs)
    expect(raised).toMatchObject({ state: 'raised', rule: 'wears' })
    expect(raised!.message).toMatch(/^m wears: smoothed \d.*mm\/s, 1\.0\d mm\/s when learned: \d+(\.\d+)? sigma above$/)
  })

  it('nothing is learned from suspect readings', () => {
    const inputs = [...noisy(25), ...new Array<number>(60).fill(9)].flatMap((value, i) => [0, 0.5].map((half) => reading((i + half) * MINUTE, value, i < 25 ? 'good' : 'suspect')))
    expect(told([...inputs, ...noisy(10).flatMap((value, i) => [0, 0.5].map((half) => at(85 + i + half, value)))])).toEqual([])
  })

  it('relearn makes it forget, closes what stands, and is answered', () => {
    const inputs: Input[] = [...noisy(40), ...new Array<number>(30).fill(4)].flatMap((value, i) => [at(i, value), at(i + 0.5, value)])
    const command: Command = { kind: 'command', time: 70 * MINUTE, name: 'relearn', machine: 'm', by: 'me', why: 'new bearing' }
    const after = new Array<number>(60).fill(4).flatMap((value, i) => [at(70 + i, value), at(70.5 + i, value)])
    const items = replay((time) => alarms([wears], {}, time), [...inputs, command, ...after] as unknown as readonly Reading[])
    expect(items.map((item) => (item.kind === 'alarm' ? (item).state : item.kind))).toEqual(['raised', 'closed', 'answer'])
    expect(items[1]).toMatchObject({ why: 'learned anew', by: 'me' })
    expect(items[2]).toMatchObject({ accepted: true })
  })

  it('relearn is refused where nothing learns', () => {
    const hot = rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: '1m' })
    const command: Command = { kind: 'command', time: 0, name: 'relearn', machine: 'm', by: 'me' }
    const [answer] = replay((time) => alarms([hot], {}, time), [reading(0, 20, 'good', 'temperature_coil'), command] as unknown as readonly Reading[])
    expect(answer).toMatchObject({ kind: 'answer', accepted: false, reason: 'hot: it has no detector that learns' })
  })

  it('a document holds them as they are', () => {
    const rules = learned()
    expect(parseRules(JSON.stringify({ rules }))).toEqual({ _tag: 'Right', right: rules })
    expect(ruleText(rules[0]!)).toContain('thermalResidual of temperature_coil, temperature_env')
  })

  it.each([
    [{ ...wear, name: 'waerChart' }, 'name: got "waerChart", expected one of envelope, envelopeBank,'],
    [{ ...wear, params: { warmup: 3 } }, "params: got {\"warmup\":3}, expected wearChart: 'warmup' is 3, expected a whole number from 20 to"],
    [{ ...wear, of: ['current', 'voltage'] }, 'of: got ["current","voltage"], expected wearChart takes 1 signal, not 2'],
    [{ ...wear, every: 'soon' }, 'every: got "soon", expected milliseconds or text'],
  ])('a document with %j is refused, and told why', (signal, message) => {
    const read = parseRules(JSON.stringify({ rules: [{ id: 'x', when: { op: 'above', signal, limit: 1 } }] }))
    expect(read).toMatchObject({ _tag: 'Left', left: expect.stringContaining(message) as string })
  })

  it('what makes one refuses the same', () => {
    expect(() => detected(wearChart, 'current', { every: '1m', params: { warmup: 3 } })).toThrow("wearChart: 'warmup' is 3, expected a whole number from 20")
    expect(() => detected(wearChart, ['current', 'voltage'], { every: '1m' })).toThrow('wearChart takes 1 signal, not 2')
  })
})
