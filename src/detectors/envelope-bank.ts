import type { Detector } from './detector.js'
import { withUnit } from './detector.js'
import { ENVELOPE_WARM_UP, extend, newEnvelope, outsideOf } from './envelope.js'
import type { Envelope } from './envelope.js'
import { deviationOf, meanOf, move, moving, renew } from './moving.js'
import type { Moving } from './moving.js'
import { ago } from './ring.js'

const MEANS = [1, 4, 16, 64] as const
const LAGS = [1, 6, 24, 72] as const
const DEVIATIONS = [12, 48, 144] as const
const WINDOWS = [...MEANS, ...DEVIATIONS]
const LONGEST = Math.max(...WINDOWS, ...LAGS)
const HOUR = 3_600_000
const HOURS_A_WEEK = 168

type Kind = 'mean' | 'difference' | 'spread' | 'season'

/** What is looked at, and of how many samples it is made, in the order of the envelopes. */
const FEATURES: readonly { readonly kind: Kind; readonly of: number; readonly words: string }[] = [
  ...MEANS.map((n) => ({ kind: 'mean', of: n, words: n === 1 ? 'value' : `mean over ${n} samples` }) as const),
  ...LAGS.map((lag) => ({ kind: 'difference', of: lag + 1, words: `change over ${lag} ${lag === 1 ? 'sample' : 'samples'}` }) as const),
  ...DEVIATIONS.map((n) => ({ kind: 'spread', of: n, words: `spread over ${n} samples` }) as const),
  { kind: 'season', of: 1, words: 'distance from what is usual at this hour of the week' },
  { kind: 'season', of: 6, words: 'mean distance over 6 samples from what is usual at this hour of the week' },
]

/** With so many learned samples in a row, something is made of learned ones alone. */
const MADE_OF = new Set(FEATURES.map(({ of }) => of))

interface State {
  readonly values: Moving
  readonly envelopes: Envelope[]
  /** What is usual at each hour of the week, and how many samples it is made of. */
  readonly usual: number[]
  readonly usualOf: number[]
  readonly residuals: Moving
  readonly features: number[]
  /** The feature that is furthest outside, its value, and what it lies outside of. */
  worst: number
  low: number
  high: number
  seen: number
  /** So many of the latest samples were learned. */
  clean: number
}

/**
 * What was never seen before in any of thirteen features of a signal: its means over 1, 4, 16 and 64 samples, its change over 1, 6, 24 and 72, its spread over 12, 48 and 144, and how far it is from what is usual at this hour of the week. Each has an envelope; the score is the largest distance from one, as a fraction of its span, divided by `tau`, and `why` names the feature. Of what is made of a sample that was judged only (`learn` false) nothing is learned.
 *
 * @example
 * import { envelopeBank, scoresOf } from 'motorwatch/detectors'
 * const well = Array.from({ length: 600 }, (_, i) => [20 + (i % 2)])
 * scoresOf(envelopeBank, [...well, [20], [25]]).slice(-2).map((score) => score > 1) // [false, true]
 */
