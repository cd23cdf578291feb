import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'
import { cusum, ewmaChart, robustZ, scoresOf } from '../../../src/detectors/index.js'
import { hampel } from '../../../src/detectors/hampel.js'
import { addSample, newMoments } from '../../../src/detectors/linear/moments.js'
import { fitPca, t2q } from '../../../src/detectors/linear/pca.js'
import { newRls, rlsStep } from '../../../src/detectors/linear/rls.js'
import { autoregressive, gaussian } from '../gaussian.js'
import { runLength } from '../run-lengths.js'

const found = inject('scientific')

type Numbers = readonly number[]
type Rows = readonly Numbers[]
interface Question {
  readonly data: Numbers | Rows
  readonly params: Readonly<Record<string, number>>
}

const x = ((next) => Array.from({ length: 3000 }, (_, i) => 20 + 3 * next() + (i > 2500 ? 1 : 0)))(autoregressive(0.7, 1))
const samples = x.map((value) => [value])

/** Six sensors that two hidden causes move, each with noise of its own. */
const sensors = ((load, air, noise) => Array.from({ length: 3000 }, () => {
  const [a, b] = [load(), air()]
  return [5 + a + 0.1 * noise(), 40 + 8 * a + 3 * b + noise(), 20 + 2 * b + 0.2 * noise(), 1e-3 * (a - b + noise()), 1e4 + noise(), 0.4 * a + noise()]
}))(autoregressive(0.9, 2), autoregressive(0.95, 3), gaussian(4))

/** Three inputs and what they give, whose law changes in the midst. */
const related = ((input, noise) => Array.from({ length: 400 }, (_, i) => {
  const [a, b] = [input(), input()]
  return [a, b, 1, 2 * a - (i < 200 ? 1 : 3) * b + 5 + 0.1 * noise()]
}))(autoregressive(0.5, 5), gaussian(6))

const given = { mean: 20, sigma: 3 }
const questions = {
  ewma: { data: x, params: { ...given, lambda: 0.1, limit: 4.2 } },
  ewma_by_river: { data: x, params: { ...given, lambda: 0.1, limit: 4.2 } },
  ewma_learned: { data: x, params: { warmup: 1000, lambda: 0.05, limit: 6 } },
  // The limit is so high that no sum comes to twice of it, where ours ends.
  cusum: { data: x, params: { ...given, k: 0.5, limit: 200 } },
  cusum_learned: { data: x, params: { warmup: 1010, k: 0.25, limit: 200 } },
  hampel: { data: x, params: {} },
  robust_z: { data: x, params: { window: 120, limit: 3.5 } },
  pca: { data: sensors, params: { frozen: 200, components: 3 } },
  rls_by_river: { data: related, params: { p0: 100 } },
  rls_by_normal_equations: { data: related, params: { p0: 100, forget: 0.98 } },
  rls_by_statsmodels: { data: related, params: {} },
} satisfies Readonly<Record<string, Question>>

/** Run lengths from integral equations: of the EWMA from shifts on, of CUSUM in control. */
const shifts = [0, 0.5, 1, 2, 3, 5]
const simulated = {
  ewma_run_lengths: { data: shifts, params: { lambda: 0.1, limit: 4.2 } },
  cusum_run_length: { data: [0], params: { k: 0.5, limit: 9.89 } },
}

const residuals = (p0: number, forget: number): Numbers => {
  const state = newRls(3, p0)
  return related.map((row) => rlsStep(state, row.slice(0, 3), row[3]!, forget))
}

const ours: Readonly<Record<keyof typeof questions, () => Numbers | Rows>> = {
  ewma: () => scoresOf(ewmaChart, samples, questions.ewma.params),
  ewma_by_river: () => scoresOf(ewmaChart, samples, questions.ewma.params),
  ewma_learned: () => scoresOf(ewmaChart, samples, questions.ewma_learned.params),
  cusum: () => scoresOf(cusum, samples, questions.cusum.params),
  cusum_learned: () => scoresOf(cusum, samples, questions.cusum_learned.params),
  hampel: () => x.slice(4).map((_, i) => hampel(x.slice(i, i + 5))).map(({ median, deviation }) => [median, deviation]),
  robust_z: () => scoresOf(robustZ, samples, questions.robust_z.params),
  pca: () => {
    const means = Array.from({ length: sensors.length / 10 }, (_, i) => sensors[0]!.map((_, j) => sensors.slice(10 * i, 10 * i + 10).reduce((sum, row) => sum + row[j]!, 0) / 10))
    const moments = newMoments(6)
    for (const row of means.slice(0, 200)) addSample(moments, row)
    const model = fitPca(moments, 3)
    return means.map((row) => t2q(model, row))
  },
  rls_by_river: () => residuals(100, 1),
  rls_by_normal_equations: () => residuals(100, 0.98),
  // It begins with no prior at all: ours with one that is next to none, which costs the first digits.
  rls_by_statsmodels: () => {
    const state = newRls(3, 1e9)
    return related.map((row) => {
      rlsStep(state, row.slice(0, 3), row[3]!)
      return [...state.weights]
    })
  },
}

const answers = ((): Readonly<Record<string, Numbers | Rows>> => {
  if ('missing' in found) return {}
  const { status, stdout, stderr } = spawnSync(found.python, [fileURLToPath(new URL('answers.py', import.meta.url))], { encoding: 'utf8', input: JSON.stringify({ ask: { ...questions, ...simulated } }), maxBuffer: 1e9 })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Readonly<Record<string, Numbers | Rows>>
})()

/** The largest difference, as a part of the number where that is above 1. */
const difference = (mine: Numbers | Rows, other: Numbers | Rows): number => {
  const [a, b] = [mine.flat(), other.flat() as readonly (number | null)[]]
  expect(a).toHaveLength(b.length)
  return Math.max(...a.map((value, i) => (value !== value && b[i] === null ? 0 : Math.abs(value - (b[i] ?? NaN)) / Math.max(1, Math.abs(value)))))
}

describe.skipIf('missing' in found)('known answers', () => {
  test.each((Object.keys(questions) as (keyof typeof questions)[]).filter((name) => name !== 'rls_by_statsmodels'))('%s: equal to 1e-9', (name) => {
    const largest = difference(ours[name](), answers[name]!)
    console.log(`${name}: ${answers[name]!.flat().length} numbers, the largest difference ${largest.toExponential(1)}`)
    expect(largest).toBeLessThan(1e-9)
  })

  test('rls_by_statsmodels: equal to 1e-6 from the tenth sample on, for its beginning is another', () => {
    const largest = difference(ours.rls_by_statsmodels().slice(10), answers['rls_by_statsmodels']!.slice(10))
    console.log(`rls_by_statsmodels: the largest difference ${largest.toExponential(1)}`)
    expect(largest).toBeLessThan(1e-6)
  })

  test.each([...shifts.map((shift, i) => ['ewma_run_lengths', ewmaChart, shift, i] as const), ['cusum_run_length', cusum, 0, 0] as const])('%s: simulated, as exactly as 400 runs can be', (name, detector, shift, i) => {
    const exact = (answers[name] as Numbers)[i]!
    const { mean, standardError } = runLength({ detector, params: { mean: 0, sigma: 1, ...simulated[name].params }, phi: 0, shift }, 400, i + 1)
    console.log(`${name}, shift ${shift}: ${exact.toPrecision(6)}, simulated ${mean.toPrecision(4)} +- ${standardError.toPrecision(2)}`)
    expect(Math.abs(mean - exact)).toBeLessThan(3.5 * standardError)
  })
})
