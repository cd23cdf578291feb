import type { Alarm, Verdict } from '../model/index.js'
import type { Behaviour } from './behaviour.js'

/** A burst begins with so many within `within` milliseconds, and goes on while `ends` or more are. */
export interface BurstLimits {
  readonly begins: number
  readonly ends: number
  readonly within: number
}

export interface Burst {
  /** What may still count, oldest first. */
  readonly times: number[]
  on: boolean
}

/** Throws a `RangeError` for what is no whole number from `least` to `most`. */
export function wholeNumber(what: string, value: number, least: number, most = Infinity): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${what}: got ${value}, expected a whole number from ${least} ${most === Infinity ? 'on' : `to ${most}`}`)
}

/** Judges a burst at the end of the instant `now`, by what came in the `within` up to it, that instant included. True where it begins or ends. */
export function turns(burst: Burst, now: number, { begins, ends, within }: BurstLimits): boolean {
  const { times } = burst
  let old = 0
  while (old < times.length && times[old]! + within <= now) old++
  times.splice(0, old)
  if (burst.on ? times.length >= ends : times.length < begins) return false
  burst.on = !burst.on
  return true
}

/** When the oldest that counts will count no more. */
export const nextTurn = ({ times }: Burst, { within }: BurstLimits): number => (times.length === 0 ? Infinity : times[0]! + within)

type Subject = Pick<Verdict, 'machine' | 'condition'>

interface BurstState extends Burst {
  wakeAt: number
  readonly key: string
  subject: Subject
}

/** Says by verdicts when the raises of a key begin and end to be a burst. The margin is how many there are, less what it takes to begin, or, while it lasts, to go on. */
export function burstBehaviour(name: string, limits: BurstLimits, subjectOf: (alarm: Alarm, key: string) => Subject): Behaviour<Alarm, Verdict, BurstState> {
  return {
    name,
    version: 1,
    start: (key) => ({ wakeAt: Infinity, key, subject: { machine: '', condition: '' }, times: [], on: false }),
    next(state, alarm, now) {
      if (alarm.state !== 'raised') return
      state.subject = subjectOf(alarm, state.key)
      state.times.push(now)
      state.wakeAt = now
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      const { times, subject } = state
      if (turns(state, due, limits)) emit({ kind: 'verdict', time: due, ...subject, truth: state.on, margin: times.length - (state.on ? limits.ends : limits.begins) })
      state.wakeAt = nextTurn(state, limits)
      return false
    },
    indifferent: ({ state }) => state !== 'raised',
    idle: ({ times }) => times.length === 0,
  }
}
