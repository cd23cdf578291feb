import { judging } from './good.js'

/** While nothing is known the delays run on. */
export const delaySurvivesAGap = judging({ forget: () => undefined })
