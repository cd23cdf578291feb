import type { Alarm, AlarmState } from '../model/index.js'
import { earliestTime, endOfTime, formatTimestamp } from '../model/timestamp.js'

export type AlarmFacts = Omit<Alarm, 'kind' | 'id' | 'occurrence' | 'time' | 'state' | 'machine'>

/** As text; a time that the wire does not carry, such as a frame of a marble test, as its number. */
const stamp = (time: number): string => (time >= earliestTime && time < endOfTime ? formatTimestamp(time) : String(time))

/**
 * One transition, with ids that are the same on every replay. `raisedAt` tells occurrences apart: a rule is judged on a machine as an instant opens, where a timer is due,
 * and as it closes, so it is raised at most once in it.
 */
export function alarmTransition(machine: string, state: AlarmState, time: number, facts: AlarmFacts): Alarm {
  const occurrence = `${facts.rule}/${encodeURIComponent(machine.toWellFormed())}/${stamp(facts.raisedAt)}`
  return { kind: 'alarm', id: `${occurrence}/${state}`, occurrence, time, machine, state, ...facts }
}
