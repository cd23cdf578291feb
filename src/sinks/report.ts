import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Alarm, AlarmClass, Anomaly, Item, Reading, Rejected, RejectReason, Sink } from '../model/index.js'

/** One alarm, from its raise to its clearing. Times are ISO 8601. */
export interface ReportedAlarm {
  readonly rule: string
  readonly machine: string
  readonly severity: string
  readonly message: string
  readonly raisedAt: string
  /** Absent: it stands. */
  readonly clearedAt?: string
}

export interface Report {
  /** Readings that were taken in, suspect ones included. */
  readonly readings: number
  /** Inputs that were not: undecodable, late, ahead or refused. */
  readonly rejected: number
  readonly late: number
  readonly ahead: number
  readonly undecodable: number
  /** Identical readings of one instant, left out as such and not counted as rejected. */
  readonly duplicates: number
  readonly suspect: number
  /** Readings without a unit, taken to be in the sensor's own. */
  readonly assumedUnits: number
  readonly summaries: number
  /** ISO 8601; absent where there was no reading. */
  readonly from?: string
  readonly to?: string
  readonly machines: number
  /** Readings that, alone, lie beyond a limit, by class. */
  readonly anomalies: Readonly<Partial<Record<AlarmClass, number>>>
  readonly alarms: { readonly raised: number; readonly cleared: number; readonly standing: number }
  readonly occurrences: readonly ReportedAlarm[]
  readonly throughput: {
    /** Of the wall clock, all starts of the run together. */
    readonly seconds: number
    readonly readingsPerSecond: number
  }
}

interface ReportState {
  readings: number
  suspect: number
  assumedUnits: number
  summaries: number
  from: number
  to: number
  milliseconds: number
  readonly machines: Set<string>
  readonly rejected: Map<RejectReason, number>
  readonly anomalies: Map<AlarmClass, number>
  readonly alarms: Map<string, ReportedAlarm>
  raised: number
  cleared: number
}

export interface ReportSink extends Sink {
  report(): Report
}

/**
 * Counts what flows and, when it is closed, writes the report as JSON to `path`, where one is given; `report()` tells how it stands.
 * The counts are part of the checkpoint, so a run that was stopped or killed and started again has one report.
 */
export function reportSink({ path }: { readonly path?: string } = {}): ReportSink {
  let state = fresh()
  let since = Date.now()

  const take = (item: Item): void => {
    switch (item.kind) {
      case 'reading': {
        const { machine, time, quality, unit } = item as Reading
        state.readings++
        if (quality === 'suspect') state.suspect++
        if (unit === undefined) state.assumedUnits++
        if (time < state.from) state.from = time
        if (time > state.to) state.to = time
        state.machines.add(machine)
        return
      }
      case 'summary':
        state.summaries++
        return
      case 'rejected':
        count(state.rejected, (item as Rejected).reason)
        return
      case 'anomaly':
        for (const each of (item as Anomaly).classes) count(state.anomalies, each)
        return
      case 'alarm': {
        const { occurrence, rule, machine, severity, message, raisedAt, time, state: became } = item as Alarm
        if (became === 'raised') {
          state.raised++
          state.alarms.set(occurrence, { rule, machine, severity, message, raisedAt: iso(raisedAt) })
        } else {
          state.cleared++
          const alarm = state.alarms.get(occurrence)
          if (alarm !== undefined) state.alarms.set(occurrence, { ...alarm, clearedAt: iso(time) })
        }
      }
    }
  }

  const report = (): Report => {
    const of = (reason: RejectReason): number => state.rejected.get(reason) ?? 0
    const seconds = (state.milliseconds + Date.now() - since) / 1000
    return {
      readings: state.readings,
      rejected: of('undecodable') + of('late') + of('ahead') + of('refused'),
      late: of('late'),
      ahead: of('ahead'),
      undecodable: of('undecodable'),
      duplicates: of('duplicate'),
      suspect: state.suspect,
      assumedUnits: state.assumedUnits,
      summaries: state.summaries,
      ...(state.readings === 0 ? {} : { from: iso(state.from), to: iso(state.to) }),
      machines: state.machines.size,
      anomalies: Object.fromEntries([...state.anomalies].sort(([a], [b]) => (a < b ? -1 : 1))),
      alarms: { raised: state.raised, cleared: state.cleared, standing: state.raised - state.cleared },
      occurrences: [...state.alarms.values()],
      throughput: { seconds, readingsPerSecond: Math.round(state.readings / Math.max(seconds, 0.001)) },
    }
  }

  return {
    name: 'report',
    report,
    async open(saved) {
      state = saved === undefined ? fresh() : structuredClone(saved as ReportState)
      since = Date.now()
    },
    async write(items) {
      for (const item of items) take(item)
    },
    async save() {
      return structuredClone({ ...state, milliseconds: state.milliseconds + Date.now() - since })
    },
    async close() {
      if (path === undefined) return
      await mkdir(dirname(path), { recursive: true })
      const handle = await open(`${path}.tmp`, 'w')
      try {
        await handle.writeFile(`${JSON.stringify(report(), null, 2)}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(`${path}.tmp`, path)
    },
  }
}

function fresh(): ReportState {
  return {
    readings: 0,
    suspect: 0,
    assumedUnits: 0,
    summaries: 0,
    from: Infinity,
    to: -Infinity,
    milliseconds: 0,
    machines: new Set(),
    rejected: new Map(),
    anomalies: new Map(),
    alarms: new Map(),
    raised: 0,
    cleared: 0,
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
