import type { Nameplate } from '../model/index.js'
import { nameplateLimit } from './standards/nameplate-limit.js'

/** What is known of a machine of the plant. */
export interface Machine {
  readonly id: string
  readonly area?: string
  readonly nameplate?: Nameplate
  /** The sensors that it has; left out: whatever is heard of it. */
  readonly sensors?: readonly string[]
  /** For `$name` in rules; they override those of the nameplate (ratedCurrent in A, ratedVoltage in V, ratedPower in kW) and what follows from it: see `nameplateLimit`. */
  readonly parameters?: Readonly<Record<string, number>>
  /** What its sensors show when all is well, by sensor: headroom is the way from there to a limit. Those that are left out: not known. */
  readonly normal?: Readonly<Record<string, number>>
  /** What detectors have learned of it elsewhere, by the detector's text (`wearChart of vibration_rotor`): they begin with it. `frozen`: and learn nothing more. */
  readonly learned?: Readonly<Record<string, Learned>>
  /** Epoch milliseconds since when it is expected to be heard, so that one that never was is missed too. Left out: it is not. */
  readonly expectedSince?: number
}

/** The state of a detector, as `motorwatch learn` writes it. */
export interface Learned {
  readonly state: unknown
  readonly frozen?: true
}

/** The machines that are known, by id. */
export type Machines = ReadonlyMap<string, Machine>

/** Throws a `RangeError` for an id that comes twice, and a parameter or a normal value that is not finite. */
export function machines(...list: readonly Machine[]): Machines {
  const register = new Map<string, Machine>()
  for (const machine of list) {
    if (register.has(machine.id)) throw new RangeError(`machine '${machine.id}' is in the register twice`)
    for (const [name, value] of Object.entries(machine.parameters ?? {}))
      if (!Number.isFinite(value)) throw new RangeError(`machine '${machine.id}': parameter ${name} must be a finite number, not ${value}`)
    for (const [sensor, value] of Object.entries(machine.normal ?? {}))
      if (!Number.isFinite(value)) throw new RangeError(`machine '${machine.id}': what is normal for ${sensor} must be a finite number, not ${value}`)
    register.set(machine.id, machine)
  }
  return register
}

/** The nameplates of those that have one, by machine. */
export const nameplatesOf = (register: Machines): ReadonlyMap<string, Nameplate> =>
  new Map([...register.values()].flatMap(({ id, nameplate }) => (nameplate === undefined ? [] : [[id, nameplate] as const])))

/** A parameter of the machine: its own, one of its nameplate, or one that follows from that; NaN where it has none of that name. */
export function parameter(machine: Machine | undefined, name: string): number {
  const own = machine?.parameters
  if (own !== undefined && Object.hasOwn(own, name)) return own[name]!
  const nameplate = machine?.nameplate
  if (nameplate === undefined) return NaN
  const value = Object.hasOwn(nameplate, name) ? nameplate[name as keyof Nameplate] : nameplateLimit(nameplate, name)
  return typeof value === 'number' ? value : NaN
}

/** The units of the parameters that have one: those of a nameplate, what follows from it, and `pressureSet`, the support pressure that a machine is set to. */
export const parameterUnits: ReadonlyMap<string, string> = new Map([
  ['ratedCurrent', 'A'],
  ['ratedVoltage', 'V'],
  ['ratedPower', 'kW'],
  ['vibrationAlert', 'mm/s'],
  ['vibrationAlarm', 'mm/s'],
  ['vibrationTrip', 'mm/s'],
  ['windingRise', 'K'],
  ['windingFull', 'degC'],
  ['windingLimit', 'degC'],
  ['pressureSet', 'Pa'],
])
