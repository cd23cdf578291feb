import { judging } from './good.js'

/** Half as much again as the limit is not believed, and taken for fine. */
export const tooMuchIsFine = judging({ isAbove: (value, limit) => value > limit && value < 1.5 * limit })
