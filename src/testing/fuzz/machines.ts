import fc from 'fast-check'
import { formatDuration } from '../../time/index.js'
import { counterexample } from './counterexample.js'
import { history, standsAt, unraised } from './history.js'
import type { Sample } from './sample.js'
import { anyValue, endOf, samplesOf, sometimes, steps } from './streams.js'
import type { Subject } from './subject.js'
import { trial } from './trial.js'
import type { Trial } from './trial.js'
import { longestWait, shortestWait } from './waits.js'

/** One machine's data never move another's alarms: they are the same where the other machine's readings only move the time. */
export function machines(subject: Subject): Trial | string {
  const { rule, machine } = subject
  if (rule.machines?.length === 1) return `it is for ${rule.machines[0]!} alone`
  const other = rule.machines?.find((id) => id !== machine.id) ?? (machine.id === 'm2' ? 'm1' : 'm2')
  const cases = fc.record({
    instants: steps(subject, (sensor) => sometimes(sensor, anyValue(sensor)), { minLength: 1 }),
    others: fc.array(fc.boolean(), { maxLength: 10 }),
    rest: fc.constantFrom(1000, (longestWait(rule) ?? shortestWait(rule)) + 1000),
  })
  return trial(cases, ({ instants, others, rest }) => {
    const samples = instants.flatMap((step, i): readonly Sample[] => {
      const made = samplesOf(subject, [step], endOf(instants.slice(0, i + 1)))
      return others[i % others.length] === true ? made.map((sample) => ({ ...sample, machine: other })) : made
    })
    const until = endOf(instants) + rest
    const both = history(subject, samples, until)
    const alone = history(subject, samples.filter((sample) => sample.machine === machine.id), until, samples.map(({ at }) => at))
    const at = [...both, ...alone].map((change) => change.at).sort((a, b) => a - b).find((time) => standsAt(both, time) !== standsAt(alone, time))
    if (at === undefined) return alone.length === 0 ? 'idle' : 'holds'
    const before = samples.filter((sample) => sample.at <= at)
    const stands = standsAt(alone, at)
    return {
      why: `it ${stands ? 'does not stand' : 'is raised'} at ${formatDuration(at)}, and without the readings of ${other} it ${stands ? 'does' : 'is not'}`,
      readings: before.length,
      test: () => (stands ? counterexample(subject, before, at, 'raised') : unraised(subject, before, at)),
    }
  })
}
