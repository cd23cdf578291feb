import type { Alarm } from '../model/index.js'

/** One raise of one rule on one machine, over recorded readings. */
export interface Occurrence {
  readonly raised: Alarm
  /** Infinity: it stood at the end. */
  readonly clearedAt: number
}

const ENDS: ReadonlySet<string> = new Set(['cleared', 'closed'])

/** The alarms' occurrences, in the order in which they were raised. */
export function occurrences(alarms: readonly Alarm[]): readonly Occurrence[] {
  const found = new Map<string, Occurrence>()
  for (const alarm of alarms) {
    const { occurrence, state, time } = alarm
    const open = found.get(occurrence)
    if (state === 'raised') found.set(occurrence, { raised: alarm, clearedAt: Infinity })
    else if (open !== undefined && open.clearedAt === Infinity && ENDS.has(state)) found.set(occurrence, { ...open, clearedAt: time })
  }
  return [...found.values()]
}
