import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading, Verdict } from '../../src/model/index.js'
import { flapping } from '../../src/operators/flapping.js'
import type { FlappingOptions } from '../../src/operators/flapping.js'
import { via } from '../../src/operators/via.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { ordered, outputsOf, reading, smallStreams } from './small-streams.js'

type Options = Partial<FlappingOptions<Reading>>

const flaps = (options: Options = {}): OperatorUnderTest<Verdict> => (time) =>
  via('reading', flapping<Reading>({ key: 'machine', state: ({ value }) => String(value), ...options }, time))

const run = (states: string, options: Options = {}): readonly Verdict[] =>
  outputsOf(flaps(options), [...states].map((state, i) => reading(i, 'm', 'x', Number(state))))

describe('flapping', () => {
  test('begins with the ninth change in a row', () => {
    // the newest 9 of 20 weights 0.8 + 0.4 * i / 19 are i = 11 to 19: (9 * 0.8 + 0.4 * 135 / 19) / 20 = 477 / 950 = 0.5021; the newest 8: 428 / 950 = 0.4505
    expect(run('0000010101010101')).toEqual([{ kind: 'verdict', time: 13_000, machine: 'm', condition: 'flapping', truth: true, margin: expect.closeTo(477 / 950 - 0.25, 12) as number }])
    expect(run('000001010101')).toEqual([])
  })

  test('ends when all but the five oldest transitions are steady', () => {
    // all 20 have changed, then k steady ones: i = 0 to 19 - k are left; six of them have (6 * 38 + 15) / 950 = 0.2558, five (5 * 38 + 10) / 950 = 0.2105
    const seen = run('010101010101010101010' + '0'.repeat(15))
    expect(seen.map(({ time, truth }) => [time, truth])).toEqual([[9000, true], [35_000, false]])
    expect(seen[1]!.margin).toBeCloseTo(200 / 950 - 0.5, 12)
    expect(run('010101010101010101010' + '0'.repeat(14))).toHaveLength(1)
  })

  test('both limits are included', () => {
    // history 3: the weights are 0.8 and 1.2, the ratios 0, 0.4, 0.6 and 1
    const options = { history: 3, high: 0.6, low: 0.4 }
    expect(run('0111', options).map(({ time, truth, margin }) => [time, truth, margin])).toEqual([
      [1000, true, expect.closeTo(0.2, 12)], [2000, false, expect.closeTo(-0.2, 12)],
    ])
    expect(run('01', { ...options, high: 0.61 })).toEqual([])
  })

  test.prop([smallStreams, fc.integer({ min: 3, max: 32 }), fc.constantFrom([0.5, 0.25], [0.31, 0.07], [0.9, 0])])('is the formula over the last states', (inputs, history, [high, low]) => {
    const expected: unknown[] = []
    const states = new Map<string, { readonly seen: number[]; flapping: boolean }>()
    for (const { time, machine, value } of ordered(inputs)) {
      const state = states.get(machine) ?? { seen: [], flapping: false }
      states.set(machine, state)
      state.seen.push(value)
      const last = [...Array<number>(history).fill(state.seen[0]!), ...state.seen].slice(-history)
      const weights = last.slice(1).map((each, i) => (each === last[i] ? 0 : 0.8 + (0.4 * i) / (history - 2)))
      const ratio = weights.reduce((sum, weight) => sum + weight, 0) / (history - 1)
      fc.pre(Math.abs(ratio - high) > 1e-9 && (low === 0 || Math.abs(ratio - low) > 1e-9))
      if (state.flapping ? ratio > low : ratio < high) continue
      state.flapping = !state.flapping
      expected.push({
        kind: 'verdict', time, machine, condition: 'flapping', truth: state.flapping, margin: expect.closeTo(ratio - (state.flapping ? low : high), 9),
      })
    }
    expect(outputsOf(flaps({ history, high: high, low: low }), inputs)).toEqual(expected)
  })

  test.prop([smallStreams, fc.integer({ min: 3, max: 8 })])('the margin agrees with the truth', (inputs, history) => {
    for (const { truth, margin } of outputsOf(flaps({ history }), inputs)) expect(Math.sign(margin)).toBe(truth === true ? 1 : -1)
  })

  test.each([['series', 'flapping x'], [({ sensor }: Reading) => `of ${sensor}`, 'flapping of x']] as const)('the condition of the key %s is called %s', (key, condition) =>
    expect(run('0101010101', { key })[0]!.condition).toBe(condition))

  test('keeps the laws', async () => {
    const exceptions = { eviction: 'it counts states and not time: the last state is compared with the next one whenever that comes' }
    for (const history of [4, 21])
      expect(Object.values(await checkLaws(flaps({ history, state: ({ value }) => value > 100 }), { exceptions }))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test.each([[{ history: 2 }, /^history: got 2/], [{ history: 33 }, /^history: got 33/], [{ low: 0.5 }, /^low: got 0.5/], [{ low: -1 }, /^low: got -1/], [{ high: NaN }, /^low: got 0.25/]])(
    '%j is refused', (options, message) => expect(() => flapping<Reading>({ key: 'machine', state: () => true, ...options })).toThrow(message))
})
