import type { Alarm, AlarmMeasures, Anomaly, Answer, Batch, Item, Reading, Rejected, RulesChanged, Verdict } from '../model/index.js'
import { readRules, ruleText } from '../rules/index.js'
import type { Machines, OwnSignals, Rule } from '../rules/index.js'
import { curve, tiers } from './curve.js'
import type { Curve } from './curve.js'
import { drawnLimits } from './drawn-limits.js'
import { partsOf } from './parts.js'
import { stateVerdicts } from './state-verdicts.js'
import type { AlarmView, AskedView, EventView, MachineStateName, MachineView, MeasuresView, NearestView, PartView, PulseView, SensorView, SeriesView, SpanView } from './view.js'

export interface PlantOptions {
  /** Those in force: their limits are drawn, and alarms are explained by them. Other rules that come as inputs are followed. */
  readonly rules: readonly Rule[]
  /** They are shown from the beginning, in this order; others behind them, as they are heard. */
  readonly machines?: Machines
  readonly signals?: OwnSignals
  /** Alarms come from elsewhere than readings, so neither waits for the other: how the parts of a condition stood when it was raised is then not shown, and a machine is shown that was not heard and has an alarm. */
  readonly apart?: boolean
}

/** What the page shows, folded from what flows: no clock, no timer, no socket. */
export interface Plant {
  take(items: readonly Item[]): void
  batch(batch: Pick<Batch<Item>, 'items' | 'progress' | 'behind'>): void
  readonly readings: number
  /** Of the newest output; NaN before the first. */
  readonly time: number
  readonly pulse: Omit<PulseView, 'rate' | 'quiet' | 'ended'>
  /** Everything, by key. */
  all(): Readonly<Record<string, unknown>>
  /** What is other than at the last call, and the keys that are there no more: of those that were handed out, so what is kept for the next call is bounded, however late it comes. */
  changes(): { readonly set: Readonly<Record<string, unknown>>; readonly drop: readonly string[] }
  /** The curves of a machine; undefined where it is not known. @param tier 0 the finest, up to 2 */
  series(machine: string, tier: number): SeriesView | undefined
  /** The condition of an alarm's rule by the machine's values as they are now; undefined where there is no such rule. */
  partsNow(machine: string, rule: string): readonly PartView[] | undefined
  /** Plain data that `restore` takes: the alarms, the log and the counts, not the curves. */
  save(): unknown
  restore(saved: unknown): void
}

/** Of `Outlook`, which lives in another room: what is shown of it. */
interface OutlookItem extends Item {
  readonly machine: string
  readonly nearest?: Omit<NearestView, 'value' | 'limit' | 'headroom' | 'alarmIn'> & { readonly value: number; readonly limit: number; readonly headroom: number; readonly pending?: true; readonly firesIn?: number }
}

/** Of the simulator's `Truth`. */
interface TruthItem extends Item {
  readonly time: number
  readonly machine: string
  readonly fault: string
  readonly sensor?: string
  readonly onset: number
  readonly failure: number
  readonly severity: number
}

interface Known {
  readonly id: string
  readonly area: string | undefined
  heardAt: number
  readonly said: Record<keyof typeof stateVerdicts, boolean>
  readonly sensors: Map<string, SensorView>
  /** The last good value of each sensor. */
  readonly values: Map<string, number>
  readonly curves: Map<string, readonly Curve[]>
  nearest: NearestView | undefined
  readonly anomalies: Map<string, number>
}

/** The most that is kept of each. What comes when there are so many machines, or sensors of one, is counted in the readings and not shown. */
export const bounds = { machines: 2_000, sensors: 50, events: 500, spans: 500, alarms: 20_000, measures: 24 } as const

const standsBy = (state: string): (keyof typeof stateVerdicts) | undefined =>
  state === stateVerdicts.running ? 'running' : state === stateVerdicts.starting ? 'starting' : state === stateVerdicts.stopped ? 'stopped' : undefined

const known = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null)

