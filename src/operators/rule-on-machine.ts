import type { Alarm } from '../model/index.js'

/** Neither has a NUL in it. */
export const ruleOnMachine = ({ machine, rule }: Alarm): string => `${machine}\u0000${rule}`
