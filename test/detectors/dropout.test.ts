import { expect, test } from 'vitest'
import { dropout, parametersOf, scoresOf } from '../../src/detectors/index.js'

test('dropout: three of 60 are an alarm, two are not, and the alarm ends when the first of them is 60 ago', () => {
  const samples = Array.from({ length: 120 }, (_, i) => [[10, 30, 50].includes(i) ? NaN : 1])
  const scores = scoresOf(dropout, samples)
  expect(scores[49]).toBe(1)
  expect(scores.flatMap((score, i) => (score > 1 ? [i] : []))).toEqual(Array.from({ length: 20 }, (_, i) => 50 + i))
  expect(scores.at(-1)).toBe(0)
})

test('dropout says how many', () => {
  const params = parametersOf(dropout)
  const state = dropout.start(params, 1)
  for (const x of [1, NaN, NaN]) dropout.next(state, [x], 0, true, params)
  expect(dropout.why(state, params, '')).toBe('2 of the last 3 samples are missing, where 3 are too many')
})
