import { judging } from './good.js'

/** Since when it has been above the limit is not forgotten when it no longer is. */
export const stateNotReset = judging({ reset: () => undefined })
