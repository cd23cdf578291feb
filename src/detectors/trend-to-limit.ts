import { withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { quantileOf } from './median.js'
import { ago, last, take } from './ring.js'
import type { Last } from './ring.js'

interface State {
  /** The mean of so many samples is a point; when and how it was. */
  readonly times: Last
  readonly points: Last
  samples: number
  time: number
  sum: number
  limit: number
  score: number
  /** Milliseconds from the last point on, at the soonest and at the latest; Infinity: never. */
  soonest: number
  latest: number
}

/**
 * When a signal will reach its limit if it goes on as it does, and the wanted `lead` over that time. Two inputs: the signal and its limit, an upper one unless `lower` is 1. Beyond the limit the score is Infinity.
 *
 * The trend is by Theil's incomplete method: the slopes between points half a window apart, a point being the mean of `every` samples. The time to the limit is a range, by the slopes at `part` and at 1 - `part` of them, from the median level at the last point.
 * The score goes by the *latest* time of the range, and is 0 where that is never: so noise without a trend, which has slopes of both signs, is no alarm however near the limit is. It changes with each point, and is known once the window is full.
 * It has no reference beside the window it looks back over. The time of a point grows with the window.
 *
 * @example
 * import { scoresOf, trendToLimit } from 'motorwatch/detectors'
 * const rising = Array.from({ length: 20 }, (_, i) => [i, 29])
 * scoresOf(trendToLimit, rising, { every: 1, window: 20, lead: 20_000 }, 10_000).slice(-1) // [0.2]
 */
export const trendToLimit: Detector<'every' | 'window' | 'lead' | 'part' | 'lower', State> = {
  name: 'trendToLimit',
  sees: 'a steady way towards the limit, and when it will be there',
  misses: 'steps, what is quicker than half the window; what speeds up comes sooner than it says',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples none on independent data and AR(1) with phi 0.7 and 0.9, 4 sigma below the limit; a daily course is a trend for half a day',
  source: 'Theil 1950',
  parameters: {
    every: { default: 60, unit: 'samples', min: 1, max: 100_000, whole: true, about: 'whose mean is a point' },
    window: { default: 144, unit: '1', min: 8, max: 2000, whole: true, about: 'points looked back over' },
    lead: { default: 7 * 86_400_000, unit: 'ms', min: 1, max: 1e12, about: 'wanted before the limit is reached' },
    part: { default: 0.2, unit: '1', min: 0, max: 0.5, about: 'of the slopes on either side of the range' },
    lower: { default: 0, unit: '1', min: 0, max: 1, whole: true, about: '1: the limit is a lower one' },
  },
  inputs: [2, 2],
  start: ({ window }) => ({ times: last(window), points: last(window), samples: 0, time: 0, sum: 0, limit: NaN, score: NaN, soonest: NaN, latest: NaN }),
  next: (state, [x = NaN, limit = NaN], time, _learn, { every, window, lead, part, lower }) => {
    if (x !== x || limit !== limit) return NaN
    state.samples += 1
    state.time += (time - state.time) / state.samples
    state.sum += x
    state.limit = limit
    if (state.samples < every) return state.score
    take(state.times, state.time)
    take(state.points, state.sum / every)
    state.samples = state.time = state.sum = 0
    if (state.points.count < window) return NaN
    look(state, window, part, lower === 1 ? -1 : 1)
    state.score = state.latest === 0 ? Infinity : lead / state.latest
    return state.score
  },
  why: ({ points, limit, soonest, latest }, { window }, unit) => {
    if (soonest !== soonest) return `learning: ${points.count} of ${window} points`
    if (latest === 0) return `the limit ${withUnit(limit, unit)} is reached`
    const end = `the limit ${withUnit(limit, unit)}`
    if (soonest === Infinity) return `no way towards ${end}`
    if (latest === Infinity) return `${end} in ${inWords(soonest)} at the soonest, or never`
    return `${end} in ${inWords(soonest)} to ${inWords(latest)}`
  },
}

/** Sets the range; `up` is -1 where the limit lies below. */
function look(state: State, window: number, part: number, up: number): void {
  const { times, points } = state
  const half = window >> 1
  const slopes: number[] = []
  for (let back = 0; back + half < window; back++) slopes.push((up * (ago(points, back) - ago(points, back + half))) / (ago(times, back) - ago(times, back + half)))
  const slope = quantileOf(slopes, 0.5)
  const now = ago(times, 0)
  const levels: number[] = []
  for (let back = 0; back < window; back++) levels.push(up * ago(points, back) + slope * (now - ago(times, back)))
  const left = Math.max(0, up * state.limit - quantileOf(levels, 0.5))
  const reached = (rate: number): number => (left === 0 ? 0 : rate > 0 ? left / rate : Infinity)
  state.latest = reached(quantileOf(slopes, part))
  state.soonest = reached(quantileOf(slopes, 1 - part))
}

const inWords = (ms: number): string => {
  const [size, name] = ms < 5_400_000 ? [60_000, 'minutes'] : ms < 172_800_000 ? [3_600_000, 'hours'] : [86_400_000, 'days']
  return withUnit(ms / size, name)
}
