import type { Alarm, AlarmState } from '../model/index.js'
import { earliestTime, endOfTime, formatTimestamp } from '../model/timestamp.js'

export type AlarmFacts = Omit<Alarm, 'kind' | 'id' | 'occurrence' | 'time' | 'state' | 'machine'>

/** As text; a time that the wire does not carry, such as a frame of a marble test, as its number. */
const stamp = (time: number): string => (time >= earliestTime && time < endOfTime ? formatTimestamp(time) : String(time))

/** One transition, with ids that are the same on every replay: a rule is judged at most once an instant on a machine, so `raisedAt` tells occurrences apart. */
export function alarmTransition(machine: string, state: AlarmState, time: number, facts: AlarmFacts): Alarm {
  const occurrence = `${facts.rule}/${encodeURIComponent(machine.toWellFormed())}/${stamp(facts.raisedAt)}`
  return { kind: 'alarm', id: `${occurrence}/${state}`, occurrence, time, machine, state, ...facts }
}
