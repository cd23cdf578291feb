import { judging } from './good.js'

/** One state for all machines, under the name of the first one that was heard. */
export const sharedState = judging({ key: () => 'm1' })
