import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Alarm, AlarmClass, AlarmMeasures, Anomaly, Item, Reading, Rejected, RejectReason, Sink, SinkState } from '../model/index.js'
import { jsonlSink } from './jsonl.js'
import { addMeasures, reportedPractice } from './report/practice.js'
import type { Practice, ReportedPractice } from './report/practice.js'

export type { ReportedPractice } from './report/practice.js'

/** One alarm, from its raise to its clearing, at its highest level. What operators did with it is not told. Times are ISO 8601. */
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
  /** How they bore on those who answer them, for each key in the order of its name; absent where nothing was measured (`monitor(rules, { measures: {} })`). */
  readonly practice?: readonly ReportedPractice[]
  /** By the time of their raise; of the same time, those that have ended first. */
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
  readonly standing: Map<string, ReportedAlarm>
  readonly practices: Map<string, Practice>
  /** Without a file of their own; with one, those that are not yet written to it. */
  past: ReportedAlarm[]
  raised: number
  cleared: number
  /** Those that stood and were closed: their rule is no more. */
  closed: number
}

/** The file that the alarms which have ended are in, and how many of its lines belong to the state. */
interface PastState {
  readonly path: string
  readonly lines: number
  readonly file: SinkState
}

interface SavedState {
  readonly counts: ReportState
  readonly past?: PastState
}

export interface ReportSink extends Sink {
  /** How it stands. Its `occurrences` are, with a `path`, those that stand, as the others are in a file; without one, all. */
  report(): Report
}

/**
 * Counts what flows and, when it is closed, writes the report as JSON to `path`, where one is given; `report()` tells how it stands.
 * The counts are part of the checkpoint, so a run that was stopped or killed and started again has one report.
 *
 * Alarms that have ended are kept in `<path>.alarms.jsonl`, a line each, and are joined in when the report is written; that file stays, for a run that goes on.
 * Without a `path` they are kept in memory, and in every checkpoint: for a run that does not end, give one.
 * `open()` overwrites what an earlier run has left of both files; `open(saved)` goes on in them, and where the path is another than before, takes along what belongs to it.
 */
export function reportSink({ path }: { readonly path?: string } = {}): ReportSink {
  const pastPath = path === undefined ? undefined : `${path}.alarms.jsonl`
  const file = pastPath === undefined ? undefined : jsonlSink({ path: pastPath })
  let state = fresh()
  let lines = 0
  let since = Date.now()

  const moveToFile = async (): Promise<void> => {
    if (file === undefined || state.past.length === 0) return
    await file.write(state.past.map((alarm) => ({ kind: 'ended', ...alarm })))
    lines += state.past.length
    state.past = []
  }

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
      case 'alarm-measures':
        addMeasures(state.practices, item as AlarmMeasures)
        return
      case 'alarm': {
        const { occurrence, rule, machine, severity, message, raisedAt, time, state: became } = item as Alarm
        if (became === 'raised') state.raised++
        if (became === 'cleared') state.cleared++
        const alarm = state.standing.get(occurrence)
        if (became === 'raised' || (became === 'escalated' && alarm !== undefined)) {
          state.standing.set(occurrence, { rule, machine, severity, message, raisedAt: iso(raisedAt) })
        } else if ((became === 'cleared' || became === 'closed') && alarm !== undefined) {
          if (became === 'closed') state.closed++
          state.standing.delete(occurrence)
          state.past.push({ ...alarm, clearedAt: iso(time) })
        }
      }
    }
  }

  const report = (past: readonly ReportedAlarm[] = []): Report => {
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
      alarms: { raised: state.raised, cleared: state.cleared, standing: state.raised - state.cleared - state.closed },
      ...(state.practices.size === 0 ? {} : { practice: [...state.practices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, practice]) => reportedPractice(key, practice, state.to - state.from)) }),
      occurrences: [...past, ...state.past, ...state.standing.values()].sort((a, b) => (a.raisedAt < b.raisedAt ? -1 : a.raisedAt > b.raisedAt ? 1 : 0)),
      throughput: { seconds, readingsPerSecond: Math.round(state.readings / Math.max(seconds, 0.001)) },
    }
  }

  return {
    name: 'report',
    report: () => report(),
    async open(saved) {
      const { counts, past } = (saved ?? { counts: fresh() }) as SavedState
      // A checkpoint from before there were measures has none.
      state = { ...fresh(), ...structuredClone(counts) }
      lines = 0
      since = Date.now()
      if (file !== undefined && past !== undefined && past.path === pastPath) {
        await file.open(past.file)
        lines = past.lines
        return
      }
      if (past !== undefined) state.past = [...await readPast(past), ...state.past]
      if (file === undefined) return
      await rm(pastPath!, { force: true })
      await file.open()
      await moveToFile()
    },
    async write(items) {
      for (const item of items) take(item)
      await moveToFile()
    },
    async save() {
      const counts = structuredClone({ ...state, milliseconds: state.milliseconds + Date.now() - since })
      return { counts, ...(file === undefined ? {} : { past: { path: pastPath!, lines, file: await file.save() } }) } satisfies SavedState
    },
    async close(completed) {
      if (path === undefined || file === undefined) return
      await file.close(completed)
      await mkdir(dirname(path), { recursive: true })
      const handle = await open(`${path}.tmp`, 'w')
      try {
        await handle.writeFile(`${JSON.stringify(report(await readPast({ path: pastPath!, lines })), null, 2)}\n`)
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
    standing: new Map(),
    practices: new Map(),
    past: [],
    raised: 0,
    cleared: 0,
    closed: 0,
  }
}

/** Throws where there are fewer lines than it says. */
async function readPast({ path, lines }: Pick<PastState, 'path' | 'lines'>): Promise<ReportedAlarm[]> {
  const held = (await readFile(path, 'utf8')).split('\n', lines + 1)
  if (held.length <= lines)
    throw new Error(`report sink: '${path}' holds ${held.length - 1} of the ${lines} alarms that have ended: bring back the file as it was, or start afresh without the checkpoint`)
  return held.slice(0, lines).map((line) => {
    const { kind, ...alarm } = JSON.parse(line) as ReportedAlarm & Item
    return alarm
  })
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
