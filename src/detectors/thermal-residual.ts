import type { Detector } from './detector.js'
import { shown } from './detector.js'
import { newRls, rlsStep } from './linear/rls.js'
import type { Rls } from './linear/rls.js'
import { deviationOf, newSpread, see } from './spread.js'
import type { Spread } from './spread.js'

type P = 'fit' | 'calibrate' | 'lambda' | 'limit' | 'floor' | 'part'

interface State {
  readonly model: Rls
  /** So many steps have been learned. */
  fitted: number
  /** Of the sample before; NaN: there was none. */
  winding: number
  ambient: number
  heat: number
  /** It did the same in the sample before that. */
  settled: boolean
  /** What the model says the winding is at. */
  expected: number
  smooth: number
  readonly residuals: Spread
}

/** How fast it cools without its fan, as a part of how fast it does with it, where it never stood still while it learned: 30 against 75 minutes. */
const STANDS = 0.4

/** Below this square of a tenth of the rated current it stands still. */
const RUNS = 0.01

/**
 * A winding that is not as hot as its current explains: blocked cooling, a winding fault, or a sensor that drifts.
 * Three signals: the winding's temperature and that of its surroundings (degC), and the square of the current as a part of the rated one, `product(load, load)`: it is the mean of the square that heats.
 *
 * A thermal model of first order, dT = a1 (Ta - T) while it runs, a2 (Ta - T) while it stands, + b (I / In)^2 a sample, is fitted by recursive least squares to the first `fit` samples, those around a start or a stop aside. Then it runs free: it is told the ambient and the current, and never the temperature.
 * What it is off by is smoothed and, over `calibrate` further samples, its own mean and deviation are measured. From there on the score is the distance from that mean in those deviations, divided by `limit`.
 *
 * After a gap (a sample that is not known) the model starts again from the measured temperature, and forgets what it was off by. So does a sample that is judged only (`learn` false), until all is learned.
 * A sample a minute is meant; the coefficients are of that period.
 *
 * @example
 * import { thermalResidual, scoresOf } from 'motorwatch/detectors'
 * // two hours of work at 0.8 times the rated current, one of rest, and so on; then the same with half of the cooling
 * const heat = Array.from({ length: 720 }, (_, i) => (i % 180 < 120 ? 0.64 : 0))
 * let winding = 20
 * const day = (cooling: number) => heat.map((square) => [(winding += cooling * (20 - winding) + 2.4 * square), 20, square])
 * scoresOf(thermalResidual, [...day(0.03), ...day(0.015)], { fit: 360, calibrate: 180 }).filter((_, i) => i === 719 || i === 1000).map((score) => score > 1) // [false, true]
 */
export const thermalResidual: Detector<P, State> = {
  name: 'thermalResidual',
  sees: 'blocked cooling, growing losses, and drift or bias of the winding, ambient or current sensor',
  misses: 'what heats no more than a few kelvin; a motor that never ran while it learned',
  falseAlarms: 'not measured by itself; on simulated motors see the scoreboard',
  source: 'first-order thermal model as in IEC 60255-149; detection.md of the project',
  parameters: {
    fit: { default: 4320, unit: 'samples', min: 60, max: 1_000_000, whole: true, about: 'to which the model is fitted: three days of minutes' },
    calibrate: { default: 1440, unit: 'samples', min: 10, max: 1_000_000, whole: true, about: 'over which it is measured how far the free model is off: a day of minutes' },
    lambda: { default: 0.05, unit: '1', min: 0.001, max: 1, about: 'the weight of a residual in the smoothed one' },
    limit: { default: 8, unit: 'sigma', min: 0.1, max: 1000, about: 'of the smoothed residual, as measured' },
    floor: { default: 0.35, unit: 'K', min: 0, max: 100, about: 'the least sigma' },
    part: { default: 0.012, unit: 'of the rise', min: 0, max: 1, about: 'the least sigma as a part of the rise that the model expects: it was fitted to other loads' },
  },
  inputs: [3, 3],
  start: () => ({ model: newRls(3, 1e4), fitted: 0, winding: NaN, ambient: NaN, heat: NaN, settled: false, expected: NaN, smooth: NaN, residuals: newSpread() }),
  next: (state, values, _time, learn, { fit, calibrate, lambda, limit, floor, part }) => {
    const [winding = NaN, ambient = NaN, heat = NaN] = values
    const known = winding + ambient + heat === winding + ambient + heat
    if (!known || (!learn && state.residuals.count < calibrate)) {
      state.expected = state.smooth = state.winding = state.ambient = state.heat = NaN
      state.settled = false
      return NaN
    }
    const off = step(state, winding, heat, fit, calibrate, lambda)
    const score = off / Math.max(deviationOf(state.residuals), floor, part * (state.expected - ambient)) / limit
    state.winding = winding
    state.ambient = ambient
    state.heat = heat
    return score
  },
  why: ({ fitted, smooth, winding, expected, residuals }, { fit, calibrate }) => {
    if (fitted < fit) return `learning: ${fitted} of ${fit} samples`
    if (residuals.count < calibrate || smooth !== smooth) return `calibrating: ${residuals.count} of ${calibrate} samples`
    const off = smooth - residuals.mean
    return `winding ${shown(winding)} degC, ${shown(expected + residuals.mean)} explained by current and ambient: ${shown(Math.abs(off))} K ${off > 0 ? 'hotter' : 'colder'} (smoothed)`
  },
}

/** How far the smoothed residual lies from its mean, K; NaN while that is not known. */
function step(state: State, winding: number, next: number, fit: number, calibrate: number, lambda: number): number {
  if (state.winding !== state.winding) {
    state.expected = winding
    return NaN
  }
  const { heat } = state
  const runs = heat > RUNS ? 1 : 0
  if (state.fitted < fit) {
    const same = runs === (next > RUNS ? 1 : 0)
    const settled = state.settled
    state.settled = same
    if (same && settled) {
      const away = state.ambient - state.winding
      rlsStep(state.model, [runs * away, (1 - runs) * away, heat], winding - state.winding)
      state.fitted += 1
    }
    state.expected = winding
    return NaN
  }
  const [running = 0, standing = 0, gain = 0] = state.model.weights
  state.expected += (runs === 1 ? running : standing > 0 ? standing : STANDS * running) * (state.ambient - state.expected) + gain * heat
  const residual = winding - state.expected
  state.smooth = state.smooth !== state.smooth ? residual : state.smooth + lambda * (residual - state.smooth)
  if (state.residuals.count < calibrate) {
    see(state.residuals, state.smooth)
    return NaN
  }
  return Math.abs(state.smooth - state.residuals.mean)
}
