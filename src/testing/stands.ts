import type { Alarm } from '../model/index.js'

const AFTER: ReadonlyMap<string, boolean> = new Map([['raised', true], ['cleared', false], ['closed', false]])

/** Whether the alarm stands after this transition; undefined where that says nothing of it. */
export const stands = (state: Alarm['state']): boolean | undefined => AFTER.get(state)
