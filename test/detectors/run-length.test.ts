import { describe, expect, test } from 'vitest'
import { shewhart } from '../../src/detectors/index.js'
import { charts, runLengthsInMarkdown, SHIFTS, WEEK } from './run-length-table.js'
import { runLength } from './run-lengths.js'

/** `npm run run-length` measures all of it, to 2 %; here is what takes seconds. */
describe('run lengths', () => {
  const short = charts.flatMap(({ delays, ...chart }) => SHIFTS.flatMap((shift, i) => ((delays[i] ?? Infinity) < 500 ? [{ ...chart, shift, expected: delays[i]! }] : [])))

  test.each(short)('$name sees a shift of $shift sigma after $expected samples, from the zero state, its own counted', ({ expected, ...of }) => {
    const { mean, standardError } = runLength(of, expected > 50 ? 4000 : 10_000, 1)
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.05 + (2 * standardError) / expected)
  })

  test.each(charts.filter(({ name }) => name.startsWith('EWMA') || name.startsWith('CUSUM')))('$name with phi $phi: a week in control, to the precision of 100 runs', (of) => {
    const { mean, standardError } = runLength({ ...of, shift: 0 }, 100, 2)
    expect(Math.abs(mean - WEEK)).toBeLessThan(3.5 * standardError)
  })

  test('the rules of Western Electric run 91.75 samples in control, as Champ and Woodall found (1987)', () => {
    const { mean, standardError } = runLength({ detector: shewhart, params: { mean: 0, sigma: 1, limit: 3, rules: 2 }, phi: 0, shift: 0 }, 10_000, 3)
    expect(Math.abs(mean - 91.75)).toBeLessThan(3.5 * standardError)
  })

  test('as Markdown', () => {
    const table = charts.map(({ name, phi }) => ({ chart: name, phi, shift: 0, expected: WEEK, mean: 61_000, standardError: 610, runs: 100 }))
    const markdown = runLengthsInMarkdown({ table, limits: [{ chart: 'EWMA 0.1, 8.5', reference: 8.5, measured: 8.46 }], defaults: [{ detector: 'stuck', phi: 0, machines: 10, alarmed: 0.1, alarms: 0.2 }] })
    expect(markdown).toContain('the largest standard error is 1.0 %, the largest difference from the reference 0.9 %')
    expect(markdown).toContain('| EWMA 0.1, 8.5 | AR(1), phi 0.7 | 61000 (60480) |')
    expect(markdown).toContain('in control: EWMA 0.1 8.46 (8.5).')
    expect(markdown).toContain('| stuck | 0.2 (10 %) |')
  })
})
