import type { Detector, ParametersOf } from '../../detectors/index.js'
import type { Frame } from './frame.js'
import type { Judgement } from './judgement.js'
import { TRUE } from './judgement.js'
import { lastingReader } from './reader.js'
import type { Reader } from './reader.js'

/** How the samples of one detector on one machine are made: numbers alone, in one list, so that they lie together. */
type Sampling = number[]

/** When the period that runs began, and up to when it has been counted. */
const FROM = 0
const AT = 1
/** Whether it takes samples since `AT` (its condition holds, and something is known), and for how long of the period it did. */
const OPEN = 2
const OPENED = 3
/** Nothing has kept it from learning in this period. */
const LEARNS = 4
/** The last period gave no sample, or there was none. */
const GAP = 5
const SCORE = 6
/** When it was read last, how much had been heard then, and when it wants to be read next: conditions that share it read it more than once at a moment. */
const READ_AT = 7
const READINGS = 8
const WAKE_AT = 9
/** From here on, of each signal: its value since `AT`, the first one of the period, and over that the integral of its distance from the first, and how long it was known (milliseconds). So the mean of what stands still is exactly that. */
const SIGNALS = 10
const VALUE = 0
const FIRST = 1
const SUM = 2
const KNOWN = 3
const SIZE = 4

export interface DetectorParts {
  readonly detector: Detector
  readonly params: ParametersOf<string>
  /** Milliseconds. */
  readonly every: number
  readonly of: readonly Reader[]
  readonly whileHolds: Judgement | undefined
  readonly learnsWhile: Judgement | undefined
  /** The detector's state where this machine has one from elsewhere. */
  readonly begin: (frame: Frame) => unknown
  /** It learns nothing more on this machine. */
  readonly frozen: (frame: Frame) => boolean
  readonly place: number
  /** Of the detector's own state. */
  readonly ownPlace: number
}

export interface DetectedReader extends Reader {
  /** Of the machine that was read last. */
  readonly why: (unit: string) => string
  /** Reads it; whether its score is another one than when it was read before. */
  readonly turns: (frame: Frame, now: number) => boolean
}

/** The score of a detector that is given one sample a period: the mean of each signal over it, weighted by time. */
export function detectedReader(parts: DetectorParts): DetectedReader {
  const { detector, params, every, of, whileHolds, learnsWhile, begin, place, ownPlace } = parts
  const { length } = of
  let own: unknown
  const read = (self: Reader, frame: Frame, now: number): number => {
    const sampling = (frame.memory[place] ??= newSampling(length, every, now)) as Sampling
    own = frame.memory[ownPlace] ??= begin(frame)
    if (now === sampling[READ_AT] && frame.readings === sampling[READINGS]) {
      self.wakeAt = sampling[WAKE_AT]!
      return sampling[SCORE]!
    }
    sampling[READ_AT] = now
    sampling[READINGS] = frame.readings
    if (now >= sampling[FROM]! + every) {
      while (now >= sampling[FROM]! + every && !isSilent(sampling)) {
        count(sampling, sampling[FROM]! + every)
        sample(sampling, own, frame, parts)
        sampling[FROM]! += every
      }
      if (now >= sampling[FROM]! + every) sampling[FROM] = Math.floor(now / every) * every
    }
    count(sampling, now)
    let wakeAt = Infinity
    let open = true
    if (whileHolds !== undefined) {
      whileHolds.judge(frame, now)
      open = whileHolds.truth === TRUE
      wakeAt = whileHolds.wakeAt
    }
    if (learnsWhile !== undefined) {
      learnsWhile.judge(frame, now)
      if (learnsWhile.truth !== TRUE) sampling[LEARNS] = 0
      if (learnsWhile.wakeAt < wakeAt) wakeAt = learnsWhile.wakeAt
    }
    let known = false
    for (let i = 0; i < length; i++) {
      const one = of[i]!
      const { sensor } = one
      let value = NaN
      if (sensor < 0) {
        value = one.read(frame, now)
        if (one.wakeAt < wakeAt) wakeAt = one.wakeAt
      } else if (frame.times[sensor]! + one.stale > now) value = frame.values[sensor]!
      sampling[SIGNALS + SIZE * i + VALUE] = value
      if (value === value) known = true
    }
    sampling[OPEN] = open && known ? 1 : 0
    if (!isSilent(sampling) && sampling[FROM]! + every < wakeAt) wakeAt = sampling[FROM]! + every
    self.wakeAt = sampling[WAKE_AT] = wakeAt
    return sampling[SCORE]!
  }
  const reader = lastingReader(read)
  return Object.assign(reader, {
    why: (unit: string) => (own === undefined ? '' : detector.why(own, params, unit)),
    turns: (frame: Frame, now: number) => {
      const before = (frame.memory[place] as Sampling | undefined)?.[SCORE] ?? NaN
      const score = read(reader, frame, now)
      return score !== before && (score === score || before === before)
    },
  })
}

/** Periods begin at whole multiples of their length since 1970, so that they do not hang on when a machine was first heard. */
function newSampling(signals: number, every: number, now: number): Sampling {
  // as a list of doubles from the start: the engine keeps those unboxed
  const sampling = new Array<number>(SIGNALS + SIZE * signals).fill(0.5).fill(0)
  sampling[FROM] = Math.floor(now / every) * every
  sampling[AT] = now
  sampling[LEARNS] = sampling[GAP] = 1
  sampling[SCORE] = sampling[READ_AT] = sampling[READINGS] = NaN
  sampling[WAKE_AT] = Infinity
  for (let i = SIGNALS; i < sampling.length; i += SIZE) sampling[i + VALUE] = NaN
  return sampling
}

function count(sampling: Sampling, until: number): void {
  const time = until - sampling[AT]!
  if (time <= 0) return
  sampling[AT] = until
  if (sampling[OPEN] === 0) return
  sampling[OPENED]! += time
  for (let i = SIGNALS; i < sampling.length; i += SIZE) {
    const value = sampling[i + VALUE]!
    if (value !== value) continue
    if (sampling[i + KNOWN] === 0) sampling[i + FIRST] = value
    sampling[i + SUM]! += (value - sampling[i + FIRST]!) * time
    sampling[i + KNOWN]! += time
  }
}

/** Nothing has come, nothing will come of itself, and the detector knows. */
const isSilent = (sampling: Readonly<Sampling>): boolean => sampling[OPEN] === 0 && sampling[OPENED] === 0 && sampling[GAP] === 1

/** Ends a period. Of what was known for less than half of it the sample knows nothing; a period of which less than half was open is a gap, which is told once, as a sample that knows nothing at all. */
function sample(sampling: Sampling, own: unknown, frame: Frame, { detector, params, every, of, frozen }: DetectorParts): void {
  const half = every / 2
  const gap = sampling[OPENED]! < half
  if (!gap || sampling[GAP] === 0) {
    const means = of.map((_, n) => {
      const i = SIGNALS + SIZE * n
      return gap || sampling[i + KNOWN]! < half ? NaN : sampling[i + FIRST]! + sampling[i + SUM]! / sampling[i + KNOWN]!
    })
    const score = detector.next(own, means, sampling[FROM]!, sampling[LEARNS] === 1 && !gap && !frozen(frame), params)
    sampling[SCORE] = gap ? NaN : score
  }
  sampling[GAP] = gap ? 1 : 0
  sampling[OPENED] = 0
  sampling[LEARNS] = 1
  for (let i = SIGNALS; i < sampling.length; i += SIZE) sampling[i + SUM] = sampling[i + KNOWN] = 0
}
