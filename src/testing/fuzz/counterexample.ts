import { formatDuration } from '../../time/index.js'
import type { Duration } from '../../time/index.js'
import type { RuleState, RuleTest } from '../rule-test.js'
import { showSeries } from '../show-series.js'
import type { Sample } from './sample.js'
import type { Subject } from './subject.js'

/** The readings as a rule test of its machine, with the state that is expected of the rule at a moment. */
export function counterexample({ rule, machine, properties }: Subject, samples: readonly Sample[], at: number, state: RuleState): RuleTest {
  const of = (id: string): Readonly<Record<string, string>> => {
    const own = samples.filter((sample) => sample.machine === id)
    return Object.fromEntries([...new Set(own.map(({ sensor }) => sensor))].map((sensor) => [sensor, series(own.filter((sample) => sample.sensor === sensor))]))
  }
  const others = [...new Set(samples.map((sample) => sample.machine))].filter((id) => id !== machine.id)
  return {
    rules: [rule],
    ...(properties.machine === undefined && machine.id === 'm1' ? {} : { machine: Object.keys(machine).length === 1 ? machine.id : machine }),
    ...(properties.stale === undefined ? {} : { stale: properties.stale }),
    given: of(machine.id),
    ...(others.length === 0 ? {} : { others: Object.fromEntries(others.map((id) => [id, of(id)])) }),
    expect: [{ at: formatDuration(at) as Duration, rule: rule.id, state }],
  }
}

function series(samples: readonly Sample[]): string {
  const every = samples.reduce((step, { at }) => greatestCommonDivisor(step, at), 0) || 1000
  const readings = Array.from({ length: Math.max(...samples.map(({ at }) => at)) / every + 1 }, () => undefined as { readonly value: number; readonly suspect: boolean } | undefined)
  for (const { at, value, suspect } of samples) readings[at / every] = { value, suspect }
  return showSeries({ every, readings })
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))
