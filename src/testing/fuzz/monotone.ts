import fc from 'fast-check'
import { formatDuration } from '../../time/index.js'
import { counterexample } from './counterexample.js'
import { history, standsAt } from './history.js'
import type { Said, Step } from './streams.js'
import { anyValue, endOf, instants, samplesOf } from './streams.js'
import type { FuzzedSensor, Subject } from './subject.js'
import { trial } from './trial.js'
import type { Trial } from './trial.js'
import { longestWait, shortestWait } from './waits.js'

type Two = readonly [better: Said, worse: Said]

/** Worse readings never make it better: where the alarm stands over some readings, it stands over others that are as bad or worse at each instant. */
export function monotone(subject: Subject): Trial | string {
  const { rule, sensors } = subject
  if (rule.suppressedBy !== undefined) return 'it is suppressed by design while another condition holds'
  if (sensors.every(({ worse }) => worse === undefined)) return "of no sensor is it known which way is worse: give it in 'sensors'"
  const cases = fc.record({
    instants: instants(subject, fc.tuple(...sensors.map(betterAndWorse)), { minLength: 1 }),
    rest: fc.constantFrom(1000, (longestWait(rule) ?? shortestWait(rule)) + 1000),
  })
  return trial(cases, ({ instants: made, rest }) => {
    const side = (i: 0 | 1): readonly Step[] => made.map(({ gap, said }) => ({ gap, said: said.map((two) => two[i]) }))
    const until = endOf(side(0)) + rest
    const better = history(subject, samplesOf(subject, side(0)), until)
    const samples = samplesOf(subject, side(1))
    const worse = history(subject, samples, until)
    const at = [...better, ...worse].map((change) => change.at).sort((a, b) => a - b).find((time) => standsAt(better, time) && !standsAt(worse, time))
    if (at === undefined) return better.length === 0 ? 'idle' : 'holds'
    const before = samples.filter((sample) => sample.at <= at)
    const were = samplesOf(subject, side(0)).filter((sample) => sample.at <= at).map(({ value, suspect }) => `${value}${suspect ? '!' : ''}`).join(' ')
    return {
      why: `it does not stand at ${formatDuration(at)}, and over better readings (${were}) it does`,
      readings: before.length,
      test: () => counterexample(subject, before, at, 'raised'),
    }
  })
}

function betterAndWorse(sensor: FuzzedSensor): fc.Arbitrary<Two> {
  const values = anyValue(sensor)
  const two = sensor.worse === undefined ? values.map((value): readonly [number, number] => [value, value]) : fc.tuple(values, values).map(([a, b]): readonly [number, number] => (a < b === (sensor.worse === 'higher') ? [a, b] : [b, a]))
  const said = (suspect: boolean) => two.map(([a, b]): Two => [{ value: a, suspect }, { value: b, suspect }])
  return fc.oneof({ weight: 6, arbitrary: said(false) }, { weight: 1, arbitrary: fc.constant<Two>([undefined, undefined]) }, { weight: 1, arbitrary: said(true) })
}
