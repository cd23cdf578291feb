import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading, Verdict } from '../../src/model/index.js'
import { spikes } from '../../src/operators/spikes.js'
import type { SpikesOptions } from '../../src/operators/spikes.js'
import { via } from '../../src/operators/via.js'
import { marbles, reading as at } from '../../src/testing/index.js'
import { outputsOf, reading } from './small-streams.js'

const found = (readings: readonly Reading[], options: SpikesOptions = {}): readonly Verdict[] => outputsOf((time) => via('reading', spikes(options, time)), readings)

/** The coil's instrument spans 200 K: a spike stands out by more than 20. */
const coil = (values: readonly number[]): readonly Reading[] => values.map((value, i) => reading(i, 'm', 'temperature_coil', value))

const series = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(60, 61) }, { weight: 2, arbitrary: fc.constantFrom(40, 41, 80, 81, 82, 100) }), { maxLength: 40 })

describe('spikes', () => {
  test.prop([series, fc.constantFrom(1, 2, 3), fc.constantFrom(3, 6, 20)], { numRuns: 300 })('are what a look at each five readings finds', (values, count, of) => {
    const isSpike = (i: number): boolean => {
      const five = values.slice(i - 2, i + 3)
      const median = [...five].sort((a, b) => a - b)[2]!
      const [, before, middle, after] = five.map((value) => Math.abs(value - median) > 20)
      return middle! && !before! && !after!
    }
    let spiky = false
    const expected = values.flatMap((_, i): readonly unknown[] => {
      let n = 0
      for (let decided = Math.max(4, i - of + 1); decided <= i; decided++) if (isSpike(decided - 2)) n++
      if (n >= count === spiky) return []
      spiky = !spiky
      return [[i * 1000, spiky, n - count]]
    })
    expect(found(coil(values), { count, of }).map(({ time, truth, margin }) => [time, truth, margin])).toEqual(expected)
  })

  test('the example', () => {
    const [a, b] = [60, 90].map((value) => at('m', 'temperature_coil', value))
    const verdict = (truth: boolean, margin: number) => (time: number): Verdict => ({ kind: 'verdict', time, machine: 'm', condition: 'spikes temperature_coil', truth, margin })
    marbles<Reading, Verdict>((time) => spikes({ count: 2, of: 6 }, time))
      .of('a-a-a-b-a-a-b-a-a-a-a-a-|', { a: a!, b: b! })
      .gives('----------------t-----f-|', { t: verdict(true, 0), f: verdict(false, -1) })
  })

  test('a tenth of the span itself is none, and neither is a step', () => {
    expect(found(coil([60, 60, 80, 60, 60]), { count: 1 })).toEqual([])
    expect(found(coil([60, 60, 81, 60, 60]), { count: 1 }).length).toBe(1)
    expect(found(coil([60, 60, 60, 100, 100, 100, 100]), { count: 1 })).toEqual([])
  })

  test('a neighbour that is nearly as far out does not hide it', () => {
    expect(found(coil([60, 80, 81, 60, 60]), { count: 1 }).length).toBe(1)
  })

  test('a start of the motor counts once at most', () => {
    const start = [0, 0, 0, 0, 140, 20, 20, 20, 20].map((value, i) => reading(i, 'm', 'current', value))
    expect(found(start, { count: 2 })).toEqual([])
  })

  test('machines and sensors do not mix, and a sensor without a known range has none', () => {
    const mixed = [60, 60, 100, 60, 60].flatMap((value, i) => [reading(i, i % 2 === 0 ? 'a' : 'b', 'temperature_coil', value), reading(i, 'm', 'own', value)])
    expect(found(mixed, { count: 1 })).toEqual([])
  })
})
