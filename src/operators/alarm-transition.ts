import type { Alarm } from '../model/index.js'
import { occurrenceOf } from './occurrence-name.js'

export type AlarmFacts = Omit<Alarm, 'kind' | 'id' | 'occurrence' | 'time' | 'state' | 'status' | 'machine'>

/** A transition of an alarm that takes no commands: it is unacknowledged while it stands, and normal as soon as it is cleared. */
export function alarmTransition(machine: string, state: 'raised' | 'cleared', time: number, facts: AlarmFacts): Alarm {
  const occurrence = occurrenceOf(facts.rule, machine, facts.raisedAt)
  return { kind: 'alarm', id: `${occurrence}/${state}`, occurrence, time, machine, state, status: state === 'raised' ? 'unacknowledged' : 'normal', ...facts }
}
