import type { Detector, ParametersOf } from '../../detectors/index.js'
import type { Frame } from './frame.js'
import type { Judgement } from './judgement.js'
import { TRUE } from './judgement.js'
import { earliest, lastingReader } from './reader.js'
import type { Reader } from './reader.js'

/** What is kept of one detector on one machine: plain data. */
export interface DetectorState {
  /** Of the detector itself. */
  readonly own: unknown
  /** When the period that runs began, and up to when it has been counted. */
  from: number
  at: number
  /** Of each signal: its value since `at`, the first one of the period, and over that the integral of its distance from the first, and how long it was known (milliseconds). So the mean of what stands still is exactly that. */
  readonly values: number[]
  readonly firsts: number[]
  readonly sums: number[]
  readonly known: number[]
  /** Whether it takes samples since `at` (its condition holds, and something is known), and for how long of the period it did. */
  open: boolean
  opened: number
  /** Nothing has kept it from learning in this period. */
  learns: boolean
  /** The last period gave no sample, or there was none. */
  gap: boolean
  score: number
  /** When it was read last, and when it wants to be read next: conditions that share it read it more than once at a moment. */
  readAt: number
  wakeAt: number
}

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
}

/** The score of a detector that is given one sample a period: the mean of each signal over it, weighted by time. Its `why` is that of the machine that was read last. */
export function detectedReader(parts: DetectorParts): Reader & { readonly why: (unit: string) => string } {
  const { detector, params, every, of, whileHolds, learnsWhile, begin, frozen, place } = parts
  let read: DetectorState | undefined
  const reader = lastingReader((self, frame, now) => {
    const state = (read = (frame.memory[place] ??= newState(begin(frame), of.length, every, now)) as DetectorState)
    if (now === state.readAt) {
      self.wakeAt = state.wakeAt
      return state.score
    }
    state.readAt = now
    while (now >= state.from + every && !isSilent(state)) {
      count(state, state.from + every)
      sample(state, parts, frozen(frame))
      state.from += every
    }
    if (now >= state.from + every) state.from = Math.floor(now / every) * every
    count(state, now)
    whileHolds?.judge(frame, now)
    learnsWhile?.judge(frame, now)
    let known = false
    for (let i = 0; i < of.length; i++) {
      const value = (state.values[i] = of[i]!.read(frame, now))
      if (value === value) known = true
    }
    state.open = known && (whileHolds === undefined || whileHolds.truth === TRUE)
    if (learnsWhile !== undefined && learnsWhile.truth !== TRUE) state.learns = false
    self.slope = 0
    self.wakeAt = state.wakeAt = Math.min(earliest(of), whileHolds?.wakeAt ?? Infinity, learnsWhile?.wakeAt ?? Infinity, isSilent(state) ? Infinity : state.from + every)
    return state.score
  })
  return Object.assign(reader, { why: (unit: string) => (read === undefined ? '' : detector.why(read.own, params, unit)) })
}

/** Periods begin at whole multiples of their length since 1970, so that they do not hang on when a machine was first heard. */
const newState = (own: unknown, size: number, every: number, now: number): DetectorState => ({
  own, from: Math.floor(now / every) * every, at: now, values: new Array<number>(size).fill(NaN), firsts: new Array<number>(size).fill(0), sums: new Array<number>(size).fill(0), known: new Array<number>(size).fill(0),
  open: false, opened: 0, learns: true, gap: true, score: NaN, readAt: NaN, wakeAt: Infinity,
})

function count(state: DetectorState, until: number): void {
  const time = until - state.at
  if (time <= 0) return
  state.at = until
  if (!state.open) return
  state.opened += time
  for (let i = 0; i < state.values.length; i++) {
    const value = state.values[i]!
    if (value !== value) continue
    if (state.known[i] === 0) state.firsts[i] = value
    state.sums[i]! += (value - state.firsts[i]!) * time
    state.known[i]! += time
  }
}

/** Nothing has come, nothing will come of itself, and the detector knows. */
const isSilent = ({ open, opened, gap }: DetectorState): boolean => !open && opened === 0 && gap

/** Ends a period. Of what was known for less than half of it the sample knows nothing; a period of which less than half was open is a gap, which is told once, as a sample that knows nothing at all. */
function sample(state: DetectorState, { detector, params, every }: DetectorParts, frozen: boolean): void {
  const half = every / 2
  const gap = state.opened < half
  if (!gap || !state.gap) {
    const means = state.sums.map((sum, i) => (gap || state.known[i]! < half ? NaN : state.firsts[i]! + sum / state.known[i]!))
    const score = detector.next(state.own, means, state.from, state.learns && !frozen && !gap, params)
    state.score = gap ? NaN : score
  }
  state.gap = gap
  state.sums.fill(0)
  state.known.fill(0)
  state.opened = 0
  state.learns = true
}
