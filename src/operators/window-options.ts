import type { Summary } from '../model/index.js'
import { type Aggregate, stats } from './aggregates/index.js'
import type { Key } from './key.js'

/** Windows are of something on a machine: summaries name it. */
export interface OfMachine {
  readonly machine: string
}

export interface WindowOptions<In extends OfMachine, Result> {
  /** What has windows of its own. Of a function's key a summary has the text, and the machine of the window's first item. */
  readonly key: Key<In>
  /** What is made of the items of a window; left out: `stats()`, of readings. */
  readonly aggregate?: Aggregate<In, unknown, Result>
  /** Names its state in a checkpoint. */
  readonly name?: string
}

/** Whose window it is, as plain data; what is not known is empty. */
export interface Owner {
  machine: string
  sensor: string
  readonly key: string
}

export const aggregateOf = <In extends OfMachine, Result>(options: WindowOptions<In, Result>): Aggregate<In, unknown, Result> =>
  options.aggregate ?? (stats() as Aggregate<unknown, unknown, unknown> as Aggregate<In, unknown, Result>)

/** What the summaries of a key have of the key itself. */
export const keyText = <In extends OfMachine, Result>(options: WindowOptions<In, Result>, key: string): string => (typeof options.key === 'function' ? key : '')

/** Takes machine and sensor from the first item of a window. */
export function own<In extends OfMachine, Result>(owner: Owner, item: In, options: WindowOptions<In, Result>): void {
  owner.machine = item.machine
  if (options.key === 'series') owner.sensor = (item as In & { readonly sensor: string }).sensor
}

export function summary<Result>(owner: Owner, time: number, start: number, end: number, values: Result, status?: 'early' | 'partial'): Summary<Result> {
  return {
    kind: 'summary',
    time,
    machine: owner.machine,
    ...(owner.sensor === '' ? undefined : { sensor: owner.sensor }),
    ...(owner.key === '' ? undefined : { key: owner.key }),
    start,
    end,
    values,
    ...(status === undefined ? undefined : { status }),
  }
}
