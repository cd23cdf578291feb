import { stamp } from '../alarms/index.js'

/** The name of one raise of a rule on a machine, the same on every replay: a rule is judged at most once an instant on a machine. With NaN, of the alarm while it is not raised. */
export function occurrenceOf(rule: string, machine: string, raisedAt: number): string {
  const alarm = `${rule}/${encodeURIComponent(machine.toWellFormed())}`
  return raisedAt === raisedAt ? `${alarm}/${stamp(raisedAt)}` : alarm
}

/** The rule and the machine in such a name; undefined where it is none. */
export function readOccurrence(occurrence: string): { readonly rule: string; readonly machine: string } | undefined {
  const [rule, machine, time] = occurrence.split('/')
  if (time === undefined) return undefined
  try {
    return { rule: rule!, machine: decodeURIComponent(machine!) }
  } catch {
    return undefined
  }
}
