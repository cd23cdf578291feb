import fc from 'fast-check'
import { duration, formatDuration } from '../../time/index.js'
import { withoutDelays } from '../without-delays.js'
import { tooEarly } from './chatter.js'
import { deadline, outside } from './fires.js'
import { history, standsAt } from './history.js'
import { SILENCE } from './safe.js'
import type { Sample } from './sample.js'
import { always, endOf, gaps, kept, samplesOf, saidBy, steps, suspect, valuesIn } from './streams.js'
import type { Said, Step } from './streams.js'
import type { Subject } from './subject.js'
import { trial } from './trial.js'
import type { Failure, Trial } from './trial.js'
import { isMomentary, shortestWait, uses } from './waits.js'

interface Case {
  readonly first: readonly Step[]
  readonly length: number
  readonly unknown: readonly Step[]
  readonly silence: number
  readonly again: readonly Said[]
  readonly calm: readonly Said[] | undefined
}

/**
 * Unknown never counts as fine. All sensors are unknown at once, suspect or silent, and
 * a raised alarm stands on; a condition that has held for less than the delay begins anew; so does what clears.
 */
export function unknown(subject: Subject): Trial | string {
  const { rule, sensors, stale } = subject
  if ([rule.when, ...(rule.clear === undefined ? [] : [rule.clear])].some((condition) => uses(condition, SILENCE))) return 'it speaks of sensors that fall silent or stand still, and makes the unknown known'
  const wait = deadline(subject)
  if (typeof wait === 'string') return wait
  const [on, off] = [shortestWait(rule), duration(rule.offDelay ?? 0)]
  const cleared = isMomentary(rule.clear ?? rule.when) && off > 0 && sensors.every((sensor) => sensor.calm !== undefined)
  const raised = isMomentary(withoutDelays(rule.when)) && on > 0

  const beyond = saidBy(sensors, (sensor) => always(outside(sensor)))
  const calm = saidBy(sensors, (sensor) => (sensor.calm === undefined ? fc.constant(undefined) : always(valuesIn([sensor.calm]))))
  const cases = fc.record({
    first: steps(subject, (sensor) => always(outside(sensor)), { minLength: 1, maxLength: 4 }),
    length: gaps(subject),
    unknown: steps(subject, suspect, { minLength: 1, maxLength: 3 }),
    silence: gaps(subject),
    again: beyond,
    calm: fc.option(calm, { nil: undefined }),
  })

  /** Until `at` the alarm must be as it was at `from`. */
  const unchanged = (samples: readonly Sample[], from: number, until: number, why: string): Failure | 'holds' => {
    const changes = history(subject, samples, until)
    const was = standsAt(changes, from)
    const change = changes.find(({ at, stands }) => at > from && at <= until && stands !== was)
    return change === undefined ? 'holds' : tooEarly(subject, samples, change, `it is ${change.stands ? 'raised' : 'cleared'} at ${formatDuration(change.at)}: ${why}`)
  }

  /** What makes it stand, and it does. */
  const standing = ({ first }: Case): readonly Sample[] | undefined => {
    const known = samplesOf(subject, kept(subject, first, 0, wait))
    return standsAt(history(subject, known, wait), wait) ? known : undefined
  }

  const standsOnSuspect = (tried: Case): Failure | 'holds' | 'idle' => {
    const known = standing(tried)
    if (known === undefined) return 'idle'
    const from = wait + 1000
    return unchanged([...known, ...samplesOf(subject, tried.unknown, from)], wait, endOf(tried.unknown, from) + tried.silence + off, 'since it was raised all was suspect')
  }

  const standsOnSilent = (tried: Case): Failure | 'holds' | 'idle' => {
    const known = standing(tried)
    return known === undefined ? 'idle' : unchanged(known, wait, wait + Math.min(stale, 1e9) + tried.silence + off, 'since it was raised all was silent')
  }

  /** For a while it holds (or what clears does), then all is unknown, then it holds again: the delay begins anew. */
  const begunAnew = (delay: number, at: number, before: readonly Sample[], held: readonly Step[], { unknown, length, silence }: Case, again: readonly Said[], why: string): Failure | 'holds' | 'idle' => {
    const gone = at + (length % delay || Math.ceil(delay / 2))
    const back = endOf(unknown, gone) + silence
    const end = back + delay - 1
    const samples = [
      ...before,
      ...samplesOf(subject, kept(subject, held, at, gone - 1), at).filter((sample) => sample.at < gone),
      ...samplesOf(subject, unknown, gone),
      ...samplesOf(subject, kept(subject, [{ gap: 1, said: again }], back, end), back),
    ]
    return unchanged(samples, at, end, why)
  }

  const startsAnew = (tried: Case): Failure | 'holds' | 'idle' => {
    const before = tried.calm === undefined || sensors.some((sensor) => sensor.calm === undefined) ? [] : samplesOf(subject, [{ gap: 0, said: tried.calm }])
    return begunAnew(on, before.length === 0 ? 0 : 1000, before, tried.first, tried, tried.again, `what it waits for has not held for ${formatDuration(on)} since it was unknown`)
  }

  const clearsAnew = (tried: Case): Failure | 'holds' | 'idle' => {
    if (tried.calm === undefined) return 'idle'
    const known = standing(tried)
    return known === undefined ? 'idle' : begunAnew(off, wait + 1000, known, [{ gap: 0, said: tried.calm }], tried, tried.calm, `what clears it has not held for ${formatDuration(off)} since it was unknown`)
  }

  const kinds = [standsOnSuspect, standsOnSilent, ...(raised ? [startsAnew] : []), ...(cleared ? [clearsAnew] : [])]
  return trial(fc.tuple(fc.nat(kinds.length - 1), cases), ([kind, tried]) => kinds[kind]!(tried))
}
