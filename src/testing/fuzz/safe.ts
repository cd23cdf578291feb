import fc from 'fast-check'
import { formatDuration } from '../../time/index.js'
import { history, unraised } from './history.js'
import { endOf, samplesOf, sometimes, steps, valuesIn } from './streams.js'
import type { Subject } from './subject.js'
import { trial } from './trial.js'
import type { Trial } from './trial.js'
import { longestWait, shortestWait, uses } from './waits.js'

export const SILENCE: ReadonlySet<string> = new Set(['missing', 'stuck', 'age'])

/** Never fires within safe limits: whatever is good is within them; the rest is suspect, or missing. */
export function safe(subject: Subject): Trial | string {
  const { rule, sensors } = subject
  if (uses(rule.when, SILENCE)) return 'it speaks of sensors that fall silent or stand still too, and no range of values makes that safe'
  const open = sensors.filter((sensor) => sensor.safe === undefined)
  if (open.length > 0) return `no safe range is known of ${open.map(({ name }) => name).join(', ')}: give it in 'sensors'`
  const rest = (longestWait(rule) ?? shortestWait(rule)) + 1000
  const cases = fc.record({
    instants: steps(subject, (sensor) => sometimes(sensor, valuesIn([sensor.safe!])), { minLength: 1 }),
    rest: fc.constantFrom(rest, rest + Math.min(subject.stale, 1e9)),
  })
  return trial(cases, ({ instants, rest }) => {
    const samples = samplesOf(subject, instants)
    const raised = history(subject, samples, endOf(instants) + rest).find(({ stands }) => stands)
    if (raised === undefined) return 'holds'
    const before = samples.filter(({ at }) => at <= raised.at)
    return {
      why: `it is raised at ${formatDuration(raised.at)}, and all that was read is within its safe range`,
      readings: before.length,
      test: () => unraised(subject, before, raised.at, true),
    }
  })
}
