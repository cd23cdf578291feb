import { describe, expect, test } from 'vitest'
import { parametersOf, scoresOf, trendToLimit } from '../../src/detectors/index.js'
import { autoregressive } from './gaussian.js'

const params = { every: 1, window: 20, lead: 3_600_000 }
const minute = 60_000

const whyOf = (samples: readonly (readonly number[])[], given: Readonly<Record<string, number>>): string => {
  const of = parametersOf(trendToLimit, given)
  const state = trendToLimit.start(of, 2)
  for (const [i, values] of samples.entries()) trendToLimit.next(state, values, i * minute, true, of)
  return trendToLimit.why(state, of, 'K')
}

describe('trendToLimit', () => {
  const line = Array.from({ length: 20 }, (_, i) => [i, 49])

  test('on a line the range is one time: 30 more at one a minute take half an hour, and the wanted lead of an hour is twice that', () => {
    expect(scoresOf(trendToLimit, line, params, minute)).toEqual([...new Array<number>(19).fill(NaN), 2])
    expect(whyOf(line, params)).toBe('the limit 49 K in 30 minutes to 30 minutes')
  })

  test('points are means: the line is the same, known later', () => {
    const long = Array.from({ length: 60 }, (_, i) => [i, 88])
    // The last point stands at minute 58, of 57, 58 and 59; 30 are left.
    expect(scoresOf(trendToLimit, long, { ...params, every: 3 }, minute).map((score, i) => (score === score ? [i, score] : [])).flat()).toEqual([59, 2])
  })

  test('a lower limit is come near from above', () => {
    expect(scoresOf(trendToLimit, line.map(([x]) => [-x!, -49]), { ...params, lower: 1 }, minute).at(-1)).toBe(2)
    expect(scoresOf(trendToLimit, line.map(([x]) => [-x!, 49]), params, minute).at(-1)).toBe(0)
  })

  test('beyond the limit it is there', () => {
    expect(scoresOf(trendToLimit, line.map(([x]) => [x!, 10]), params, minute).at(-1)).toBe(Infinity)
    expect(whyOf(line.map(([x]) => [x!, 10]), params)).toBe('the limit 10 K is reached')
  })

  test('a third of the points may be wild', () => {
    const wild = line.map(([x, limit], i) => [i === 4 || i === 9 || i === 16 ? 500 : x!, limit!])
    expect(scoresOf(trendToLimit, wild, { ...params, part: 0.4 }, minute).at(-1)).toBeCloseTo(2, 12)
  })

  test('noise without a trend is none, however near the limit', () => {
    const next = autoregressive(0.7, 1)
    const samples = Array.from({ length: 30_000 }, () => [next(), 2.5])
    expect(Math.max(...scoresOf(trendToLimit, samples).filter((score) => score === score))).toBe(0)
    expect(whyOf(samples, {})).toMatch(/^the limit 2.5 K in [\d.]+ (hours|days) at the soonest, or never$/)
  })

  test('a trend in noise is told by a range around the truth', () => {
    const next = autoregressive(0.7, 2)
    // 0.001 a sample of a minute; from 20 at the end, 20 more are 20,000 minutes: 13.9 days.
    const why = whyOf(Array.from({ length: 20_040 }, (_, i) => [next() + 0.001 * i, 40]), {})
    const [, soonest, latest] = /in ([\d.]+) days to ([\d.]+) days$/.exec(why)!
    expect(Number(soonest)).toBeLessThan(13.9)
    expect(Number(latest)).toBeGreaterThan(13.9)
    expect(Number(latest)).toBeLessThan(25)
  })

  test('while it moves away there is no time', () => {
    expect(whyOf(line.map(([x]) => [-x!, 49]), params)).toBe('no way towards the limit 49 K')
  })
})
