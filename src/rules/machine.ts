import type { Nameplate } from '../model/index.js'

/** What is known of a machine of the plant. */
export interface Machine {
  readonly id: string
  readonly area?: string
  readonly nameplate?: Nameplate
  /** The sensors that it has; left out: whatever is heard of it. */
  readonly sensors?: readonly string[]
  /** For `$name` in rules; they override those of the nameplate (ratedCurrent in A, ratedVoltage in V, ratedPower in kW). */
  readonly parameters?: Readonly<Record<string, number>>
  /** Epoch milliseconds since when it is expected to be heard, so that one that never was is missed too. Left out: it is not. */
  readonly expectedSince?: number
}

/** The machines that are known, by id. */
export type Machines = ReadonlyMap<string, Machine>

/** Throws a `RangeError` for an id that comes twice and a parameter that is not finite. */
export function machines(...list: readonly Machine[]): Machines {
  const register = new Map<string, Machine>()
  for (const machine of list) {
    if (register.has(machine.id)) throw new RangeError(`machine '${machine.id}' is in the register twice`)
    for (const [name, value] of Object.entries(machine.parameters ?? {}))
      if (!Number.isFinite(value)) throw new RangeError(`machine '${machine.id}': parameter ${name} must be a finite number, not ${value}`)
    register.set(machine.id, machine)
  }
  return register
}

/** A parameter of the machine; NaN where it has none of that name. */
export function parameter(machine: Machine | undefined, name: string): number {
  const own = machine?.parameters
  if (own !== undefined && Object.hasOwn(own, name)) return own[name]!
  const value = machine?.nameplate !== undefined && Object.hasOwn(machine.nameplate, name) ? machine.nameplate[name as keyof Nameplate] : undefined
  return typeof value === 'number' ? value : NaN
}

/** The units of the parameters that a nameplate has. */
export const parameterUnits: ReadonlyMap<string, string> = new Map([['ratedCurrent', 'A'], ['ratedVoltage', 'V'], ['ratedPower', 'kW']])