export function plant({ rules: first, machines: register, signals, apart = false }: PlantOptions): Plant {
  const machines = new Map<string, Known>()
  const alarms = new Map<string, AlarmView>()
  const events = new Map<string, EventView>()
  const spans = new Map<string, SpanView>()
  const openSpans = new Map<string, string>()
  const measures = new Map<string, MeasuresView>()
  const failed = new Set<string>()
  const anomalies = new Map<string, number>()
  const rejected = new Map<string, number>()
  let rules = new Map(first.map((rule) => [rule.id, rule]))
  let coming: readonly Rule[] | undefined
  let limits = new Map<string, ReturnType<typeof drawnLimits>>()
  let readings = 0
  let time = NaN
  let newest = NaN
  let progress: number | undefined
  let behind: number | undefined
  let n = 0

  let changed = new Set<string>()
  let dropped = new Set<string>()
  /** Keys that somebody was told of. */
  const handedOut = new Set<string>()
  const touch = (key: string): void => {
    changed.add(key)
    dropped.delete(key)
  }
  const drop = (key: string): void => {
    if (handedOut.has(key)) dropped.add(key)
    changed.delete(key)
  }
  const keep = <T>(map: Map<string, T>, key: string, value: T, most: number): void => {
    map.set(key, value)
    touch(key)
    if (map.size <= most) return
    const [oldest] = map.keys()
    map.delete(oldest!)
    drop(oldest!)
  }

  const machineOf = (id: string): Known | undefined => {
    let found = machines.get(id)
    if (found !== undefined) return found
    if (machines.size >= bounds.machines) return undefined
    found = { id, area: register?.get(id)?.area, heardAt: NaN, said: { running: false, starting: false, stopped: false }, sensors: new Map(), values: new Map(), curves: new Map(), nearest: undefined, anomalies: new Map() }
    machines.set(id, found)
    touch(`machine ${id}`)
    return found
  }
  for (const id of register?.keys() ?? []) machineOf(id)

  const tell = (event: DistributiveOmit<EventView, 'n'>): void => {
    n++
    keep(events, `event ${n}`, { ...event, n }, bounds.events)
  }

  const begin = (id: string, span: Omit<SpanView, 'n'>): void => {
    n++
    const key = `span ${n}`
    openSpans.set(id, key)
    keep(spans, key, { ...span, n }, bounds.spans)
  }

  const end = (id: string, to: number): void => {
    const key = openSpans.get(id)
    const span = key === undefined ? undefined : spans.get(key)
    openSpans.delete(id)
    if (key === undefined || span === undefined) return
    spans.set(key, { ...span, to })
    touch(key)
  }

  const takeReading = ({ machine, sensor, value, unit, quality, time: at }: Reading): void => {
    readings++
    time = Number.isNaN(time) ? at : Math.max(time, at)
    const found = machineOf(machine)
    if (found === undefined) return
    found.heardAt = at
    touch(`machine ${machine}`)
    let curves = found.curves.get(sensor)
    if (curves === undefined) {
      if (found.curves.size >= bounds.sensors) return
      found.curves.set(sensor, (curves = tiers.map(curve)))
    }
    found.sensors.set(sensor, { value: Number(value.toPrecision(6)), ...(unit === undefined ? {} : { unit }), at, ...(quality === 'good' ? {} : { suspect: true }) })
    if (quality === 'good') {
      found.values.set(sensor, value)
      for (const each of curves) each.add(at, value)
    } else {
      found.values.delete(sensor)
      for (const each of curves) each.addSuspect(at)
    }
  }

  const takeAlarm = (alarm: Alarm): void => {
    time = Math.max(alarm.time, Number.isNaN(time) ? -Infinity : time)
    const { machine, rule, status, state, severity, raisedAt } = alarm
    const id = JSON.stringify([machine, rule])
    const key = `alarm ${id}`
    const before = alarms.get(key)
    const values = machines.get(machine)?.values
    const its = rules.get(rule)
    if (!Number.isNaN(raisedAt) || alarm.by !== undefined)
      tell({ is: 'alarm', time: alarm.time, machine, rule, state, status, severity, text: alarm.message, ...(alarm.by === undefined ? {} : { by: alarm.by }), ...(alarm.why === undefined ? {} : { why: alarm.why }) })
    if (state === 'raised') {
      end(id, alarm.time)
      begin(id, { is: 'alarm', machine, name: rule, severity, from: alarm.time })
    } else if (state === 'cleared' || state === 'closed' || state === 'reset') end(id, alarm.time)
    else if (state === 'escalated') {
      const open = openSpans.get(id)
      const span = open === undefined ? undefined : spans.get(open)
      if (open !== undefined && span !== undefined) keep(spans, open, { ...span, severity }, bounds.spans)
    }
    if (status === 'normal' || state === 'closed') {
      if (alarms.delete(key)) drop(key)
      return
    }
    const explained = state === 'raised' || state === 'escalated'
    const level = alarm.level === undefined ? undefined : its?.levels?.find(({ name }) => name === alarm.level)
    const parts = explained && !apart && its !== undefined && values !== undefined ? partsOf((level ?? its).when, values, register?.get(machine)) : before?.occurrence === alarm.occurrence ? before.parts : undefined
    const { kind: _, id: __, ...shown } = alarm
    if (apart) machineOf(machine)
    if (before === undefined && alarms.size >= bounds.alarms) return
    alarms.set(key, {
      ...shown,
      status,
      raisedAt: known13(raisedAt),
      value: known(alarm.value),
      limit: known(alarm.limit),
      ...(its === undefined ? {} : { ruleText: ruleText(its) }),
      ...(parts === undefined ? {} : { parts }),
      commands: its !== undefined,
    })
    touch(key)
  }

  const takeTruth = (truth: TruthItem): void => {
    const { machine, fault, sensor, onset, failure, severity } = truth
    const id = `truth ${JSON.stringify([machine, fault, sensor ?? '', onset])}`
    const its = { machine, ...(sensor === undefined ? {} : { sensor }) }
    if (!openSpans.has(id) && severity > 0) {
      begin(id, { is: 'truth', ...its, name: fault, from: onset })
      tell({ is: 'truth', time: truth.time, ...its, fault, what: 'begins' })
    }
    if (severity === 0) {
      end(id, truth.time)
      failed.delete(id)
      tell({ is: 'truth', time: truth.time, ...its, fault, what: 'repaired' })
    } else if (sensor === undefined && truth.time >= failure && !failed.has(id)) {
      failed.add(id)
      tell({ is: 'truth', time: truth.time, ...its, fault, what: 'fails' })
    }
  }

  const takeOne = (item: Item): void => {
    switch (item.kind) {
      case 'reading':
        takeReading(item as Reading)
        break
      case 'outlook': {
        const { machine, nearest } = item as OutlookItem
        const found = machineOf(machine)
        if (found === undefined) return
        found.nearest = nearest === undefined ? undefined : nearestView(nearest)
        touch(`machine ${machine}`)
        break
      }
      case 'verdict': {
        const { machine, condition, truth } = item as Verdict
        const says = standsBy(condition)
        const found = says === undefined ? undefined : machineOf(machine)
        if (says === undefined || found === undefined) return
        found.said[says] = truth === true
        touch(`machine ${machine}`)
        break
      }
      case 'alarm':
        takeAlarm(item as Alarm)
        break
      case 'alarm-measures': {
        const { key, start, end, raised, most, chattering, fleeting, standing, targets, top, perDay, flood } = item as AlarmMeasures
        keep(measures, `measures ${key} ${start}`, { key, start, end, raised, most, chattering, fleeting, standing, targets, top, perDay: known(perDay), flood: known(flood) }, bounds.measures)
        break
      }
      case 'anomaly': {
        const { machine, reading } = item as Anomaly
        anomalies.set(reading.sensor, (anomalies.get(reading.sensor) ?? 0) + 1)
        const found = machineOf(machine)
        if (found === undefined || (!found.anomalies.has(reading.sensor) && found.anomalies.size >= bounds.sensors)) return
        found.anomalies.set(reading.sensor, (found.anomalies.get(reading.sensor) ?? 0) + 1)
        break
      }
      case 'rejected': {
        const { reason } = item as Rejected
        rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
        break
      }
      case 'truth':
        takeTruth(item as TruthItem)
        break
      case 'answer': {
        const { time: at, machine, command, accepted, reason } = item as Answer
        const { name, area, rule, occurrence, by } = command
        const asked: AskedView = { name, by, ...(command.machine === undefined ? {} : { machine: command.machine }), ...(area === undefined ? {} : { area }), ...(rule === undefined ? {} : { rule }), ...(occurrence === undefined ? {} : { occurrence }) }
        tell({ is: 'answer', time: at, command: asked, accepted, ...(machine === undefined ? {} : { machine }), ...(reason === undefined ? {} : { reason }) })
        break
      }
      case 'rules': {
        const read = readRules((item as { readonly rules?: unknown }).rules, signals)
        if (read._tag === 'Right') coming = read.right
        break
      }
      case 'rules-changed': {
        const { time: at, added, removed, changed: others, by } = item as RulesChanged
        if (coming !== undefined) rules = new Map(coming.map((rule) => [rule.id, rule]))
        limits = new Map()
        tell({ is: 'rules', time: at, added: added.length, removed: removed.length, changed: others.length, ...(by === undefined ? {} : { by }) })
      }
    }
  }

  const stateOf = ({ said }: Known): MachineStateName => (said.starting ? 'starting' : said.running ? 'running' : said.stopped ? 'stopped' : 'unknown')

  const machineView = (found: Known): MachineView => ({
    id: found.id,
    ...(found.area === undefined ? {} : { area: found.area }),
    state: stateOf(found),
    heardAt: known13(found.heardAt),
    sensors: Object.fromEntries(found.sensors),
    ...(found.nearest === undefined ? {} : { nearest: found.nearest }),
    anomalies: Object.fromEntries(found.anomalies),
  })

  const valueOf = (key: string): unknown => {
    const [what = ''] = key.split(' ', 1)
    if (what === 'machine') return machineView(machines.get(key.slice('machine '.length))!)
    return what === 'alarm' ? alarms.get(key) : what === 'event' ? events.get(key) : what === 'measures' ? measures.get(key) : spans.get(key)
  }

  const valuesOf = (keys: Iterable<string>): Readonly<Record<string, unknown>> => {
    const values: Record<string, unknown> = {}
    for (const key of keys) {
      values[key] = valueOf(key)
      handedOut.add(key)
    }
    return values
  }

  const limitsOfMachine = (machine: string): ReturnType<typeof drawnLimits> => {
    let found = limits.get(machine)
    if (found === undefined) limits.set(machine, (found = drawnLimits([...rules.values()], machine, register?.get(machine))))
    return found
  }

  return {
    take(items) {
      for (const item of items) takeOne(item)
    },
    batch(batch) {
      const last = batch.items.findLast(({ kind }) => kind === 'reading') as Reading | undefined
      if (last !== undefined) newest = last.time
      progress = batch.progress ?? progress
      behind = batch.behind
    },
    get readings() {
      return readings
    },
    get time() {
      return time
    },
    get pulse() {
      return {
        time: known13(time),
        delay: known13(Math.max(0, newest - time)),
        readings,
        rejected: Object.fromEntries(rejected),
        ...(progress === undefined ? {} : { progress }),
        ...(behind === undefined ? {} : { behind }),
        anomalies: Object.fromEntries(anomalies),
      }
    },
    all: () => valuesOf([...[...machines.keys()].map((id) => `machine ${id}`), ...alarms.keys(), ...events.keys(), ...spans.keys(), ...measures.keys()]),
    changes() {
      const set = valuesOf(changed)
      const gone = [...dropped]
      for (const key of gone) handedOut.delete(key)
      changed = new Set()
      dropped = new Set()
      return { set, drop: gone }
    },
    series(machine, tier) {
      const found = machines.get(machine)
      const finest = tiers[tier]
      if (found === undefined || finest === undefined) return undefined
      const drawn = limitsOfMachine(machine)
      return {
        machine,
        span: finest.width * finest.count,
        now: known13(time),
        curves: [...found.curves].map(([sensor, curves]) => {
          const unit = found.sensors.get(sensor)?.unit
          return { sensor, ...(unit === undefined ? {} : { unit }), limits: drawn.get(sensor) ?? [], ...curves[tier]!.read() }
        }),
      }
    },
    partsNow(machine, rule) {
      const its = rules.get(rule)
      return its === undefined ? undefined : partsOf(its.when, machines.get(machine)?.values ?? new Map<string, number>(), register?.get(machine))
    },
    save: () => structuredClone({ alarms, events, spans, openSpans, measures, failed, anomalies, rejected, readings, n, heard: [...machines.values()].map(({ id, said }) => ({ id, said })), time, rules: coming } satisfies Saved),
    restore(saved) {
      const before = structuredClone(saved as Saved)
      for (const [own, its] of [[alarms, before.alarms], [events, before.events], [spans, before.spans], [openSpans, before.openSpans], [measures, before.measures ?? []], [anomalies, before.anomalies], [rejected, before.rejected]] as const)
        for (const [key, value] of its) (own as Map<string, unknown>).set(key, value)
      for (const each of before.failed) failed.add(each)
      for (const { id, said } of before.heard) Object.assign(machineOf(id)?.said ?? {}, said)
      ;({ readings, n, time } = before)
      if (before.rules !== undefined) {
        coming = before.rules
        rules = new Map(coming.map((rule) => [rule.id, rule]))
      }
    },
  }
}

interface Saved {
  readonly alarms: ReadonlyMap<string, AlarmView>
  readonly events: ReadonlyMap<string, EventView>
  readonly spans: ReadonlyMap<string, SpanView>
  readonly openSpans: ReadonlyMap<string, string>
  /** Absent: saved before there were any. */
  readonly measures?: ReadonlyMap<string, MeasuresView>
  readonly failed: ReadonlySet<string>
  readonly anomalies: ReadonlyMap<string, number>
  readonly rejected: ReadonlyMap<string, number>
  readonly readings: number
  readonly n: number
  readonly heard: readonly { readonly id: string; readonly said: Known['said'] }[]
  readonly time: number
  readonly rules: readonly Rule[] | undefined
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A time, with all its figures. */
const known13 = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Without its trend: one number and no range is no prediction to show. What is left of a delay is counted, and not guessed. */
const nearestView = ({ rule, signal, value, limit, unit, headroom, of, pending, firesIn }: NonNullable<OutlookItem['nearest']>): NearestView => ({
  rule, signal, value: known(value), limit: known(limit), ...(unit === undefined ? {} : { unit }), headroom: known(headroom), of, ...(pending === true && firesIn !== undefined ? { alarmIn: Math.round(firesIn) } : {}),
})
