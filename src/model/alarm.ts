export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** What part of the plant an alarm speaks of. */
export type AlarmClass = 'thermal' | 'mechanical' | 'electrical' | 'support' | 'environment' | 'instrument' | 'communication'

export type AlarmState = 'raised' | 'cleared'

/** One transition of one alarm. */
export interface Alarm {
  readonly kind: 'alarm'
  /** The same on every replay: occurrence and state. */
  readonly id: string
  /** Names one raise of one rule on one machine, from its raise to its clearing. */
  readonly occurrence: string
  /** Epoch milliseconds of this transition. */
  readonly time: number
  readonly machine: string
  readonly rule: string
  readonly state: AlarmState
  readonly severity: Severity
  readonly class: AlarmClass
  /** In plain words, values filled in. */
  readonly message: string
  /** Epoch milliseconds at which the occurrence was raised. */
  readonly raisedAt: number
  /** The part that decided: its sensor, value and limit. NaN where it has none. */
  readonly sensor?: string
  readonly value: number
  readonly limit: number
  readonly unit?: string
}
