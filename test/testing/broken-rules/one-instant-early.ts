import { judging } from './good.js'

/** The delay is over an instant too early, where a reading comes just then. */
export const oneInstantEarly = judging({ isOver: (since, delay, now) => now >= since + Math.max(0, delay - 1) })
