import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading, Verdict } from '../../src/model/index.js'
import { stuck } from '../../src/operators/stuck.js'
import type { StuckOptions } from '../../src/operators/stuck.js'
import { via } from '../../src/operators/via.js'
import { marbles, reading as at } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { ordered, outputsOf, reading, second, smallStreams } from './small-streams.js'

const watched = (seconds: number, options: StuckOptions = {}): OperatorUnderTest<Verdict> => (time) => via('reading', stuck(seconds * second, options, time))

describe('stuck', () => {
  test.prop([smallStreams, fc.constantFrom(0, 1, 3, 10), fc.constantFrom(1, 2, 3)])('is what a look back at each reading finds', (inputs, after, count) => {
    const readings = ordered(inputs)
    const isStuck = (upTo: readonly Reading[]): number | undefined => {
      const last = upTo.at(-1)
      if (last === undefined || last.value === 0) return undefined
      const run = upTo.slice(upTo.findLastIndex(({ value }) => value !== last.value) + 1)
      const age = last.time - run[0]!.time - after * second
      return run.length >= Math.max(2, count) && age >= 0 ? age : undefined
    }
    const expected = readings.flatMap((each, i): readonly Verdict[] => {
      const before = readings.slice(0, i).filter(({ machine, sensor }) => machine === each.machine && sensor === each.sensor)
      const was = isStuck(before) !== undefined
      const margin = isStuck([...before, each])
      const verdict = (truth: boolean, by: number): Verdict => ({ kind: 'verdict', time: each.time, machine: each.machine, condition: `stuck ${each.sensor}`, truth, margin: by })
      if (was === (margin !== undefined)) return []
      return [verdict(!was, margin ?? 0 - after * second)]
    })
    expect(outputsOf(watched(after, { count }), inputs)).toEqual(expected)
  })

  test('the example', () => {
    const [a, b, c] = [1, 2, 3].map((value) => at('m', 'x', value))
    const verdict = (truth: boolean, margin: number) => (time: number): Verdict => ({ kind: 'verdict', time, machine: 'm', condition: 'stuck x', truth, margin })
    marbles<Reading, Verdict>((time) => stuck(4, { count: 3 }, time)).of('a-b-b-b-b-c-|', { a: a!, b: b!, c: c! }).gives('------t---f-|', { t: verdict(true, 0), f: verdict(false, -4) })
  })

  test('by default it takes 30 readings', () => {
    const same = (n: number): readonly Reading[] => Array.from({ length: n }, (_, i) => reading(i, 'm', 'x', 7))
    expect(outputsOf(watched(5), same(29))).toEqual([])
    expect(outputsOf(watched(5), same(30)).map(({ time, margin }) => [time, margin])).toEqual([[29_000, 24_000]])
  })

  test('a machine that stands still is not stuck; a suspect value may be', () => {
    expect(outputsOf(watched(1, { count: 2 }), [0, 1, 2, 3].map((i) => reading(i, 'm', 'x', 0)))).toEqual([])
    expect(outputsOf(watched(1, { count: 2 }), [0, 1].map((i) => reading(i, 'm', 'x', 1e9, 'suspect'))).length).toBe(1)
  })
})
