import { withUnit } from './detector.js'
import type { Detector } from './detector.js'
import { hampel } from './hampel.js'

interface State {
  /** The last five, how many samples there were, and how many of the latest might all be learned. */
  readonly five: number[]
  count: number
  clean: number
  /** Of the distances of values from the median of the five around them: the mean square, and of how many. */
  square: number
  learned: number
  /** The numbers of the samples at which the spikes within the window were found, and the last spike. */
  readonly at: number[]
  spike: number
}

const WARM_UP = 100
const MEMORY = 1000

/**
 * A sensor that gives single wild values: how many spikes were found within the last `window` samples, over the largest number that is still none (2, for 3).
 *
 * A spike is a value further from the median of the five around it than `limit` deviations: the larger of Hampel's (1.4826 times the median distance of the five, which alone is 0 too often and far too small by chance) and the root mean square of that distance over about the last 1000 samples, in which a spike counts as no more than the limit.
 * So a step or a ramp is none. It is found two samples later. Known once 100 distances are learned; none is learned of five samples of which one was judged only.
 *
 * @example
 * import { scoresOf, spikes } from 'motorwatch/detectors'
 * const noisy = Array.from({ length: 300 }, (_, i) => [i % 60 === 59 ? 30 : Math.sin(i * i)])
 * scoresOf(spikes, noisy).slice(-1) // [1.5]
 */
export const spikes: Detector<'limit' | 'count' | 'window', State> = {
  name: 'spikes',
  sees: 'single values that neither those before nor those after are like',
  misses: 'three wild values out of five and whatever lasts',
  falseAlarms: 'in 100 machine-weeks of 60,480 samples none on independent data and AR(1) with phi 0.7 and 0.9; a motor that starts three times within the window has three peaks of inrush',
  source: 'Hampel 1974; detection.md of the project',
  parameters: {
    limit: { default: 6, unit: 'sigma', min: 1, max: 1000, about: 'from the median of five' },
    count: { default: 3, unit: 'samples', min: 2, max: 1000, whole: true, about: 'that are spikes' },
    window: { default: 720, unit: 'samples', min: 5, max: 10_000, whole: true, about: 'looked back over' },
  },
  inputs: [1, 1],
  start: () => ({ five: [], count: 0, clean: 0, square: 0, learned: 0, at: [], spike: NaN }),
  next: (state, [x = NaN], _time, learn, { limit, count, window }) => {
    if (x !== x) return NaN
    const { five, at } = state
    state.count += 1
    state.clean = learn ? state.clean + 1 : 0
    five.push(x)
    if (five.length > 5) five.shift()
    if (five.length < 5) return NaN
    const { median, deviation } = hampel(five)
    const distance = Math.abs(five[2]! - median)
    const known = state.learned >= WARM_UP
    const most = limit * Math.sqrt(state.square)
    if (known && distance > Math.max(most, limit * deviation)) {
      at.push(state.count)
      state.spike = five[2]!
    }
    while (at.length > 0 && at[0]! <= state.count - window) at.shift()
    if (state.clean >= 5) {
      state.learned += 1
      const counted = known ? Math.min(distance, most) : distance
      state.square += (counted * counted - state.square) / Math.min(state.learned, MEMORY)
    }
    return known ? at.length / (count - 1) : NaN
  },
  why: ({ at, learned, square, spike }, { limit, count, window }, unit) => {
    if (learned < WARM_UP) return `learning: ${learned} of ${WARM_UP} samples`
    const found = `${at.length} spikes of more than ${withUnit(limit * Math.sqrt(square), unit)} in ${window} samples, where ${count} are too many`
    return at.length === 0 ? found : `${found}; the last: ${withUnit(spike, unit)}`
  },
}

