import { judging } from './good.js'

/** `>=` for `>`. */
export const atTheLimit = judging({ isAbove: (value, limit) => value >= limit })
