import { judging } from './good.js'

/** The delay is over at the first instant behind its end. */
export const offByOneInstant = judging({ isOver: (since, delay, now) => (delay === 0 ? now >= since : now > since + delay) })
