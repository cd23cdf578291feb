import type { Detector } from './detector.js'
import { last, take } from './ring.js'
import type { Last } from './ring.js'

interface State {
  /** 1 for a sample that was missing. */
  readonly of: Last
  missing: number
}

/**
 * A sensor whose values are missing now and then: how many of the last `window` samples are NaN, over the largest number that is still none (2, for 3).
 *
 * It is the one detector that does not pass over a missing sample. It has no reference, and so learns nothing. Known from the first sample on; what was before it counts as there.
 *
 * @example
 * import { dropout, scoresOf } from 'motorwatch/detectors'
 * scoresOf(dropout, [[1], [NaN], [NaN], [4], [NaN]], { window: 4, count: 3 }) // [0, 0.5, 1, 1, 1.5]
 */
export const dropout: Detector<'window' | 'count', State> = {
  name: 'dropout',
  sees: 'values that are missing, also single ones',
  misses: 'a sensor that gives something instead',
  falseAlarms: 'where one sample in 2000 is lost for itself, one alarm in 5 million samples begins; one in 200 lost: one in 6000',
  source: 'detection.md of the project',
  parameters: {
    window: { default: 60, unit: 'samples', min: 2, max: 10_000, whole: true, about: 'looked back over' },
    count: { default: 3, unit: 'samples', min: 2, max: 10_000, whole: true, about: 'missing among them' },
  },
  inputs: [1, 1],
  start: ({ window }) => ({ of: last(window), missing: 0 }),
  next: (state, [x = NaN], _time, _learn, { count }) => {
    const missing = x === x ? 0 : 1
    const gone = take(state.of, missing)
    state.missing += missing - (gone === gone ? gone : 0)
    return state.missing / (count - 1)
  },
  why: ({ of, missing }, { window, count }) => `${missing} of the last ${Math.min(of.count, window)} samples are missing, where ${count} are too many`,
}
