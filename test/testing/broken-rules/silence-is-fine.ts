import { judging } from './good.js'

/** What has gone stale, or is suspect, is taken for not above the limit. */
export const silenceIsFine = judging({
  forget: (state, now) => {
    state.above = NaN
    if (Number.isNaN(state.notAbove)) state.notAbove = now
  },
})