export const envelopeBank: Detector<'decay' | 'tau' | 'young' | 'absorb', State> = {
  name: 'envelopeBank',
  sees: 'values, levels, jumps, ramps, bursts and calms that were never seen, and what is unusual for the hour',
  misses: 'wear so slow that each sample is within reach of the one before',
  falseAlarms: 'in 20 machine-weeks of 60,480 samples 25 a week on independent data, 22 on AR(1) with phi 0.7, 21 with phi 0.9: records of thirteen features',
  source: 'detection.md of the project: trials on public benchmarks',
  parameters: {
    decay: { default: 1, unit: '1', min: 0.9, max: 1, about: 'of the spans a sample; 1 never forgets' },
    tau: { default: 0.04, unit: 'of the span', min: 0.001, max: 10, about: 'how far outside is an alarm' },
    absorb: { default: 1, unit: '1', min: 0, max: 1, whole: true, about: '1: what was outside is usual from then on; 0: nothing is learned from what alarms' },
    young: { default: 500, unit: 'samples', min: 0, max: 100_000, whole: true, about: 'the limit of an envelope of n samples is 1 + young / n times as wide: records are frequent while they are few' },
  },
  inputs: [1, 1],
  start: () => ({
    values: moving(WINDOWS, LONGEST),
    envelopes: FEATURES.map(newEnvelope),
    usual: new Array<number>(HOURS_A_WEEK).fill(NaN),
    usualOf: new Array<number>(HOURS_A_WEEK).fill(0),
    residuals: moving([6], 6),
    features: FEATURES.map(() => NaN),
    worst: -1,
    low: NaN,
    high: NaN,
    seen: 0,
    clean: 0,
  }),
  next: (state, [x = NaN], time, learn, { decay, tau, young, absorb }) => {
    if (x !== x) return NaN
    look(state, x, time)
    let score = NaN
    state.worst = -1
    for (let i = 0; i < FEATURES.length; i++) {
      const feature = state.features[i]!
      if (feature !== feature) continue
      const envelope = state.envelopes[i]!
      const outside = outsideOf(envelope, feature) / (1 + young / envelope.count)
      if (outside === outside && !(outside <= score)) {
        score = outside
        state.worst = i
        state.low = envelope.low
        state.high = envelope.high
        state.seen = envelope.count
      }
    }
    state.clean = learn && (absorb === 1 || !(score > tau)) ? state.clean + 1 : 0
    if (state.clean > 0) learnFrom(state, x, time, decay)
    return score / tau
  },
  why: ({ worst, features, low, high, seen, values }, _params, unit) => {
    if (worst < 0) return `learning: ${Math.min(values.values.count, ENVELOPE_WARM_UP)} of ${ENVELOPE_WARM_UP} samples`
    const { kind, words } = FEATURES[worst]!
    const readable = (value: number): number => (kind === 'spread' ? Math.exp(value) : value)
    const [now, least, most] = [readable(features[worst]!), readable(low), readable(high)]
    const side = now > most ? `never above ${withUnit(most, unit)}` : now < least ? `never below ${withUnit(least, unit)}` : `as before, ${withUnit(least, '')} to ${withUnit(most, unit)}`
    return `${words} ${withUnit(now, unit)}, ${side} in ${seen} samples`
  },
}

/** Takes a sample and brings the features up to it. */
function look({ values, residuals, features, usual, clean }: State, x: number, time: number): void {
  move(values, WINDOWS, x)
  if (MADE_OF.has(clean + 1)) renew(values, WINDOWS, x)
  let at = 0
  for (let i = 0; i < MEANS.length; i++) features[at++] = meanOf(values, WINDOWS, i)
  for (const lag of LAGS) features[at++] = x - ago(values.values, lag)
  for (let i = MEANS.length; i < WINDOWS.length; i++) features[at++] = Math.log(deviationOf(values, WINDOWS, i) + 1e-3 * Math.abs(meanOf(values, WINDOWS, i)) + 1e-9)
  const hour = hourOf(time)
  const residual = usual[hour] === usual[hour] ? x - usual[hour]! : 0
  move(residuals, [6], residual)
  if (clean + 1 === 6) renew(residuals, [6], residual)
  features[at++] = residual
  features[at] = meanOf(residuals, [6], 0)
}

const hourOf = (time: number): number => Math.floor(time / HOUR) % HOURS_A_WEEK

function learnFrom({ envelopes, features, usual, usualOf, clean, values }: State, x: number, time: number, decay: number): void {
  for (let i = 0; i < FEATURES.length; i++) if (features[i] === features[i] && clean >= Math.min(FEATURES[i]!.of, values.values.count)) extend(envelopes[i]!, features[i]!, decay)
  const hour = hourOf(time)
  usual[hour] = usual[hour] === usual[hour] ? usual[hour]! + Math.max(0.3, 1 / (usualOf[hour]! + 1)) * (x - usual[hour]!) : x
  usualOf[hour]! += 1
}
