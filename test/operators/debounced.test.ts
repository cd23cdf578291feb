import { fc, test } from '@fast-check/vitest'
import { map, pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Reading, Truth, Verdict } from '../../src/model/index.js'
import { debounced } from '../../src/operators/debounced.js'
import { only } from '../../src/operators/only.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { marbles, ordered, outputsOf, reading, second, seconds, series, smallStreams } from './small-streams.js'

type Options = Parameters<typeof debounced>[0]

const truths: readonly Truth[] = [false, true, 'unknown', true]

const judged = ({ time, machine, sensor, value, quality }: Reading): Verdict =>
  ({ kind: 'verdict', time, machine, condition: sensor, truth: truths[value % 4]!, margin: quality === 'suspect' ? NaN : value })

const op = (options: Options, judge = judged): OperatorUnderTest<Verdict> => (time) => pipe(only<Input, 'reading'>('reading'), map(judge), debounced(options, time))

/** What stands when all verdicts of a second are in, and since when, decides: looked at second by second. */
const expected = (inputs: readonly Input[], on: number, off: number): readonly Verdict[] => {
  const verdicts = ordered(inputs).map(judged)
  const states = series.map((each) => ({ ...each, out: false, since: Infinity, last: undefined as Verdict | undefined }))
  const out: Verdict[] = []
  for (const time of seconds(inputs)) {
    for (const verdict of verdicts.filter((each) => each.time === time)) {
      const state = states.find(({ machine, sensor }) => machine === verdict.machine && sensor === verdict.condition)!
      if (verdict.truth === !state.out) Object.assign(state, { since: Math.min(state.since, time), last: verdict })
      else Object.assign(state, { since: Infinity, last: undefined })
    }
    for (const state of states) {
      if (state.last === undefined || time - state.since < (state.out ? off : on) * second) continue
      out.push({ ...state.last, time })
      Object.assign(state, { out: !state.out, since: Infinity, last: undefined })
    }
  }
  return out
}

describe('debounced', () => {
  test.prop([smallStreams, fc.constantFrom(0, 1, 2, 4), fc.constantFrom(0, 1, 3)])('hands on what has stood long enough, found second by second', (inputs, on, off) => {
    expect(outputsOf(op({ on: `${on}s`, off: `${off}s` }), inputs)).toEqual(expected(inputs, on, off))
  })

  test.prop([smallStreams])('true and false take turns, from true on', (inputs) => {
    const seen = outputsOf(op({ on: '1s', off: '2s' }), inputs)
    for (const { machine, sensor } of series)
      seen.filter((each) => each.machine === machine && each.condition === sensor).forEach(({ truth }, i) => { expect(truth).toBe(i % 2 === 0) })
  })

  test('keeps the laws', async () => {
    const hot = ({ time, machine, sensor, value, quality }: Reading): Verdict =>
      ({ kind: 'verdict', time, machine, condition: sensor, truth: quality === 'suspect' ? 'unknown' : value > 100, margin: value - 100 })
    for (const options of [{ on: '5s', off: '30s' }, { on: 0, off: 0 }] as const)
      expect(Object.values(await checkLaws(op(options, hot)))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test('unknown: an alarm that stands, stands; a delay begins anew', () => {
    const at = (seconds: number, truth: Truth): Reading => reading(seconds, 'm', 'x', truths.indexOf(truth))
    const shown = (inputs: readonly Input[]) => outputsOf(op({ on: '3s', off: '3s' }), [...inputs, { kind: 'tick', time: 60_000 }]).map(({ time, truth }) => [time, truth])
    expect(shown([at(0, true), at(2, 'unknown'), at(4, true)])).toEqual([[7000, true]])
    expect(shown([at(0, true), at(5, 'unknown'), at(6, false), at(8, 'unknown')])).toEqual([[3000, true]])
    expect(shown([at(0, 'unknown'), at(5, false)])).toEqual([])
  })

  const last = (value: number): readonly Input[] => [reading(0, 'm', 'x', 1), reading(1, 'm', 'x', 1), reading(2, 'm', 'x', value), { kind: 'tick', time: 10 * second }]

  test.each([0, 2])('false or unknown exactly when `on` has passed: nothing', (value) => {
    expect(outputsOf(op({ on: '2s', off: '1s' }), last(value))).toEqual([])
  })

  test('true again exactly then: handed on with that margin', () => {
    expect(outputsOf(op({ on: '2s', off: '1s' }), last(3))).toEqual([{ kind: 'verdict', time: 2000, machine: 'm', condition: 'x', truth: true, margin: 3 }])
  })

  test('true again exactly when `off` has passed: what stands, stands', () => {
    const inputs = [reading(0, 'm', 'x', 1), reading(5, 'm', 'x', 0), reading(7, 'm', 'x', 1), { kind: 'tick', time: 20 * second } as const]
    expect(outputsOf(op({ on: '1s', off: '2s' }), inputs).map(({ time, truth }) => [time, truth])).toEqual([[1000, true]])
  })

  test('the data end in the middle of a delay: nothing', () => {
    expect(outputsOf(op({ on: '2s', off: '2s' }), [reading(0, 'm', 'x', 1), reading(1, 'm', 'x', 1)])).toEqual([])
  })

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      const verdict = (text: string): Verdict => ({ kind: 'verdict', time: 0, machine: 'm', condition: 'c', truth: text === 't', margin: 0 })
      const out = hot<string>('t-f-t-------f-t-f-----|').pipe(map(verdict), debounced({ on: 4, off: 2 }, scheduler), map(({ truth }) => (truth === true ? 't' : 'f')))
      expectObservable(out).toBe('--------t---------f---|')
    })
  })
})
