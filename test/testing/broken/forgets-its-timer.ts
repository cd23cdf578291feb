import { runs, sums } from './good.js'

const timers = new WeakMap<object, number>()

/** Law 1: a timer is kept beside the state, so that it is not set any more after a restore. */
export const forgetsItsTimer = runs({
  ...sums,
  next: (state, value, now, emit) => {
    sums.next(state, value, now, emit)
    timers.set(state, state.wakeAt)
  },
  wake: (state, due, emit) => {
    if (timers.has(state)) sums.wake!(state, due, emit)
    else state.wakeAt = Infinity
  },
})
