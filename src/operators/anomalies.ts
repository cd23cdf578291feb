import * as E from 'fp-ts/lib/Either.js'
import { Observable } from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { AlarmClass, Anomaly, Reading, Rules } from '../model/index.js'
import { limitsOf, readRules } from '../rules/index.js'
import type { Limit, Machine, Machines, OwnSignals, Rule } from '../rules/index.js'
import { Timeline } from '../time/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'

export interface AnomaliesOptions {
  /** For limits that are parameters, `$ratedCurrent * 1.1`; on a machine that is not among them they are none. */
  readonly machines?: Machines
  /** That rules which come while it runs may name. */
  readonly signals?: OwnSignals
}

/**
 * Emits an `anomaly` for each reading that, alone, lies beyond a limit of a rule: whatever its delays, and suspect or not.
 * A reading at a limit is none. Left out are comparisons of several sensors, and those under `all` or `not`. Classes stand in the order of the rules, each once.
 *
 * Other rules (`{ kind: 'rules', ... }`) are followed from their instant on; on a `Timeline` they are in its save. It keeps nothing else. A document that is no good is passed over here: `alarms` tells of it.
 *
 * @example
 * const at = (value: number) => reading('m1', 'temperature_coil', value)
 * marbles(() => pipe(anomalies([rule({ id: 'hot', when: above('temperature_coil', 120) })]), map((anomaly) => anomaly.reading)))
 *   .of('a-b', { a: at(120), b: at(121) })
 *   .gives('--b')
 */
export function anomalies(rules: readonly Rule[], { machines: register, signals }: AnomaliesOptions = {}, time?: SchedulerLike): OperatorFunction<Reading | Rules, Anomaly> {
  const place = time instanceof Timeline ? time.place('anomalies', 1) : undefined
  const asBuilt = classesBy(rules, register)
  return (source) =>
    new Observable((subscriber) => {
      let classesOf = asBuilt
      let exchanged: readonly Rule[] | undefined
      const exchange = (other: readonly Rule[]): void => {
        exchanged = other
        classesOf = classesBy(other, register)
      }
      const saved = place?.join({ ready: false, earliest: () => Infinity, open: () => undefined, close: () => undefined, save: () => exchanged })
      if (saved !== undefined) exchange(saved as readonly Rule[])
      subscriber.add(() => {
        place?.leave()
      })
      subscribeWithin(subscriber, source, {
        next: (item) => {
          let classes: readonly AlarmClass[] | undefined
          try {
            classes = classesOf(item as Reading)
            if (classes === undefined && item.kind === 'rules') {
              const other = readRules(item.rules, signals)
              if (E.isRight(other)) exchange(other.right)
            }
          } catch (error) {
            subscriber.error(error)
            return
          }
          if (classes !== undefined && classes !== none) subscriber.next({ kind: 'anomaly', time: item.time, machine: (item as Reading).machine, reading: item as Reading, classes })
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

/** What classes a reading is an anomaly of; undefined where no rule looks at its sensor. */
function classesBy(rules: readonly Rule[], register: Machines | undefined): (reading: Reading) => readonly AlarmClass[] | undefined {
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
  return ({ sensor, value, machine }) => {
    const candidates = (own.get(machine) ?? common).get(sensor)
    if (candidates === undefined) return undefined
    let classes = none
    for (const { limit, machines } of candidates) {
      if (value <= limit.high && value >= limit.low) continue
      if (machines?.has(machine) === false || classes.includes(limit.class)) continue
      classes = [...classes, limit.class]
    }
    return classes
  }
}

type Limits = Map<string, { readonly limit: Limit; readonly machines: ReadonlySet<string> | undefined }[]>

const none: readonly AlarmClass[] = []
