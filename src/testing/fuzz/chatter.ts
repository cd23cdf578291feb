import fc from 'fast-check'
import { duration, formatDuration } from '../../time/index.js'
import { counterexample } from './counterexample.js'
import { history, unraised } from './history.js'
import type { Change } from './history.js'
import type { Sample } from './sample.js'
import { anyValue, endOf, samplesOf, sometimes, steps } from './streams.js'
import type { FuzzedSensor, Subject } from './subject.js'
import { trial } from './trial.js'
import type { Failure, Trial } from './trial.js'
import { isMomentary, shortestWait, turnsAtOnce } from './waits.js'

/**
 * Never chatters faster than its delays: it is raised no sooner than its delays allow after it was cleared, after what is safe, and after the beginning;
 * and it is cleared no sooner than its off-delay after it was raised, and after what is clearly outside.
 */
export function chatter(subject: Subject): Trial | string {
  const { rule } = subject
  const [on, wait, off] = [duration(rule.onDelay ?? 0), shortestWait(rule), duration(rule.offDelay ?? 0)]
  if (wait === 0 && off === 0) return 'it has no delays'
  const [raises, clears] = [turnsAtOnce(rule.when), isMomentary(rule.clear ?? rule.when)]
  const cases = fc.record({
    instants: steps(subject, (sensor) => sometimes(sensor, anyValue(sensor)), { minLength: 1 }),
    rest: fc.constantFrom(1000, wait + off + 1000),
  })
  return trial(cases, ({ instants, rest }) => {
    const samples = samplesOf(subject, instants)
    const times = [...new Set(samples.map(({ at }) => at))]
    const changes = history(subject, samples, endOf(instants) + rest)
    /** The first instant after the last one, at this time or before, at which all sensors were so. */
    const sinceAll = (at: number, is: (sensor: FuzzedSensor, value: number) => boolean): number | undefined => {
      const last = times.findLast((time) => time <= at && all(subject, samples, time, is))
      return last === undefined ? undefined : times.find((time) => time > last) ?? Infinity
    }
    const early = ({ at, stands }: Change, before: Change | undefined): string | undefined => {
      const told = (from: number, delay: number, what: string): string | undefined =>
        at < from + delay ? `it is ${stands ? 'raised' : 'cleared'} at ${formatDuration(at)}, and its delay of ${formatDuration(delay)} ${from === Infinity ? 'has not begun: ' : `began at ${formatDuration(from)} at the earliest: `}${what}` : undefined
      if (stands) {
        return told((raises ? sinceAll(at, isCalm) : undefined) ?? times[0] ?? Infinity, wait, 'before, all was safe, or nothing was known')
          ?? (before === undefined ? undefined : told(before.at, on, 'it was cleared then'))
      }
      return (before === undefined ? undefined : told(before.at, off, 'it was raised then')) ?? (clears ? told(sinceAll(at, isOutside) ?? -Infinity, off, 'before, all was clearly outside') : undefined)
    }
    for (const [i, change] of changes.entries()) {
      const why = early(change, changes[i - 1])
      if (why !== undefined) return tooEarly(subject, samples, change, why)
    }
    return changes.length === 0 ? 'idle' : 'holds'
  })
}

/** The change should not have been there yet. */
export function tooEarly(subject: Subject, samples: readonly Sample[], { at, stands }: Change, why: string): Failure {
  const before = samples.filter((sample) => sample.at <= at)
  return { why, readings: before.length, test: () => (stands ? unraised(subject, before, at) : counterexample(subject, before, at, 'raised')) }
}

const isCalm = ({ calm }: FuzzedSensor, value: number): boolean => calm !== undefined && value >= calm[0] && value <= calm[1]
const isOutside = ({ outside = [] }: FuzzedSensor, value: number): boolean => outside.some(([low, high]) => value >= low && value <= high)

const all = ({ sensors }: Subject, samples: readonly Sample[], at: number, is: (sensor: FuzzedSensor, value: number) => boolean): boolean =>
  sensors.every((sensor) => samples.some((sample) => sample.at === at && sample.sensor === sensor.name && !sample.suspect && is(sensor, sample.value)))
