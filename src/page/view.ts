import type { Alarm, AlarmMeasures, AlarmStatus, Command, Severity, Truth } from '../model/index.js'

/** What the page is told, as JSON has it: numbers that are not known are `null`, times are epoch milliseconds of event time. */

export type MachineStateName = 'running' | 'starting' | 'stopped' | 'unknown'

/** `live`: the data are of now; else the page says all the time that they are not. */
export type Mode = 'live' | 'simulation' | 'replay'

/** What is the same for as long as the page is served. */
export interface PageAbout {
  readonly title: string
  readonly mode: Mode
  /** IANA name: times are shown in it. */
  readonly zone: string
  /** Event time that passes in a second of the wall clock; absent: not known, or as fast as it goes. */
  readonly speed?: number
  /** There are commands: alarms can be acknowledged. */
  readonly commands: boolean
}

export interface SensorView {
  readonly value: number
  readonly unit?: string
  readonly at: number
  /** The instrument cannot have meant it. */
  readonly suspect?: true
}

/** The limit that a machine is nearest to: 1 at normal, 0 at the limit. */
export interface NearestView {
  readonly rule: string
  readonly signal: string
  readonly value: number | null
  readonly limit: number | null
  readonly unit?: string
  readonly headroom: number | null
  readonly of: 'normal' | 'limit'
  /** It is beyond its limit, and the alarm comes after so many milliseconds if it stays there: what is left of a delay, and no guess. */
  readonly alarmIn?: number
}

export interface MachineView {
  readonly id: string
  readonly area?: string
  readonly state: MachineStateName
  /** Of its last reading; `null`: never heard. */
  readonly heardAt: number | null
  readonly sensors: Readonly<Record<string, SensorView>>
  readonly nearest?: NearestView
  /** By sensor, since the page began to look. */
  readonly anomalies: Readonly<Record<string, number>>
}

/** A condition, or a part of it, as it stood. */
export interface PartView {
  /** How deep it stands in the condition. */
  readonly depth: number
  readonly text: string
  readonly truth: Truth
  readonly value: number | null
  readonly limit: number | null
  /** How far it is from turning; `null` where that is not known from the values of this moment alone. */
  readonly margin: number | null
  readonly unit?: string
}

/** An alarm that is not normal: one rule on one machine. */
export interface AlarmView extends Pick<Alarm,
  'machine' | 'rule' | 'occurrence' | 'state' | 'severity' | 'class' | 'message' | 'time' | 'sensor' | 'unit' | 'since' | 'clears' | 'level' | 'noData' | 'by' | 'why' | 'until' | 'inhibitedBy'> {
  readonly status: Exclude<AlarmStatus, 'normal'>
  /** `null`: it is not raised. */
  readonly raisedAt: number | null
  readonly value: number | null
  readonly limit: number | null
  /** Its rule in one line. */
  readonly ruleText?: string
  /** How its condition stood when it was last raised or went up. */
  readonly parts?: readonly PartView[]
  /** It takes commands: the alarms of instruments, missing sensors and clocks do not. */
  readonly commands: boolean
}

/** One line of the log. */
export type EventView =
  | { readonly n: number; readonly is: 'alarm'; readonly text: string } & Pick<Alarm, 'time' | 'machine' | 'rule' | 'state' | 'status' | 'severity' | 'by' | 'why'>
  | { readonly n: number; readonly is: 'answer'; readonly time: number; readonly machine?: string; readonly command: AskedView; readonly accepted: boolean; readonly reason?: string }
  | { readonly n: number; readonly is: 'truth'; readonly time: number; readonly machine: string; readonly fault: string; readonly sensor?: string; readonly what: 'begins' | 'fails' | 'repaired' }
  | { readonly n: number; readonly is: 'rules'; readonly time: number; readonly added: number; readonly removed: number; readonly changed: number; readonly by?: string }

export type AskedView = Pick<Command, 'name' | 'machine' | 'area' | 'rule' | 'occurrence' | 'by'>

/** From when to when something stood, for the timeline; without `to`: it still does. */
export interface SpanView {
  readonly n: number
  readonly is: 'alarm' | 'truth'
  readonly machine: string
  /** The rule, or the fault. */
  readonly name: string
  readonly severity?: Severity
  readonly sensor?: string
  readonly from: number
  readonly to?: number
}

/** How the alarms of one period bore on those who answer them. */
export interface MeasuresView extends Pick<AlarmMeasures, 'key' | 'start' | 'end' | 'raised' | 'most' | 'chattering' | 'fleeting' | 'standing' | 'targets' | 'top'> {
  readonly perDay: number | null
  readonly flood: number | null
}

/** How far alarms are known that workers make elsewhere. */
export interface AlarmsKnown {
  /** `reading`: those of before are still being read. `known`: all that were made. `unwatched`: all that were made, and there is nobody who makes any now. `lost`: where they are does not answer. */
  readonly state: 'reading' | 'known' | 'unwatched' | 'lost'
  /** Messages of alarms that are still to be read. */
  readonly left: number
  /** Messages of readings that no worker has judged yet. */
  readonly behind: number
  readonly workers: number
  /** Event time: what has not changed since before that is not known, for it is no longer where alarms are read from. Absent: all is. */
  readonly from?: number
  /** In one line. */
  readonly why?: string
}

export interface PulseView {
  /** Of the newest output; `null` before the first. */
  readonly time: number | null
  /** How far that is behind the newest reading that came in, milliseconds. */
  readonly delay: number | null
  readonly readings: number
  /** Readings a second of the wall clock. */
  readonly rate: number
  readonly rejected: Readonly<Record<string, number>>
  /** 0 to 1, where that is known. */
  readonly progress?: number
  /** Messages that wait, where that is known. */
  readonly behind?: number
  /** Milliseconds of the wall clock since something last came in, when this was sent. */
  readonly quiet: number | null
  /** The data have ended, or the run was stopped: nothing more will come. */
  readonly ended?: 'ended' | 'stopped'
  /** Anomalies by sensor. */
  readonly anomalies: Readonly<Record<string, number>>
  /** Absent: alarms are made where readings are shown. */
  readonly alarms?: AlarmsKnown
}

/** What the page holds, by key: `about`, `pulse`, `machine ...`, `alarm ...`, `event ...`, `span ...`, `measures ...`. */
export interface Change {
  readonly full?: true
  readonly set: Readonly<Record<string, unknown>>
  readonly drop: readonly string[]
}

export interface LimitView {
  readonly rule: string
  readonly severity: Severity
  readonly low: number | null
  readonly high: number | null
  /** Milliseconds for which it must be passed. */
  readonly delay: number
}

/** One sensor over time: of each stretch the least and the greatest value, so that no peak is lost. */
export interface CurveView {
  readonly sensor: string
  readonly unit?: string
  readonly limits: readonly LimitView[]
  /** The beginnings of the stretches, rising. */
  readonly time: readonly number[]
  /** `null`: nothing good was heard in it. */
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
  /** Stretches in which readings came that the instrument cannot have meant; they are not drawn. */
  readonly suspect: readonly number[]
}

export interface SeriesView {
  readonly machine: string
  /** Milliseconds from the first stretch to now. */
  readonly span: number
  readonly now: number | null
  readonly curves: readonly CurveView[]
}

