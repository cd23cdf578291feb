import type { Alarm, AlarmState, AlarmStatus } from 'motorwatch'

/** A transition of an alarm, as the operators make it: the time is its own, in seconds. */
export function alarm(state: AlarmState, time: number, more: Partial<Alarm> = {}): Alarm {
  const { machine = 'M1', rule = 'hot', raisedAt = time * 1_000 } = more
  const occurrence = `${rule}/${machine}/${raisedAt}`
  const once = state === 'raised' || state === 'cleared'
  return {
    kind: 'alarm', id: `${occurrence}/${state}${once ? '' : `/${time * 1_000}`}`, occurrence, time: time * 1_000, machine, rule, state, status: STATUS[state], severity: 'high', class: 'thermal',
    message: `${machine}: ${rule} ${state}`, raisedAt, value: 130, limit: 120, ...more,
  }
}

const STATUS: Readonly<Record<AlarmState, AlarmStatus>> = {
  'raised': 'unacknowledged', 'cleared': 'returned', 'escalated': 'unacknowledged', 'acknowledged': 'acknowledged', 'shelved': 'shelved', 'unshelved': 'unacknowledged', 'suppressed': 'suppressed', 'unsuppressed': 'unacknowledged',
  'removed-from-service': 'out-of-service', 'returned-to-service': 'unacknowledged', 'reset': 'normal', 'data-lost': 'unacknowledged', 'data-back': 'unacknowledged', 'closed': 'normal',
}
