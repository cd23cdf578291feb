import { describe, expect, test } from 'vitest'
import { parametersOf, scoresOf, spikes } from '../../src/detectors/index.js'
import { gaussian } from './gaussian.js'

const noisy = (length: number, more: (i: number) => number): readonly (readonly number[])[] => {
  const next = gaussian(1)
  return Array.from({ length }, (_, i) => [next() + more(i)])
}

describe('spikes', () => {
  test('three are an alarm, found two samples later, until the first is 720 samples ago', () => {
    const scores = scoresOf(spikes, noisy(2000, (i) => ([500, 700, 900].includes(i) ? 20 : 0)))
    expect(scores[502]! - scores[501]!).toBe(0.5)
    const alarm = scores.flatMap((score, i) => (score > 1 ? [i] : []))
    expect([alarm[0], alarm.at(-1), alarm.length]).toEqual([902, 502 + 719, 320])
    expect(scores.at(-1)).toBe(0)
  })

  test('two beside each other are both found; steps, ramps and three in a row are none', () => {
    const found = (more: (i: number) => number): number => 2 * Math.max(...scoresOf(spikes, noisy(1000, more)).slice(200))
    expect(found((i) => (i === 500 || i === 501 ? 20 : 0))).toBe(2)
    expect(found((i) => (i >= 500 && i < 503 ? 20 : 0))).toBe(0)
    expect(found((i) => (i >= 500 ? 20 : 0))).toBe(0)
    expect(found((i) => Math.max(0, i - 500))).toBe(0)
  })

  test('a signal that stands still has a spike where a value is another', () => {
    expect(scoresOf(spikes, Array.from({ length: 300 }, (_, i) => [i === 200 ? 5.1 : 5])).slice(-1)).toEqual([0.5])
  })

  test('known once 100 distances are learned', () => {
    expect(scoresOf(spikes, noisy(200, () => 0)).findIndex((score) => score === score)).toBe(104)
  })

  test('says how many, and the last one', () => {
    const params = parametersOf(spikes)
    const state = spikes.start(params, 1)
    for (const [i, values] of noisy(300, (n) => (n === 200 ? 20 : 0)).entries()) spikes.next(state, values, i, true, params)
    expect(spikes.why(state, params, 'A')).toMatch(/^1 spikes of more than [\d.]+ A in 720 samples, where 3 are too many; the last: (19|2[01])(\.\d)? A$/)
  })
})
