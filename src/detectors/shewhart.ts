import { shown, withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { ago, last, take } from './ring.js'
import type { Last } from './ring.js'
import { deviationOf, inDeviations, newSpread, referenceParameters, see } from './spread.js'
import type { Spread } from './spread.js'

interface State {
  readonly x: Spread
  /** The last samples, in deviations from the mean. */
  readonly z: Last
  /** How many of the last samples lie on one side, go one way, alternate, are within one sigma, are not. */
  side: number
  trend: number
  alternating: number
  within: number
  outside: number
  /** The last sample, and the rule that came nearest to firing. */
  value: number
  rule: 'limit' | Rule
}

/** The zones of the rules need five. */
const ZONE = 5

/**
 * Shewhart's chart of single values, with rules: `rules` 1 is the limit alone, `row` samples in a row beyond it on one side; 2 adds those of Western Electric, 3 those of Nelson to them.
 *
 * Western Electric: 2 of 3 beyond 2 sigma, 4 of 5 beyond 1 (each on one side), 8 on one side. Nelson: 6 in a trend, 14 alternating, 15 within 1 sigma, 8 beyond 1 on either side.
 * The score of a count is the count over the largest that is still none (7 of 8: 1), that of a zone the distance of the sample that decides over the zone's.
 * The reference is learned in the warm-up and then stays, unless `sigma` is above 0. Runs and trends are rare of independent samples only: on autocorrelated data leave `rules` at 1.
 *
 * @example
 * import { scoresOf, shewhart } from 'motorwatch/detectors'
 * scoresOf(shewhart, [[0], [2.5], [2.5]], { mean: 0, sigma: 1, limit: 5, rules: 2 }) // [0, 0.5, 1.25]
 */
export const shewhart: Detector<'limit' | 'row' | 'rules' | 'warmup' | 'mean' | 'sigma', State> = {
  name: 'shewhart',
  sees: 'a value far out; with rules 2 and 3 patterns in the last 15',
  misses: 'small lasting changes: one of 1 sigma takes 2000 samples',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples 126 on independent data, on AR(1) 135 with phi 0.7 and 200 with phi 0.9: about one a week, as the limit 4.31 says; with rules 2 and limit 3, one in 92 independent samples',
  source: 'Shewhart 1931; Western Electric 1956; Nelson 1984; standards.md of the project',
  parameters: {
    limit: { default: 4.31, unit: 'sigma', min: 0.1, max: 1000, about: 'from the mean; the books have 3' },
    row: { default: 1, unit: 'samples', min: 1, max: 100, whole: true, about: 'in a row beyond the limit, on one side' },
    rules: { default: 1, unit: '1', min: 1, max: 3, whole: true, about: '1: the limit alone, 2: and those of Western Electric, 3: and those of Nelson' },
    ...referenceParameters,
  },
  inputs: [1, 1],
  start: ({ mean, sigma, warmup, row }) => ({
    x: sigma > 0 ? { count: warmup, mean, squares: sigma * sigma * (warmup - 1) } : newSpread(),
    z: last(Math.max(ZONE, row)), side: 0, trend: 0, alternating: 0, within: 0, outside: 0, value: NaN, rule: 'limit',
  }),
  next: (state, [x = NaN], _time, learn, { limit, row, rules, warmup }) => {
    if (x !== x) return NaN
    if (state.x.count < warmup) {
      if (learn) see(state.x, x)
      return NaN
    }
    const z = inDeviations(x - state.x.mean, deviationOf(state.x))
    if (rules > 1) count(state, z)
    take(state.z, z)
    state.value = x
    let score = beyond(state.z, row, row) / limit
    state.rule = 'limit'
    if (rules === 1) return score
    for (const rule of rules === 2 ? westernElectric : nelson) {
      const other = scoreOf(state, rule)
      if (other <= score) continue
      score = other
      state.rule = rule
    }
    return score
  },
  why: (state, { limit, row, warmup }, unit) => {
    const { x, z, value, rule } = state
    if (x.count < warmup) return `learning: ${x.count} of ${warmup} samples`
    if (z.count === 0) return 'no sample yet'
    const off = ago(z, 0)
    const ruled = rule === 'limit' ? `${row === 1 ? '' : `${row} in a row, `}limit ${shown(limit)}` : rule in runs ? `${rule}: ${runOf(state, rule as keyof typeof runs)}` : rule
    return `${withUnit(value, unit)} is ${shown(Math.abs(off))} sigma ${off < 0 ? 'below' : 'above'} ${withUnit(x.mean, unit)}; ${ruled}`
  },
}

/** How many in a row are a rule, and what counts them. */
const runs = {
  '8 on one side': [8, 'side'],
  '6 in a trend': [6, 'trend'],
  '14 alternating': [14, 'alternating'],
  '15 within 1 sigma': [15, 'within'],
  '8 beyond 1 sigma': [8, 'outside'],
} as const

const zones = { '2 of 3 beyond 2 sigma': [2, 3, 2], '4 of 5 beyond 1 sigma': [4, 5, 1] } as const

type Rule = keyof typeof runs | keyof typeof zones

const westernElectric: readonly Rule[] = ['2 of 3 beyond 2 sigma', '4 of 5 beyond 1 sigma', '8 on one side']
const nelson: readonly Rule[] = [...westernElectric, '6 in a trend', '14 alternating', '15 within 1 sigma', '8 beyond 1 sigma']

const runOf = (state: State, rule: keyof typeof runs): number => Math.abs(state[runs[rule][1]])

function scoreOf(state: State, rule: Rule): number {
  if (rule in runs) return runOf(state, rule as keyof typeof runs) / (runs[rule as keyof typeof runs][0] - 1)
  const [some, of, zone] = zones[rule as keyof typeof zones]
  return beyond(state.z, some, of) / zone
}

/** How far out, on one side, at least `some` of the last `of` are; 0 where they are not on one side. */
function beyond(z: Last, some: number, of: number): number {
  if (some === of) return allBeyond(z, of)
  const recent: number[] = []
  for (let back = 0; back < Math.min(of, z.count); back++) recent.push(ago(z, back))
  if (recent.length < some) return 0
  recent.sort((a, b) => a - b)
  return Math.max(0, recent[recent.length - some]!, -recent[some - 1]!)
}

function allBeyond(z: Last, of: number): number {
  const side = Math.sign(ago(z, 0))
  let least = Math.abs(ago(z, 0))
  for (let back = 1; back < of && least > 0; back++) least = back < z.count ? Math.min(least, side * ago(z, back)) : 0
  return Math.max(0, least)
}

function count(state: State, z: number): void {
  const before = ago(state.z, 0)
  const step = Math.sign(z - before)
  const turned = step * Math.sign(before - ago(state.z, 1)) < 0
  state.side = longer(state.side, Math.sign(z), 1)
  state.alternating = turned ? state.alternating + 1 : step === 0 || step !== step ? 1 : 2
  state.trend = longer(state.trend, step === step ? step : 0, 2)
  state.within = Math.abs(z) < 1 ? state.within + 1 : 0
  state.outside = Math.abs(z) > 1 ? state.outside + 1 : 0
}

/** A run, its direction its sign, and one more: of the other direction, it begins with `first`. */
const longer = (run: number, direction: number, first: number): number => (run * direction > 0 ? run + direction : first * direction)
