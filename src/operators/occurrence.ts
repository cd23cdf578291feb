import type { Alarm } from '../model/index.js'

/** An occurrence is over when its alarm is cleared, or closed because its rule is no more. */
export const endsOccurrence = ({ state }: { readonly state: string }): boolean => state === 'cleared' || state === 'closed'

export const byOccurrence = (a: Alarm, b: Alarm): number => (a.occurrence < b.occurrence ? -1 : a.occurrence > b.occurrence ? 1 : 0)

export const byTime = (a: Alarm, b: Alarm): number => a.time - b.time || byOccurrence(a, b)
