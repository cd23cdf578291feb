import type { Severity } from './alarm.js'

/** What good practice asks for. */
export interface AlarmTargets {
  /** Raised a day, for each operator who answers them. */
  readonly perDay: number
  /** Share of the time in flood: at most this. */
  readonly flood: number
  /** Share of all that are raised; `high` is of high and critical ones together. */
  readonly mix: Readonly<Record<'low' | 'medium' | 'high', number>>
}

/** How often one rule was raised on one machine. */
export interface AlarmCount {
  readonly machine: string
  readonly rule: string
  readonly raised: number
  /** Of all that were raised. */
  readonly share: number
}

/** How the alarms of a plant, or of a part of it, bear on those who answer them, in the period `[start, end)`: the measures of ISA-18.2, IEC 62682 and EEMUA 191. */
export interface AlarmMeasures {
  readonly kind: 'alarm-measures'
  /** Epoch milliseconds at which they were taken: the period's end, except for `partial` ones. */
  readonly time: number
  /** The key's text: what they are of. */
  readonly key: string
  readonly start: number
  readonly end: number
  readonly raised: number
  /** Raised a day, at the rate of this period. NaN where it has no length. */
  readonly perDay: number
  /** The most that were raised within 10 minutes, the last of them in this period. */
  readonly most: number
  /** Share of the time in flood. NaN where the period has no length. */
  readonly flood: number
  /** Share of all that were raised. NaN where none was. */
  readonly mix: Readonly<Record<Severity, number>>
  readonly targets: AlarmTargets
  /** The rules on machines that were raised most often, most often first. */
  readonly top: readonly AlarmCount[]
  /** How many rules on machines were raised so often within a minute that they chattered, the last time in this period. */
  readonly chattering: number
  /** How many occurrences ended in this period that had lasted for less than a minute. */
  readonly fleeting: number
  /** How many occurrences that ended in this period, or stood at its end, had stood for more than 24 hours. The standards call them stale. */
  readonly standing: number
  /** The data ended before the period did. Absent on a whole period. */
  readonly status?: 'partial'
}
