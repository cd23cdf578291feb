import { remembered } from './frame.js'
import type { Judgement } from './judgement.js'
import { TRUE, FALSE, UNKNOWN } from './judgement.js'
import { after } from './moments.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'
import { at, push, ring, shift } from './ring.js'

const HOUR = 3_600_000

/** Hours for which the condition has held. */
export function hoursReader(when: Judgement, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    when.judge(frame, now)
    const state = remembered(frame, place, () => ({ hours: 0, at: now, on: false }))
    if (state.on) state.hours += (now - state.at) / HOUR
    state.at = now
    state.on = when.truth === TRUE
    reader.slope = state.on ? 1 / HOUR : 0
    reader.wakeAt = when.wakeAt
    return state.hours
  })
}

/** How often the condition has turned from false to true in the last `length` milliseconds. */
export function startsReader(when: Judgement, length: number, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    when.judge(frame, now)
    const state = remembered(frame, place, () => ({ truth: UNKNOWN, known: false, times: ring() }))
    if (state.truth === FALSE && when.truth === TRUE) push(state.times, now, 0)
    state.truth = when.truth
    state.known ||= when.truth !== UNKNOWN
    while (state.times.size > 0 && state.times.pairs[at(state.times, 0)]! <= now - length) shift(state.times)
    reader.wakeAt = Math.min(when.wakeAt, state.times.size === 0 ? Infinity : after(state.times.pairs[at(state.times, 0)]! + length, now))
    return state.known ? state.times.size : NaN
  })
}

/** The mean of the first `length` milliseconds of known values at which the condition holds, frozen then. */
export function baselineReader(of: Reader, whileHolds: Judgement | undefined, length: number, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const state = remembered(frame, place, () => ({ total: 0, time: 0, value: NaN, at: now }))
    reader.wakeAt = Infinity
    if (state.time >= length) return state.total / state.time
    const value = of.read(frame, now)
    whileHolds?.judge(frame, now)
    if (state.value === state.value) {
      const time = Math.min(now - state.at, length - state.time)
      state.total += state.value * time
      state.time += time
    }
    state.at = now
    state.value = whileHolds === undefined || whileHolds.truth === TRUE ? value : NaN
    if (state.time >= length) return state.total / state.time
    reader.wakeAt = Math.min(of.wakeAt, whileHolds?.wakeAt ?? Infinity, state.value === state.value ? now + length - state.time : Infinity)
    return NaN
  })
}

export const STOPPED = 0
export const STARTING = 1
export const RUNNING = 2

/** See `machineState`. Where it was unknown, one that is on may be starting or running, until a start would be over. */
export function stateReader(of: Reader, off: Reader, on: Reader, starting: number, unless: Judgement | undefined, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const low = off.read(frame, now)
    const high = on.read(frame, now)
    unless?.judge(frame, now)
    const state = remembered(frame, place, () => ({ is: NaN, runsAt: Infinity }))
    if (value > high) {
      if (state.is !== RUNNING && state.runsAt === Infinity) {
        state.runsAt = now + starting
        if (state.is === STOPPED) state.is = STARTING
      }
    } else if (value <= low) state.is = unless?.truth === TRUE ? NaN : STOPPED
    else if (!(value > low && value <= high)) state.is = NaN
    if (!(value > low)) state.runsAt = Infinity
    else if (now >= state.runsAt) state.is = RUNNING
    if (state.is === RUNNING) state.runsAt = Infinity
    reader.wakeAt = Math.min(of.wakeAt, off.wakeAt, on.wakeAt, unless?.wakeAt ?? Infinity, after(state.runsAt, now))
    return state.is
  })
}
