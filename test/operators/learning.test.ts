import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { envelope } from '../../src/detectors/index.js'
import type { Envelope } from '../../src/detectors/envelope.js'
import type { Input, Reading } from '../../src/model/index.js'
import { learning } from '../../src/operators/learning.js'
import type { LearningOptions, Learnt } from '../../src/operators/learning.js'
import { above, all, detected, machines, missing, not, rule } from '../../src/rules/index.js'
import type { Condition, Rule } from '../../src/rules/index.js'
import { ordered, outputsOf, reading, second, smallStreams } from './small-streams.js'

const seen = (sensor: string, more: { readonly while?: Condition; readonly learn?: Condition } = {}): Condition => above(detected(envelope, sensor, { every: '1s', ...more }), 1)
const rules = (...conditions: readonly Condition[]): readonly Rule[] => conditions.map((when, i) => rule({ id: `r${i}`, when }))
const learnt = (of: readonly Rule[], inputs: readonly Input[], options: LearningOptions = {}): readonly Learnt[] => outputsOf((time) => learning(of, options, time), inputs)
const envelopeOf = ({ state }: Learnt): Envelope => (state as { readonly of: Envelope }).of
const eachSecond = (from: number, to: number, machine = 'm', sensor = 'x', value = (i: number): number => i % 7): readonly Reading[] => Array.from({ length: to - from }, (_, i) => reading(from + i, machine, sensor, value(from + i)))

/** What is heard of a sensor, second by second: its last value, unless that is suspect, or older than `stale` seconds. */
function samples(readings: readonly Reading[], until: number, stale: number): readonly number[] {
  const first = readings[0]!.time
  return Array.from({ length: (until - first) / second }, (_, i) => {
    const last = readings.findLast(({ time }) => time <= first + i * second)!
    return last.quality === 'good' && first + i * second < last.time + stale * second ? last.value : NaN
  })
}

