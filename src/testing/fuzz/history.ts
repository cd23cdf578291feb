import { filter } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Alarm, Item, Reading, Tick } from '../../model/index.js'
import type { AlarmsOperator } from '../alarms-operator.js'
import { epoch } from '../epoch.js'
import { replay } from '../replay.js'
import type { RuleTest } from '../rule-test.js'
import { runRuleTest } from '../run-rule-test.js'
import { stands } from '../stands.js'
import { counterexample } from './counterexample.js'
import type { Sample } from './sample.js'
import type { Subject } from './subject.js'

/** The alarm of the subject's machine stands from here on, or no longer. */
export interface Change {
  readonly at: number
  readonly stands: boolean
}

/** What the operator under test makes of the readings, up to `until`. `instants`: when else time is moved on to. */
export function history({ rule, machine, operator, options }: Subject, samples: readonly Sample[], until: number, instants: readonly number[] = []): readonly Change[] {
  const inputs = [
    ...samples.map(({ at, machine, sensor, value, suspect }): Reading => ({ kind: 'reading', time: epoch + at, machine, sensor, value, quality: suspect ? 'suspect' : 'good' })),
    ...[0, ...instants, until].map((at): Tick => ({ kind: 'tick', time: epoch + at })),
  ].sort((a, b) => a.time - b.time)
  return replay((time) => operator([rule], options, time), inputs).flatMap((item): readonly Change[] => {
    if (item.kind !== 'alarm') return []
    const alarm = item as Alarm
    const after = stands(alarm.state)
    return alarm.machine === machine.id && alarm.rule === rule.id && after !== undefined ? [{ at: alarm.time - epoch, stands: after }] : []
  })
}

export const standsAt = (changes: readonly Change[], at: number): boolean => changes.findLast((change) => change.at <= at)?.stands ?? false

/** The readings as a test that the alarm is not raised at that moment, and how the rule is there instead: where `calm`, it may not be pending. */
export function unraised(subject: Subject, samples: readonly Sample[], at: number, calm = false): RuleTest {
  const { signals } = subject.properties
  const test = counterexample(subject, samples, at, 'normal')
  const { state } = runRuleTest(test, [], { operator: silent, ...(signals === undefined ? {} : { signals }) }).outcomes[0]!
  return calm && state === 'pending' ? test : { ...test, expect: [{ ...test.expect[0]!, state }] }
}

const silent: AlarmsOperator = (): OperatorFunction<Item, Item> => filter(() => false)
