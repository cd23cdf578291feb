import { parametersOf } from '../../src/detectors/index.js'
import type { Detector } from '../../src/detectors/index.js'
import { autoregressive } from './gaussian.js'

export interface Case {
  readonly detector: Detector
  readonly params: Readonly<Record<string, number>>
  /** Of the samples, autoregressive of order 1. */
  readonly phi: number
  /** Of the mean, in deviations. */
  readonly shift: number
  /** Samples before the shift; runs that alarm in them are not counted. 0: the zero state. */
  readonly before?: number
}

export interface RunLength {
  readonly mean: number
  readonly standardError: number
  readonly runs: number
}

/** The mean number of samples from the shift on until the score is above 1, the sample that is above it included. */
export function runLength({ detector, params: given, phi, shift, before = 0 }: Case, runs: number, seed: number): RunLength {
  const params = parametersOf(detector, given)
  const next = autoregressive(phi, seed)
  let [sum, squares, counted] = [0, 0, 0]
  const values = [0]
  run: while (counted < runs) {
    // The next run's samples are to hang on none of this one's.
    if (phi > 0) for (let i = 0; i < 50; i++) next()
    const state = detector.start(params, 1)
    for (let i = 0; i < before; i++) {
      values[0] = next()
      if (detector.next(state, values, i, true, params) > 1) continue run
    }
    for (let length = 1; ; length++) {
      values[0] = next() + shift
      if (!(detector.next(state, values, length, true, params) > 1)) continue
      sum += length
      squares += length * length
      counted += 1
      break
    }
  }
  const mean = sum / runs
  return { mean, standardError: Math.sqrt((squares / runs - mean * mean) / (runs - 1)), runs }
}
