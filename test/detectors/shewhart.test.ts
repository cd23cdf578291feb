import { describe, expect, test } from 'vitest'
import { parametersOf, scoresOf, shewhart } from '../../src/detectors/index.js'

const given = { mean: 0, sigma: 1, limit: 3 }

/** Of the last of the samples. */
const last = (samples: readonly number[], rules: number, more: Readonly<Record<string, number>> = {}): { readonly score: number; readonly why: string } => {
  const params = parametersOf(shewhart, { ...given, ...more, rules })
  const state = shewhart.start(params, 1)
  let score = NaN
  for (const [i, x] of samples.entries()) score = shewhart.next(state, [x], i, true, params)
  return { score, why: shewhart.why(state, params, 'A') }
}

/** The rules as the books have them, asked of all samples so far. */
const beyondZone = (samples: readonly number[], some: number, of: number, zone: number): boolean =>
  [1, -1].some((side) => samples.slice(-of).filter((x) => side * x > zone).length >= some)
const tail = (samples: readonly number[], length: number): readonly number[] => samples.slice(-length)
const byTheBook = (samples: readonly number[], rules: number): boolean => {
  const x = samples
  const steps = x.map((value, i) => Math.sign(value - (x[i - 1] ?? NaN)))
  return Math.abs(x.at(-1)!) > 3
    || (rules > 1 && (beyondZone(x, 2, 3, 2) || beyondZone(x, 4, 5, 1) || beyondZone(x, 8, 8, 0)))
    || (rules > 2 && (
      (x.length >= 6 && [1, -1].some((way) => tail(steps, 5).every((step) => step === way)))
      || (x.length >= 14 && tail(steps, 13).every((step, i, all) => step !== 0 && (i === 0 || step === -all[i - 1]!)))
      || (x.length >= 15 && tail(x, 15).every((value) => Math.abs(value) < 1))
      || (x.length >= 8 && tail(x, 8).every((value) => Math.abs(value) > 1))))
}

describe('shewhart', () => {
  test('the limit alone: how far a sample is from the mean', () => {
    expect(scoresOf(shewhart, [[3], [-6], [0.3]], given)).toEqual([1, 2, 0.09999999999999999])
  })

  test('three in a row: the nearest of them, on one side', () => {
    expect(scoresOf(shewhart, [[4], [4], [3], [6], [-6], [-6], [-9]], { ...given, limit: 2, row: 3 })).toEqual([0, 0, 1.5, 1.5, 0, 0, 3])
  })

  test.each([
    [2, [0, 2.5, 0, 2.5], '2 of 3 beyond 2 sigma'],
    [2, [-2.5, -2.5], '2 of 3 beyond 2 sigma'],
    [2, [1.5, 1.5, -1, 1.5, 1.5], '4 of 5 beyond 1 sigma'],
    [2, [-1, 0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 0.1, 0.1], '8 on one side: 8'],
    [3, [-0.3, -0.2, -0.1, 0.1, 0.2, 0.3], '6 in a trend: 6'],
    [3, [2, 1.2, 0.5, 0, -0.3, -1.2], '6 in a trend: 6'],
    [3, [1.2, 0.1, 1.2, -0.1, 1.2, 0.1, -1.2, 0.1, -1.2, 0.1, -1.2, 0.1, -1.2, 0.1], undefined],
    [3, Array.from({ length: 14 }, (_, i) => (i % 2 === 0 ? 1.5 : 0)), '14 alternating: 14'],
    [3, Array.from({ length: 15 }, (_, i) => [0.5, -0.5, -0.2][i % 3]!), '15 within 1 sigma: 15'],
    [3, [1.5, -1.5, -1.5, 1.5, 1.5, -1.5, -1.5, 1.5], '8 beyond 1 sigma: 8'],
  ] as const)('with rules %i, %j: %s, and not without its last sample', (rules, samples, rule) => {
    const { score, why } = last(samples, rules)
    if (rule === undefined) {
      expect(score).toBeLessThanOrEqual(1)
      return
    }
    expect(score).toBeGreaterThan(1)
    expect(why).toContain(rule)
    expect(last(samples.slice(0, -1), rules).score).toBeLessThanOrEqual(1)
    expect(last(samples, 1).score).toBeLessThanOrEqual(1)
  })

  test.each([[2, 300], [3, 1000]])('with rules %i it alarms exactly where the books do', (rules, least) => {
    const noise = ((i) => () => (i = (i * 48_271) % 2_147_483_647) / 2_147_483_647)(11)
    // Coarse values, so that ties and bounds of zones come.
    const samples = Array.from({ length: 20_000 }, (_, i) => Math.round(4 * (noise() + noise() + noise() + noise() - 2) * (i % 700 < 350 ? 1.7 : 0.6)) / 4 + (i % 900 > 800 ? 0.5 : 0))
    const scores = scoresOf(shewhart, samples.map((x) => [x]), { ...given, rules })
    const wrong = samples.flatMap((_, i) => (scores[i]! > 1 === byTheBook(samples.slice(Math.max(0, i - 20), i + 1), rules) ? [] : [i]))
    expect(wrong).toEqual([])
    expect(scores.filter((score) => score > 1).length).toBeGreaterThan(least)
  })

  test('learned, a score comes after the warm-up, in sample deviations', () => {
    // Of 10 zeros and 10 twos the mean is 1, the sum of squares 20.
    const scores = scoresOf(shewhart, [...Array.from({ length: 20 }, (_, i) => [2 * (i % 2)]), [5]], { warmup: 20, limit: 4 })
    expect(scores.slice(0, 20).every((score) => score !== score)).toBe(true)
    expect(scores[20]).toBeCloseTo(4 / Math.sqrt(20 / 19) / 4, 12)
  })

  test('says what came nearest', () => {
    expect(last([4], 1).why).toBe('4 A is 4 sigma above 0 A; limit 3')
    expect(last([-4, -4], 1, { row: 2 }).why).toBe('-4 A is 4 sigma below 0 A; 2 in a row, limit 3')
  })
})
