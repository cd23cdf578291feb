import type { Occurrence } from './occurrence.js'
import type { TrueEvent } from './truth-of.js'

export interface ScoredEvent extends TrueEvent {
  /** What was raised first while it lasted; undefined: nothing was. */
  readonly first: Occurrence | undefined
  /** How often the rule that was raised most was raised again. */
  readonly again: number
}

export interface Scored {
  readonly events: readonly ScoredEvent[]
  /** What was raised while nothing was the matter with its machine. */
  readonly falseAlarms: readonly Occurrence[]
  /** Events of which something was raised, of all; NaN where there are none. */
  readonly recall: number
  /** Those, of those and the false alarms; NaN where nothing was raised. */
  readonly precision: number
}

/**
 * Alarms by what really was the matter: one that is raised from the beginning of an event of its machine to its end, both included, is for it; all others are false.
 * An alarm that stands already when an event begins does not find it.
 */
export function scoreAlarms(truth: readonly TrueEvent[], raised: readonly Occurrence[]): Scored {
  const isFor = ({ raised: { machine, time } }: Occurrence, event: TrueEvent): boolean => machine === event.machine && time >= event.from && time <= event.to
  const events = truth.map((event): ScoredEvent => {
    const own = raised.filter((occurrence) => isFor(occurrence, event))
    const counts = new Map<string, number>()
    for (const { raised: { rule } } of own) counts.set(rule, (counts.get(rule) ?? 0) + 1)
    return { ...event, first: own[0], again: Math.max(0, ...counts.values()) - (own.length === 0 ? 0 : 1) }
  })
  const falseAlarms = raised.filter((occurrence) => !truth.some((event) => isFor(occurrence, event)))
  const found = events.filter(({ first }) => first !== undefined).length
  return { events, falseAlarms, recall: found / events.length, precision: found / (found + falseAlarms.length) }
}
