import { remembered } from './frame.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'

/** The exponentially weighted mean of what `of` says, with a time constant of `time` milliseconds. */
export function smoothedReader(of: Reader, time: number, place: number): Reader {
  return lastingReader((reader, frame, now) => {
    const value = of.read(frame, now)
    const state = remembered(frame, place, () => ({ mean: NaN, value: NaN, at: now }))
    if (value !== value || state.mean !== state.mean) state.mean = value
    else state.mean = state.value + (state.mean - state.value) * Math.exp((state.at - now) / time)
    state.value = value
    state.at = now
    reader.wakeAt = of.wakeAt
    reader.slope = state.mean === value ? of.slope : NaN
    return state.mean
  })
}
