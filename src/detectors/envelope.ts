import type { Detector } from './detector.js'
import { withUnit } from './detector.js'

/** What an envelope is: where the values were, a slow mean towards which it shrinks, and how many it has seen. */
export interface Envelope {
  low: number
  high: number
  mean: number
  count: number
}

/** So many samples are learned before a score is known. */
export const ENVELOPE_WARM_UP = 100

export const newEnvelope = (): Envelope => ({ low: NaN, high: NaN, mean: NaN, count: 0 })

/** How far `x` lies outside, as a fraction of the width; 0 inside; NaN before the warm-up is over. Infinity: outside of what has never moved. */
export function outsideOf({ low, high, count }: Envelope, x: number): number {
  if (count < ENVELOPE_WARM_UP) return NaN
  const beyond = Math.max(0, x - high, low - x)
  return beyond === 0 ? 0 : beyond / (high - low)
}

/** Shrinks it by `decay`, then extends it to `x`. */
export function extend(of: Envelope, x: number, decay: number): void {
  if (of.count === 0) {
    of.low = of.high = of.mean = x
  } else {
    of.mean += Math.max(0.001, 1 / (of.count + 1)) * (x - of.mean)
    of.high = Math.max(x, of.mean + decay * (of.high - of.mean))
    of.low = Math.min(x, of.mean + decay * (of.low - of.mean))
  }
  of.count += 1
}

interface State {
  readonly of: Envelope
  x: number
  low: number
  high: number
}

/**
 * One value outside of all that was seen before: a span from the least to the largest value, which shrinks slowly towards the mean. The score is how far outside, as a fraction of the span, divided by `tau`.
 *
 * It sees what was never seen; it misses what grows slowly (each step extends the span) and what is wrong within the span. A sample that is judged only (`learn` false) extends nothing.
 * Known after 100 samples. A constant signal that moves for the first time scores Infinity.
 *
 * @example
 * import { envelope, scoresOf } from 'motorwatch/detectors'
 * const seen = Array.from({ length: 100 }, (_, i) => [i % 2])
 * scoresOf(envelope, [...seen, [1], [1.5]], { decay: 1, tau: 0.1 }).slice(-2) // [0, 5]
 */
export const envelope: Detector<'decay' | 'tau' | 'absorb', State> = {
  name: 'envelope',
  sees: 'a value outside of all seen so far',
  misses: 'slow wear, whatever is wrong within the span seen',
  falseAlarms: 'records on new data: ever more seldom with decay 1, about 1 in 2,300 samples of noise with decay 0.9999',
  source: 'detection.md of the project: trials on public benchmarks',
  parameters: {
    decay: { default: 0.9999, unit: '1', min: 0.9, max: 1, about: 'of the span a sample; 1 never forgets' },
    tau: { default: 0.08, unit: 'of the span', min: 0.001, max: 10, about: 'how far outside is an alarm' },
    absorb: { default: 1, unit: '1', min: 0, max: 1, whole: true, about: '1: what was outside is usual from then on; 0: nothing is learned from what alarms' },
  },
  inputs: [1, 1],
  start: () => ({ of: newEnvelope(), x: NaN, low: NaN, high: NaN }),
  next: (state, [x = NaN], _time, learn, { decay, tau, absorb }) => {
    if (x !== x) return NaN
    const score = outsideOf(state.of, x) / tau
    state.x = x
    state.low = state.of.low
    state.high = state.of.high
    if (learn && (absorb === 1 || !(score > 1))) extend(state.of, x, decay)
    return score
  },
  why: ({ x, low, high, of }, _params, unit) => {
    if (of.count < ENVELOPE_WARM_UP) return `learning: ${of.count} of ${ENVELOPE_WARM_UP} samples`
    const side = x > high ? `never above ${withUnit(high, unit)}` : x < low ? `never below ${withUnit(low, unit)}` : `within ${withUnit(low, '')} to ${withUnit(high, unit)}`
    return `${withUnit(x, unit)}, ${side} in ${of.count} samples`
  },
}
