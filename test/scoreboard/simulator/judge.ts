import type { Reading } from '../../../src/model/index.js'
import { alarmsBehaviour } from '../../../src/operators/index.js'
import { machines } from '../../../src/rules/index.js'
import type { Machine, Rule } from '../../../src/rules/index.js'
import { instant } from '../../rules/packs/nameplate/instant.js'

export interface Raised {
  readonly time: number
  readonly rule: string
}

/** A rule set on one machine, judged as `keyed` does it, without RxJS; it can be gone on with from where it stood, more than once. */
export interface Watch {
  readonly rules: readonly Rule[]
  readonly machine: Machine
  readonly behaviour: ReturnType<typeof alarmsBehaviour>
  readonly state: ReturnType<ReturnType<typeof alarmsBehaviour>['start']>
  readonly raised: Raised[]
}

export function startWatch(rules: readonly Rule[], machine: Machine, now: number): Watch {
  const behaviour = alarmsBehaviour(rules, { machines: machines(machine) })
  return { rules, machine, behaviour, state: behaviour.start(machine.id, now), raised: [] }
}

/** The same, to go on apart. */
export const forked = (watch: Watch): Watch => ({ ...watch, state: structuredClone(watch.state), raised: [] })

/** What is raised goes into `raised`. */
export function heard({ behaviour, state, raised }: Watch, readings: readonly Reading[], now: number): void {
  instant(behaviour, state, readings, now, (item) => {
    if (item.kind === 'alarm' && item.state === 'raised') raised.push({ time: now, rule: item.rule })
  })
}
