import type { Detector, ParametersOf } from './detector.js'
import { shown } from './detector.js'
import { fitPca, t2q } from './linear/pca.js'
import type { Pca } from './linear/pca.js'

type P = 'warmup' | 'window' | 'components' | 'limit'

interface State {
  /** The sums of the samples that make the next mean. */
  sums: number[]
  count: number
  /** The means of the warm-up, until the model is made of them. */
  rows: number[][]
  model: Pca | null
  /** Below which 99 % of the warm-up lay. */
  t2Limit: number
  qLimit: number
  t2: number
  q: number
  score: number
}

/**
 * Several sensors that no longer go together: a principal component model of their means. T2 (Hotelling) tells how far the sample lies along what they usually do together, Q (the squared prediction error) how far beside it. The score is the larger one, as a multiple of what 99 % of the warm-up lay below, divided by `limit`.
 *
 * The model is made of the first `warmup` means of `window` samples each, and frozen. Known after `warmup` * `window` samples; between two means the score stays. A sample with a value that is not known is passed over. A sample that is judged only (`learn` false) is not learned from.
 * Leave slow temperatures out: they lag behind the rest by half an hour.
 */
export const pcaT2Q: Detector<P, State> = {
  name: 'pcaT2Q',
  sees: 'sensors of one machine that part from each other, each of them within its own range',
  misses: 'what moves all of them together as a load does; a mode of running that was not in the warm-up looks new to it',
  falseAlarms: 'about one mean in 1,000 at limit 3, if the warm-up has seen every mode of running: use it with a delay',
  source: 'Hotelling (1947) for T2, Jackson and Mudholkar (1979) for Q; the limits are measured, not from a distribution',
  parameters: {
    warmup: { default: 400, unit: 'means', min: 20, max: 10_000, whole: true, about: 'that the model is made of' },
    window: { default: 10, unit: 'samples', min: 1, max: 1000, whole: true, about: 'of one mean' },
    components: { default: 3, unit: '1', min: 1, max: 20, whole: true, about: 'that are kept; at most one less than there are signals' },
    limit: { default: 3, unit: '1', min: 0.1, max: 1000, about: 'multiple of the 99 % limit' },
  },
  inputs: [2, 20],
  start: (_params, inputs) => ({ sums: new Array<number>(inputs).fill(0), count: 0, rows: [], model: null, t2Limit: NaN, qLimit: NaN, t2: NaN, q: NaN, score: NaN }),
  next: (state: State, values: readonly number[], _time: number, learn: boolean, { warmup, window, components, limit }: ParametersOf<P>): number => {
    if (values.some((value) => value !== value)) return NaN
    if (state.model === null && !learn) return NaN
    for (let i = 0; i < values.length; i++) state.sums[i]! += values[i]!
    state.count += 1
    if (state.count < window) return state.score
    const mean = state.sums.map((sum) => sum / window)
    state.sums.fill(0)
    state.count = 0
    if (state.model === null) {
      state.rows.push(mean)
      if (state.rows.length === warmup) learnModel(state, Math.min(components, values.length - 1))
      return NaN
    }
    ;[state.t2, state.q] = t2q(state.model, mean)
    state.score = Math.max(part(state.t2, state.t2Limit), part(state.q, state.qLimit)) / limit
    return state.score
  },
  why: ({ model, rows, t2, q, t2Limit, qLimit }, { warmup }) => {
    if (model === null || t2 !== t2) return `learning: ${model === null ? rows.length : warmup} of ${warmup} means`
    return part(q, qLimit) > part(t2, t2Limit)
      ? `the sensors do not go together: ${shown(part(q, qLimit))} times the distance that 99 % of the warm-up kept`
      : `together further out than ever: ${shown(part(t2, t2Limit))} times as far as 99 % of the warm-up`
  },
}

const part = (value: number, limit: number): number => (value === 0 ? 0 : value / limit)

function learnModel(state: State, components: number): void {
  const model = fitPca(state.rows, components)
  const found = state.rows.map((row) => t2q(model, row))
  state.model = model
  state.t2Limit = quantile99(found.map(([t2]) => t2))
  state.qLimit = quantile99(found.map(([, q]) => q))
  state.rows = []
}

const quantile99 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.ceil(0.99 * values.length) - 1]!