describe('learning', () => {
  test.prop([smallStreams, fc.constantFrom(3, 60)])('a detector learns from each period what was known in it, and nothing else', (inputs, stale) => {
    const told = learnt(rules(seen('x')), inputs, { stale: `${stale}s` })
    const readings = ordered(inputs)
    const heard = [...new Set(readings.filter(({ sensor }) => sensor === 'x').map(({ machine }) => machine))]
    expect(told.map(({ machine }) => machine).sort()).toEqual(heard.sort())
    for (const { machine, state, time } of told) {
      const detector = envelope.start({ decay: 0.9999, tau: 0.08, absorb: 1 }, 1)
      for (const x of samples(readings.filter((each) => each.machine === machine && each.sensor === 'x'), time, stale)) envelope.next(detector, [x], 0, true, { decay: 0.9999, tau: 0.08, absorb: 1 })
      expect(state).toEqual(detector)
    }
  })

  test('a detector that two rules have is told of once, by its text; where each has its own, both are', () => {
    const two = learnt(rules(seen('x'), all(seen('x'), above('x', 3)), seen('y')), [...eachSecond(0, 3), ...eachSecond(3, 5, 'm', 'y')])
    expect(two.map(({ kind, machine, detector }) => [kind, machine, detector])).toEqual([['learned', 'm', expect.stringMatching(/^envelope of x/)], ['learned', 'm', expect.stringMatching(/^envelope of y/)]])
  })

  test('it is ready with its first score, and says in words how far it is', () => {
    const after = (seconds: number): Learnt => learnt(rules(seen('x')), [...eachSecond(0, seconds), { kind: 'tick', time: (seconds + 1) * second }])[0]!
    expect(after(50)).toMatchObject({ ready: false, why: expect.stringMatching(/^learning: \d+ of 100 samples$/) as string })
    expect(after(99)).toMatchObject({ ready: false })
    // the last 0 was four samples before the last one, and each shrinks the span by 1 in 10,000 of its 3 below the mean
    expect(after(110)).toMatchObject({ ready: true, why: expect.stringMatching(/^4, within 0\.001\d* to 6 in 111 samples$/) as string })
  })

  test('it is ready for good: where nothing is known at the end, it still is', () => {
    expect(learnt(rules(seen('x')), [...eachSecond(0, 110), reading(110, 'm', 'x', 1, 'suspect'), ...eachSecond(111, 300, 'm', 'x').map((each) => ({ ...each, quality: 'suspect' as const }))])[0]).toMatchObject({ ready: true })
  })

  test('a rule for some machines teaches those alone; one for all of them teaches the same detector everywhere', () => {
    const some = (...of: readonly (readonly string[] | undefined)[]): readonly Rule[] => of.map((names, i) => rule({ id: `r${i}`, when: seen('x'), ...(names && { machines: names }) }))
    const inputs = ['a', 'b', 'c'].flatMap((machine) => eachSecond(0, 3, machine)).toSorted((a, b) => a.time - b.time)
    const machinesOf = (of: readonly Rule[]): readonly string[] => learnt(of, inputs).map(({ machine }) => machine).sort()
    expect(machinesOf(some(['a']))).toEqual(['a'])
    expect(machinesOf(some(['a'], ['c']))).toEqual(['a', 'c'])
    expect(machinesOf(some(['a'], undefined))).toEqual(['a', 'b', 'c'])
  })

  test('goes on from what the register has of a machine, which stays as it was', () => {
    const [before] = learnt(rules(seen('x')), [...eachSecond(0, 60), { kind: 'tick', time: 70 * second }])
    const register = machines({ id: 'm', learned: { [before!.detector]: { state: before!.state } } })
    const as = structuredClone(before!.state)
    const [after] = learnt(rules(seen('x')), [...eachSecond(0, 30), { kind: 'tick', time: 40 * second }], { machines: register })
    const [alone] = learnt(rules(seen('x')), [...eachSecond(0, 30), { kind: 'tick', time: 40 * second }])
    expect(envelopeOf(after!).count).toBe(envelopeOf(before!).count + envelopeOf(alone!).count)
    expect(register.get('m')!.learned![before!.detector]!.state).toEqual(as)
  })

  test('what is frozen learns nothing', () => {
    const [before] = learnt(rules(seen('x')), eachSecond(0, 60))
    const register = machines({ id: 'm', learned: { [before!.detector]: { state: before!.state, frozen: true } } })
    expect(envelopeOf(learnt(rules(seen('x')), eachSecond(0, 60), { machines: register })[0]!)).toEqual(envelopeOf(before!))
  })

  test('samples are taken while its condition holds, and learned from while the other does', () => {
    const inputs = [...eachSecond(0, 20), ...eachSecond(0, 20, 'm', 'on', (i) => (i < 10 ? 1 : 0))].toSorted((a, b) => a.time - b.time)
    const counts = (condition: Condition): number => envelopeOf(learnt(rules(condition), [...inputs, { kind: 'tick', time: 20 * second }])[0]!).count
    expect([counts(seen('x')), counts(seen('x', { while: above('on', 0) })), counts(seen('x', { learn: above('on', 0) }))]).toEqual([20, 10, 10])
  })

  test('a value is known for a minute, unless told otherwise', () => {
    const counts = (options: LearningOptions): number => envelopeOf(learnt(rules(seen('x')), [reading(0, 'm', 'x', 1), { kind: 'tick', time: 200 * second }], options)[0]!).count
    expect([counts({}), counts({ stale: '10s' }), counts({ stale: Infinity })]).toEqual([60, 10, 200])
  })

  test('a machine without its sensors is not told of, one that a rule counts the silence of is', () => {
    expect(learnt(rules(seen('x')), eachSecond(0, 5, 'm', 'y'))).toEqual([])
    const silent = rules(seen('x', { learn: not(missing('y', '3s')) }))
    const [told] = learnt(silent, [...eachSecond(0, 10), { kind: 'tick', time: 10 * second }])
    expect(envelopeOf(told!).count).toBe(3)
  })

  test('what is told is a copy, at the end and not before; other items are nothing to it', () => {
    const inputs: readonly Input[] = [...eachSecond(0, 5), { kind: 'command', time: 5 * second, name: 'acknowledge', machine: 'm', by: 'Anna' }, { kind: 'tick', time: 6 * second }]
    const [first] = learnt(rules(seen('x')), inputs)
    ;(first!.state as { of: Envelope }).of.count = 1000
    expect(learnt(rules(seen('x')), inputs)[0]).not.toEqual(first)
    expect(learnt(rules(above('x', 3)), inputs)).toEqual([])
  })
})
