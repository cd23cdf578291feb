import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { AlarmClass, Anomaly, Reading } from '../model/index.js'
import { limitsOf } from '../rules/index.js'
import type { Limit, Machine, Machines, Rule } from '../rules/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'

export interface AnomaliesOptions {
  /** For limits that are parameters, `$ratedCurrent * 1.1`; on a machine that is not among them they are none. */
  readonly machines?: Machines
}

/**
 * Emits an `anomaly` for each reading that, alone, lies beyond a limit of a rule: whatever its delays, and suspect or not.
 * It keeps no state. A reading at a limit is none. Left out are comparisons of several sensors, and those under `all` or `not`. Classes stand in the order of the rules, each once.
 *
 * @example
 * const at = (value: number) => reading('m1', 'temperature_coil', value)
 * marbles(() => pipe(anomalies([rule({ id: 'hot', when: above('temperature_coil', 120) })]), map((anomaly) => anomaly.reading)))
 *   .of('a-b', { a: at(120), b: at(121) })
 *   .gives('--b')
 */
export function anomalies(rules: readonly Rule[], { machines: register }: AnomaliesOptions = {}): OperatorFunction<Reading, Anomaly> {
  const limitsFor = (known?: Machine): Limits => {
    const limits: Limits = new Map()
    for (const rule of rules) {
      const machines = rule.machines === undefined ? undefined : new Set(rule.machines)
      for (const limit of limitsOf(rule, known)) limits.set(limit.sensor, [...(limits.get(limit.sensor) ?? []), { limit, machines }])
    }
    return limits
  }
  const common = limitsFor()
  const own = new Map([...(register?.values() ?? [])].map((machine) => [machine.id, limitsFor(machine)]))
  const classesOf = ({ sensor, value, machine }: Reading): readonly AlarmClass[] => {
    const candidates = (own.get(machine) ?? common).get(sensor)
    let classes = none
    if (candidates !== undefined)
      for (const { limit, machines } of candidates) {
        if (value <= limit.high && value >= limit.low) continue
        if (machines?.has(machine) === false || classes.includes(limit.class)) continue
        classes = [...classes, limit.class]
      }
    return classes
  }
  return (source) =>
    new Observable((subscriber) => {
      subscribeWithin(subscriber, source, {
        next: (reading) => {
          let classes: readonly AlarmClass[]
          try {
            classes = classesOf(reading)
          } catch (error) {
            subscriber.error(error)
            return
          }
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

type Limits = Map<string, { readonly limit: Limit; readonly machines: ReadonlySet<string> | undefined }[]>

const none: readonly AlarmClass[] = []
