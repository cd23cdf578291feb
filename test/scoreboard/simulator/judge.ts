import type { Item, Reading } from '../../../src/model/index.js'
import { alarmsBehaviour } from '../../../src/operators/index.js'
import { machines } from '../../../src/rules/index.js'
import type { Machine, Rule } from '../../../src/rules/index.js'

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
  readonly raised: readonly Raised[]
}

export function startWatch(rules: readonly Rule[], machine: Machine, now: number): Watch {
  const behaviour = alarmsBehaviour(rules, { machines: machines(machine) })
  return { rules, machine, behaviour, state: behaviour.start(machine.id, now), raised: [] }
}

/** The same, to go on apart. */
export const forked = (watch: Watch): Watch => ({ ...watch, state: structuredClone(watch.state), raised: [] })

/** Timers that lie before the instant, its readings, and, at its end, what is due. */
export function instant({ behaviour, state, raised }: Watch, readings: readonly Reading[], now: number): void {
  const emit = (item: Item): void => {
    if (item.kind === 'alarm' && 'state' in item && item.state === 'raised') (raised as Raised[]).push({ time: now, rule: String((item as { readonly rule?: unknown }).rule) })
  }
  while (state.wakeAt < now) behaviour.wake!(state, state.wakeAt, emit, true)
  for (const reading of readings) behaviour.next(state, reading, now, emit)
  while (state.wakeAt <= now) behaviour.wake!(state, now, emit, true)
}
