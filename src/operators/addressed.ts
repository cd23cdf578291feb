import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Command, Item, Reading, Rules } from '../model/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'
import { readOccurrence } from './occurrence-name.js'

/** A command to one machine. */
export type MachineCommand = Command & { readonly machine: string }

export interface AddressedOptions {
  /** The machines of the plant, by name: those of an area are found here. */
  readonly machines?: ReadonlyMap<string, { readonly area?: string }>
}

/**
 * Readings, commands to the machines that they concern, and other rules, which concern all, so that they can be keyed by machine: a command to a machine, or to an occurrence of its, goes to that machine;
 * one to an area to each machine of the area, in the order of `machines`; one that names nothing of all this to the machine '', where it is refused. All other kinds are left out.
 *
 * @example
 * const plant = machines({ id: 'M1', area: 'hall' })
 * pipe(addressed({ machines: plant }), keyed(sideBySide<Reading | MachineCommand | Rules, Output>(alarmsBehaviour(rules, { machines: plant })), { key: 'machine' }, time))
 */
export function addressed({ machines }: AddressedOptions = {}): OperatorFunction<Item, Reading | MachineCommand | Rules> {
  const byArea = new Map<string | undefined, string[]>()
  for (const [machine, { area }] of machines ?? []) if (area !== undefined) byArea.set(area, [...(byArea.get(area) ?? []), machine])

  const targets = ({ machine, occurrence, area }: Command): readonly string[] => {
    if (machine !== undefined) return [machine]
    if (occurrence !== undefined) return [readOccurrence(occurrence)?.machine ?? '']
    return byArea.get(area) ?? ['']
  }

  return (source) =>
    new Observable<Reading | MachineCommand | Rules>((subscriber) => {
      subscribeWithin(subscriber, source, {
        next: (item) => {
          if (item.kind === 'reading') subscriber.next(item as Reading)
          else if (item.kind === 'command') for (const machine of targets(item as Command)) subscriber.next({ ...(item as Command), machine })
          else if (item.kind === 'rules') subscriber.next(item as Rules)
        },
        error: (error: unknown) => {
          subscriber.error(error)
        },
        complete: () => {
          subscriber.complete()
        },
      })
    })
}
