import { expect, test } from 'vitest'
import { parametersOf, scoresOf, stuck } from '../../src/detectors/index.js'

test('stuck: 30 of the same are an alarm, 29 are not', () => {
  const scores = scoresOf(stuck, new Array<number[]>(30).fill([7]))
  expect(scores[28]).toBe(1)
  expect(scores[29]).toBeGreaterThan(1)
})

test('stuck: another value ends it, a missing one does not', () => {
  expect(scoresOf(stuck, [[7], [7], [NaN], [7], [8]], { count: 3 })).toEqual([0.5, 1, NaN, 1.5, 0.5])
})

test('stuck says at what', () => {
  const params = parametersOf(stuck, { count: 3 })
  const state = stuck.start(params, 1)
  expect(stuck.why(state, params, 'bar')).toBe('no sample yet')
  stuck.next(state, [7.1], 0, true, params)
  expect(stuck.why(state, params, 'bar')).toBe('7.1 bar in 1 samples, where 3 are too many')
})
