import { duration } from '../../time/index.js'
import { clockTime } from '../checks.js'
import type { Condition, During, Missing, Stuck, Weekday } from '../condition.js'
import type { Signal } from '../signal.js'
import { inSpan, nextHalfHour, wallClock } from './clock.js'
import { least, leastUntil } from './extreme.js'
import { remembered } from './frame.js'
import { FALSE, TRUE, truthOf, UNKNOWN } from './judgement.js'
import type { Judgement } from './judgement.js'
import { after } from './moments.js'
import { newNode } from './node.js'
import { earliest } from './reader.js'
import type { Reader } from './reader.js'
import { SINCE, slideSince } from './windows.js'

/** See `missing`. `silence`: milliseconds since the sensor was heard. */
export function missingFor(condition: Missing, silence: Reader): Judgement {
  const time = duration(condition.for)
  const node = newNode(condition, [], true)
  node.judge = (frame, now) => {
    const is = (node.value = silence.read(frame, now))
    node.margin = is - time / 1000
    node.truth = truthOf(node.margin, false)
    node.wakeAt = after(now + time - is * 1000, now)
  }
  node.deciding = () => ({ signal: { op: 'age', sensor: condition.sensor }, value: node.value, limit: time / 1000 })
  return node
}

/** See `stuck`. */
export function stuckFor(condition: Stuck, value: Reader, place: number): Judgement {
  const time = duration(condition.for)
  const node = newNode(condition, [], true)
  node.judge = (frame, now) => {
    const is = (node.value = value.read(frame, now))
    const state = remembered(frame, place, () => ({ value: NaN, changedAt: -Infinity, knownSince: NaN }))
    if (is !== is) state.knownSince = NaN
    else {
      if (state.knownSince !== state.knownSince) state.knownSince = now
      else if (state.value !== is) state.changedAt = now
      state.value = is
    }
    const since = Math.max(state.changedAt, state.knownSince)
    const changed = state.changedAt > now - time
    node.truth = is !== is || (!changed && since > now - time) ? UNKNOWN : changed ? FALSE : TRUE
    node.margin = node.truth === UNKNOWN ? NaN : (now - (changed ? state.changedAt : since) - time) / 1000
    node.wakeAt = is === is ? Math.min(after(since + time, now), after(state.changedAt + time, now)) : Infinity
  }
  node.deciding = () => ({ signal: condition.sensor, value: node.value, limit: node.value })
  return node
}

/** See `rising`. A rise that is seen is one, whether or not the window has filled. */
export function risingBy(condition: Condition, signal: Signal, value: Reader, by: Reader, time: number, place: number): Judgement {
  const node = newNode(condition, [], true)
  node.judge = (frame, now) => {
    const is = (node.value = value.read(frame, now))
    const rise = by.read(frame, now)
    const window = slideSince(frame, place, is, now, time)
    const limit = (node.limit = least(window) + rise)
    const margin = is - limit
    node.truth = margin > 0 ? TRUE : margin !== margin || !(window[SINCE]! <= now - time) ? UNKNOWN : FALSE
    node.margin = node.truth === UNKNOWN ? NaN : margin
    node.wakeAt = Math.min(earliest([value, by]), after(leastUntil(window, time), now), after(window[SINCE]! + time, now))
  }
  node.deciding = () => ({ signal, value: node.value, limit: node.limit })
  return node
}

const HOUR = 3_600_000

const DAYS: readonly Weekday[] = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed']

/** See `during`. */
export function duringSpan(condition: During): Judgement {
  const { zone, days, except } = condition
  const clock = wallClock(zone)
  const from = clockTime(condition.from)
  const until = clockTime(condition.to)
  const left = new Set(except?.map((date) => Date.parse(date) / 86_400_000))
  const spans = {
    from,
    to: until > from ? until : until + 24,
    on: (day: number) => (days === undefined || days.includes(DAYS[((day % 7) + 7) % 7]!)) && !left.has(day),
  }
  const node = newNode(condition, [])
  node.judge = (_frame, now) => {
    const local = clock(now)
    node.value = (local / HOUR) % 24
    const { inside, hours } = inSpan(spans, local)
    node.truth = inside ? TRUE : FALSE
    node.margin = inside ? hours : 0 - hours
    node.wakeAt = Math.min(nextHalfHour(now), hours > 0 ? Math.ceil(now + hours * HOUR) : Infinity)
  }
  node.deciding = () => ({ signal: { op: 'timeOfDay', zone }, value: node.value, limit: node.truth === TRUE ? until : from })
  return node
}
