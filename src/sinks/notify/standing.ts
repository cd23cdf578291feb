import type { Alarm } from '../../model/index.js'

const FIRING: readonly Alarm['status'][] = ['unacknowledged', 'acknowledged', 'latched-unacknowledged', 'latched']

/** People have to do something about it. */
export const isFiring = ({ status }: Pick<Alarm, 'status'>): boolean => FIRING.includes(status)

/** Of a rule on a machine, whatever its occurrences. */
export const alarmKey = ({ machine, rule }: Pick<Alarm, 'machine' | 'rule'>): string => JSON.stringify([machine, rule])
