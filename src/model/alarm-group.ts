import type { Alarm } from './alarm.js'

/** What is to be told of a group of alarms at one time. Each list is in the order of the alarms' times, and then of their occurrences. */
export interface AlarmGroup {
  readonly kind: 'alarm-group'
  /** Epoch milliseconds. */
  readonly time: number
  /** The key's text: what the group is of. */
  readonly key: string
  /** The raises of all occurrences that stand. */
  readonly alarms: readonly Alarm[]
  /** The raises since the group was last told of; some may be over again. */
  readonly raised: readonly Alarm[]
  /** The ends since the group was last told of. */
  readonly cleared: readonly Alarm[]
}
