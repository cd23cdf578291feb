import { parametersOf } from './detector.js'
import type { Detector, ParametersOf } from './detector.js'

/** The score of each sample, all of them learned; samples come `period` milliseconds apart, from 1970 on. */
export function scoresOf<P extends string, State>(detector: Detector<P, State>, samples: readonly (readonly number[])[], given: Partial<ParametersOf<P>> = {}, period = 10_000): readonly number[] {
  const params = parametersOf<P>(detector, given)
  const state = detector.start(params, samples[0]?.length ?? detector.inputs[0])
  return samples.map((values, i) => detector.next(state, values, i * period, true, params))
}
