import type { MachineStateName } from './view.js'

/**
 * By what name of its condition a verdict tells the page what a machine does. The page looks at no current itself: what runs, and what is not known, is for the rules' own three-valued logic to say.
 *
 * @example
 * threshold(running(), { name: stateVerdicts.running }, time)
 */
export const stateVerdicts = { running: 'machine running', starting: 'machine starting', stopped: 'machine stopped' } as const satisfies Partial<Record<MachineStateName, string>>
