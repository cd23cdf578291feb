import { withUnit } from './detector.js'
import type { Detector } from './detector.js'

interface State {
  x: number
  run: number
}

/**
 * A sensor that gives one value again and again: how many of the last samples are the same, over the largest number that is still none (29, for 30).
 *
 * It has no reference, and so learns nothing; samples that are missing are passed over. Known from the first sample on.
 *
 * @example
 * import { scoresOf, stuck } from 'motorwatch/detectors'
 * scoresOf(stuck, [[7], [8], [8], [8]], { count: 3 }) // [0.5, 0.5, 1, 1.5]
 */
export const stuck: Detector<'count', State> = {
  name: 'stuck',
  sees: 'a value that does not change at all',
  misses: 'a sensor that is stuck and noisy',
  falseAlarms: 'none where the deviation is a digit of the sensor or more (30 equal ones of independent samples: below 1 in 10^11); what stands still by nature (a motor at rest, a slow temperature in whole degrees) is an alarm',
  source: 'detection.md of the project',
  parameters: { count: { default: 30, unit: 'samples', min: 2, max: 1e6, whole: true, about: 'the same, in a row' } },
  inputs: [1, 1],
  start: () => ({ x: NaN, run: 0 }),
  next: (state, [x = NaN], _time, _learn, { count }) => {
    if (x !== x) return NaN
    state.run = x === state.x ? state.run + 1 : 1
    state.x = x
    return state.run / (count - 1)
  },
  why: ({ x, run }, { count }, unit) => (run === 0 ? 'no sample yet' : `${withUnit(x, unit)} in ${run} samples, where ${count} are too many`),
}
