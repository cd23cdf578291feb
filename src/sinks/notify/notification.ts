import { createHash } from 'node:crypto'
import type { Alarm } from '../../model/index.js'

/** One thing to be told of one alarm. */
export interface Notification {
  /** The same on every attempt, after every restart and on every replay: whoever drops one that it has had is told of everything once. */
  readonly key: string
  /** `firing`: people have to do something about it. `resolved`: not any more; the alarm's `state` and `why` say why. */
  readonly status: 'firing' | 'resolved'
  /** How often it has been told before that this still stands; 0: it is told for the first time. */
  readonly repeat: number
  /** How many occurrences of this alarm came and went before this one, while they could not be told. */
  readonly missed: number
  /** The transition that is told; of a repeat, the latest. */
  readonly alarm: Alarm
}

/** What alarms may be told together by. */
export type GroupLabel = 'machine' | 'rule' | 'class' | 'severity'

/** What goes to a target at once. */
export interface Message {
  /** Made of those of the notifications: 32 hexadecimal digits. */
  readonly key: string
  /** `firing` where any of them is. */
  readonly status: 'firing' | 'resolved'
  /** What all its alarms have in common, by `group.by`. */
  readonly group: Readonly<Partial<Record<GroupLabel, string>>>
  /** In the order of the alarms' times. */
  readonly notifications: readonly Notification[]
}

export const keyOf = (notifications: readonly Pick<Notification, 'key'>[]): string =>
  createHash('sha256').update(notifications.map(({ key }) => key).join('\n')).digest('hex').slice(0, 32)

export const messageOf = (group: Message['group'], notifications: readonly Notification[]): Message => ({
  key: keyOf(notifications),
  status: notifications.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
  group,
  notifications,
})
