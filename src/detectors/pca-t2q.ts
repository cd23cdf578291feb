import type { Detector } from './detector.js'
import { shown } from './detector.js'
import { addSample, newMoments } from './linear/moments.js'
import type { Moments } from './linear/moments.js'
import { fitPca, t2q } from './linear/pca.js'
import type { Pca } from './linear/pca.js'

type P = 'warmup' | 'window' | 'components' | 'limit'

interface State {
  /** The sums of the samples that make the next mean. */
  sums: number[]
  count: number
  /** Of the means that the model is made of. */
  moments: Moments
  model: Pca | null
  /** So many means have been measured by the model; the largest of each, in rising order: the first is what 99 % lie at or below. */
  measured: number
  readonly t2Most: number[]
  readonly qMost: number[]
  t2: number
  q: number
  score: number
}

/**
 * Several sensors that no longer go together: a principal component model of their means. T2 (Hotelling) tells how far the sample lies along what they usually do together, Q (the squared prediction error) how far beside it. The score is the larger one, as a multiple of what 99 % of the warm-up lay below, divided by `limit`.
 *
 * The model is made of the first half of `warmup` means of `window` samples each, and frozen; the other half tells how far it is off when all is well. Known after `warmup` * `window` samples; between two means the score stays. A sample with a value that is not known is passed over. A sample that is judged only (`learn` false) is not learned from.
 * Leave slow temperatures out: they lag behind the rest by half an hour.
 *
 * @example
 * import { pcaT2Q, scoresOf } from 'motorwatch/detectors'
 * const well = Array.from({ length: 100 }, (_, i) => [Math.sin(i), 2 * Math.sin(i) + 0.1 * Math.cos(7 * i)])
 * scoresOf(pcaT2Q, [...well, [1, 2], [1, -2]], { warmup: 60, window: 1, components: 1 }).slice(-2).map((score) => score > 1) // [false, true]
 */
export const pcaT2Q: Detector<P, State> = {
  name: 'pcaT2Q',
  sees: 'sensors of one machine that part from each other, each of them within its own range',
  misses: 'what moves all of them together as a load does; a mode of running that was not in the warm-up looks new to it',
  falseAlarms: 'not measured yet; few at best if the warm-up has seen every mode of running: use it with a delay',
  source: 'Hotelling (1947) for T2, Jackson and Mudholkar (1979) for Q; the limits are measured, not from a distribution',
  parameters: {
    warmup: { default: 400, unit: 'means', min: 20, max: 10_000, whole: true, about: 'that the model is made of' },
    window: { default: 10, unit: 'samples', min: 1, max: 1000, whole: true, about: 'of one mean' },
    components: { default: 3, unit: '1', min: 1, max: 20, whole: true, about: 'that are kept; at most one less than there are signals' },
    limit: { default: 3, unit: '1', min: 0.1, max: 1000, about: 'multiple of the 99 % limit' },
  },
  inputs: [2, 20],
  start: (_params, inputs) => ({ sums: new Array<number>(inputs).fill(0), count: 0, moments: newMoments(inputs), model: null, measured: 0, t2Most: [], qMost: [], t2: NaN, q: NaN, score: NaN }),
  next: (state, values, _time, learn, { warmup, window, components, limit }) => {
    if (values.some((value) => value !== value)) return NaN
    const half = Math.ceil(warmup / 2)
    if (state.measured < half && !learn) return NaN
    for (let i = 0; i < values.length; i++) state.sums[i]! += values[i]!
    state.count += 1
    if (state.count < window) return state.score
    const mean = state.sums.map((sum) => sum / window)
    state.sums.fill(0)
    state.count = 0
    if (state.model === null) {
      addSample(state.moments, mean)
      if (state.moments.count === half) state.model = fitPca(state.moments, Math.min(components, values.length - 1))
      return NaN
    }
    ;[state.t2, state.q] = t2q(state.model, mean)
    if (state.measured < half) {
      state.measured += 1
      keepMost(state.t2Most, state.t2, half)
      keepMost(state.qMost, state.q, half)
      return NaN
    }
    state.score = Math.max(part(state.t2, state.t2Most), part(state.q, state.qMost)) / limit
    return state.score
  },
  why: ({ moments, measured, score, t2, q, t2Most, qMost }, { warmup }) => {
    if (score !== score) return `learning: ${moments.count + measured} of ${warmup} means`
    return part(q, qMost) > part(t2, t2Most)
      ? `the sensors do not go together: ${shown(part(q, qMost))} times the distance that 99 % of the warm-up kept`
      : `together ${shown(part(t2, t2Most))} times as far out as 99 % of the warm-up`
  },
}

const part = (value: number, [limit = NaN]: readonly number[]): number => (value === 0 ? 0 : value / limit)

/** Keeps of `count` values those at and above the 99 % quantile. */
function keepMost(most: number[], value: number, count: number): void {
  const room = count - Math.ceil(0.99 * count) + 1
  if (most.length === room && value <= most[0]!) return
  most.push(value)
  most.sort((a, b) => a - b)
  if (most.length > room) most.shift()
}
