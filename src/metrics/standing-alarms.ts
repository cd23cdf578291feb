import type { Alarm, AlarmStatus, Severity, Sink } from '../model/index.js'

interface Standing {
  readonly status: AlarmStatus
  readonly severity: Severity
}

export interface StandingAlarms {
  /** Of one partition; what stands is part of its checkpoint. */
  sink(partition: string): Sink
  /** How many stand, by status and severity. */
  count(): readonly (Standing & { readonly count: number })[]
}

/** The alarms that are not normal, over all partitions that are here. */
export function standingAlarms(): StandingAlarms {
  const partitions = new Map<string, Map<string, Standing>>()
  return {
    sink(partition) {
      let here = new Map<string, Standing>()
      return {
        name: 'metrics',
        async open(saved) {
          here = new Map(saved === undefined ? [] : saved as readonly (readonly [string, Standing])[])
          partitions.set(partition, here)
        },
        async write(items) {
          for (const item of items) {
            if (item.kind !== 'alarm') continue
            const { machine, rule, status, severity } = item as Alarm
            const key = JSON.stringify([machine, rule])
            if (status === 'normal') here.delete(key)
            else here.set(key, { status, severity })
          }
        },
        save: async () => [...here],
        async close() {
          if (partitions.get(partition) === here) partitions.delete(partition)
        },
      }
    },
    count() {
      const counts = new Map<string, Standing & { count: number }>()
      for (const here of partitions.values())
        for (const { status, severity } of here.values()) {
          const key = `${status} ${severity}`
          const one = counts.get(key)
          if (one === undefined) counts.set(key, { status, severity, count: 1 })
          else one.count++
        }
      return [...counts.values()]
    },
  }
}
