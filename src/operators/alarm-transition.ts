import { formatTimestamp } from '../model/index.js'
import type { Alarm, AlarmState } from '../model/index.js'

export type AlarmFacts = Omit<Alarm, 'kind' | 'id' | 'occurrence' | 'time' | 'state' | 'machine'>

/** One transition, with ids that are the same on every replay: a rule is judged at most once an instant on a machine. */
export function alarmTransition(machine: string, state: AlarmState, time: number, facts: AlarmFacts): Alarm {
  const occurrence = `${facts.rule}/${encodeURIComponent(machine.toWellFormed())}/${formatTimestamp(facts.raisedAt)}`
  return { kind: 'alarm', id: `${occurrence}/${state}`, occurrence, time, machine, state, ...facts }
}
