import fc from 'fast-check'
import { duration, formatDuration } from '../../time/index.js'
import { counterexample } from './counterexample.js'
import { history, standsAt } from './history.js'
import { always, anyValue, endOf, gaps, kept, samplesOf, sometimes, steps, valuesIn } from './streams.js'
import type { FuzzedSensor, Subject } from './subject.js'
import { trial } from './trial.js'
import type { Trial } from './trial.js'
import { longestWait } from './waits.js'

/** How long it may take to fire when all is clearly outside; or why that is not known. */
export function deadline({ rule, sensors, properties }: Subject): number | string {
  if (rule.suppressedBy !== undefined) return 'it is suppressed by design while another condition holds'
  if (sensors.length === 0) return 'it reads no sensor'
  const open = sensors.filter(({ outside }) => outside === undefined)
  if (open.length > 0) return `it is not known what is clearly outside for ${open.map(({ name }) => name).join(', ')}: give it in 'sensors'`
  const wait = properties.within === undefined ? longestWait(rule) : duration(properties.within)
  return wait ?? "it waits for more than its delays, such as for a mean: say in 'within' how long it may take"
}

export const outside = (sensor: FuzzedSensor): fc.Arbitrary<number> => valuesIn(sensor.outside!)

/** Always fires within its delays when all sensors are clearly outside, whatever was before. */
export function fires(subject: Subject): Trial | string {
  const wait = deadline(subject)
  if (typeof wait === 'string') return wait
  const cases = fc.record({
    before: steps(subject, (sensor) => sometimes(sensor, anyValue(sensor))),
    gap: gaps(subject),
    beyond: steps(subject, (sensor) => always(outside(sensor)), { minLength: 1 }),
  })
  return trial(cases, ({ before, gap, beyond }) => {
    const from = before.length === 0 ? 0 : endOf(before) + gap
    const due = from + wait
    const samples = [...samplesOf(subject, before), ...samplesOf(subject, kept(subject, beyond, from, due), from)]
    if (standsAt(history(subject, samples, due), due)) return 'holds'
    return {
      why: `it does not stand at ${formatDuration(due)}, and all was clearly outside from ${formatDuration(from)} on`,
      readings: samples.length,
      test: () => counterexample(subject, samples, due, 'raised'),
    }
  })
}
