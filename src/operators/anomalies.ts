import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { AlarmClass, Anomaly, Reading } from '../model/index.js'
import { limitsOf } from '../rules/index.js'
import type { Limit, Rule } from '../rules/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'

/**
 * Emits an `anomaly` for each reading that, alone, lies beyond a limit of a rule: whatever its delays, and suspect or not.
 * It keeps no state. A reading at a limit is none. Rules that compare several sensors, or stand under `all` or `not`, are left out.
 *
 * @example
 * // limit 120; readings a:120 b:121; out: the anomaly of b
 * in   a-b
 * out  --b
 */
export function anomalies(rules: readonly Rule[]): OperatorFunction<Reading, Anomaly> {
  const limits = new Map<string, Limit[]>()
  for (const limit of rules.flatMap(limitsOf)) limits.set(limit.sensor, [...(limits.get(limit.sensor) ?? []), limit])
  const machines = new Map(rules.map(({ id, machines: only }) => [id, only === undefined ? undefined : new Set(only)]))
  const classesOf = ({ sensor, value, machine }: Reading): readonly AlarmClass[] => {
    const candidates = limits.get(sensor)
    let classes = none
    if (candidates !== undefined)
      for (const limit of candidates) {
        if (value <= limit.high && value >= limit.low) continue
        if (machines.get(limit.rule)?.has(machine) === false || classes.includes(limit.class)) continue
        classes = [...classes, limit.class]
      }
    return classes
  }
  return (source) =>
    new Observable((subscriber) => {
      subscribeWithin(subscriber, source, {
        next: (reading) => {
          const classes = classesOf(reading)
          if (classes !== none) subscriber.next({ kind: 'anomaly', time: reading.time, machine: reading.machine, reading, classes })
        },
        error: (error: unknown) => {
          subscriber.error(error)
        },
        complete: () => {
          subscriber.complete()
        },
      })
    })
}

const none: readonly AlarmClass[] = []
