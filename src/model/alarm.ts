export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** What part of the plant an alarm speaks of. */
export type AlarmClass = 'thermal' | 'mechanical' | 'electrical' | 'support' | 'environment' | 'instrument' | 'communication'

/** What has happened to an alarm. `raised` opens an occurrence; `cleared` says that its condition has gone, and ends it but for a latched alarm, which `reset` ends; `closed` ends any. */
export type AlarmState =
  | 'raised'
  | 'cleared'
  | 'escalated'
  | 'acknowledged'
  | 'shelved'
  | 'unshelved'
  | 'suppressed'
  | 'unsuppressed'
  | 'removed-from-service'
  | 'returned-to-service'
  | 'reset'
  | 'data-lost'
  | 'data-back'
  | 'closed'

/** How an alarm stands, in the states of ISA-18.2 and IEC 62682. `returned`: to normal, unacknowledged; `latched`: acknowledged; `suppressed`: by design. */
export type AlarmStatus =
  | 'normal'
  | 'unacknowledged'
  | 'acknowledged'
  | 'returned'
  | 'latched-unacknowledged'
  | 'latched'
  | 'shelved'
  | 'suppressed'
  | 'out-of-service'

/** One transition of one alarm. */
export interface Alarm {
  readonly kind: 'alarm'
  /** The same on every replay: occurrence and state, and for what may come again in one occurrence its time. */
  readonly id: string
  /** Names one raise of one rule on one machine. A transition of an alarm that is not raised, as where it is shelved beforehand, has rule and machine alone. */
  readonly occurrence: string
  /** Epoch milliseconds of this transition. */
  readonly time: number
  readonly machine: string
  readonly rule: string
  readonly state: AlarmState
  /** How the alarm stands after this transition. */
  readonly status: AlarmStatus
  readonly severity: Severity
  readonly class: AlarmClass
  /** In plain words, values filled in; where nothing was measured for this transition, as it was last announced. */
  readonly message: string
  /** Epoch milliseconds at which the occurrence was raised; NaN: the alarm is not raised. */
  readonly raisedAt: number
  /** The part that decided: its sensor, value and limit. NaN where it has none. */
  readonly sensor?: string
  readonly value: number
  readonly limit: number
  readonly unit?: string
  /** Epoch milliseconds since when the deciding part has been as it is, delays included. */
  readonly since?: number
  /** Of what stands: in plain words, what would clear it. */
  readonly clears?: string
  /** The name of the highest level that the occurrence has reached; absent: that of the rule itself. */
  readonly level?: string
  /** It stands, and there are no current data that could clear it. */
  readonly noData?: true
  /** Who asked for it, and why; of `closed`, why. */
  readonly by?: string
  readonly why?: string
  /** Of `shelved`: epoch milliseconds at which that ends by itself. */
  readonly until?: number
  /** The occurrence of another alarm on the machine that explains this one (see `inhibited`). */
  readonly inhibitedBy?: string
}
