import type * as t from 'io-ts'
import type { Own, Signal } from './signal.js'

/** A signal of a user's own: its parameters with their codec, and how it goes on. */
export interface OwnSignal<Params = unknown, State = unknown> {
  /** Names it in rules and in JSON documents. */
  readonly name: string
  readonly params: t.Type<Params, unknown>
  readonly unit?: string
  /** Plain data, for each machine. */
  start(params: Params): State
  /** Its value now, NaN for unknown, from those of its parts (NaN: unknown). Called whenever the machine is judged. */
  next(state: State, values: readonly number[], now: number, params: Params): number
}

/** Those that rules may use, by name. */
export type OwnSignals = ReadonlyMap<string, OwnSignal>

/**
 * A signal of one's own as a function that makes signals for rules. What judges or reads such rules is given the definition: `alarms(rules, { signals: ownSignals([peak.definition]) }, time)`.
 *
 * @example
 * import * as t from 'io-ts'
 *
 * const peak = ownSignal({
 *   name: 'peak',
 *   params: t.type({ decay: t.number }),
 *   start: () => ({ value: -Infinity }),
 *   next: (state, [value = NaN], _now, { decay }) => (state.value = value > state.value - decay ? value : state.value - decay),
 * })
 * rule({ id: 'knock', when: above(peak({ decay: 0.1 }, 'vibration_rotor'), 7) })
 */
export function ownSignal<Params, State>(definition: OwnSignal<Params, State>): OwnSignalMaker<Params> {
  if (!/^[A-Za-z_]\w*$/.test(definition.name)) throw new RangeError(`signal name ${JSON.stringify(definition.name)}: expected letters, digits and '_'`)
  const make = (params: Params, ...of: readonly Signal[]): Own => ({ op: 'own', name: definition.name, params: definition.params.encode(params), of })
  return Object.assign(make, { definition: definition as unknown as OwnSignal })
}

export interface OwnSignalMaker<Params> {
  (params: Params, ...of: readonly Signal[]): Own
  readonly definition: OwnSignal
}

export const ownSignals = (list: readonly OwnSignal[] = []): OwnSignals => new Map(list.map((each) => [each.name, each]))
