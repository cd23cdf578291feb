import type { SensorName } from './instrument.js'

/** What can go wrong with a machine. Each ends in a protective trip. */
export type MachineFault =
  'bearing-wear' | 'blocked-cooling' | 'overload' | 'phase-loss' | 'unbalance' | 'leak' | 'winding' | 'locked-rotor'

/** What can go wrong with a sensor, while its machine is well. None trips. */
export type SensorFault = 'sensor-stuck' | 'sensor-drift' | 'sensor-spikes' | 'sensor-dropout' | 'sensor-bias'

export type FaultKind = MachineFault | SensorFault

interface Plan {
  /** The machine's id. */
  readonly machine: string
  /** Milliseconds after the start of the simulation. Phase loss and a locked rotor need a turning motor: they begin when it runs at or after this. */
  readonly onset: number
  /** Milliseconds from the onset to functional failure, and for a fault that develops to its full severity too. Shortened, it fits a demo. */
  readonly duration?: number
  /** How large it is at full severity: see `faultDefaults`. */
  readonly magnitude?: number
  /** Milliseconds from failure to the repair, after which the fault is gone and a tripped machine may start. Absent: never. */
  readonly repairAfter?: number
}

export interface MachineFaultPlan extends Plan {
  readonly fault: MachineFault
}

export interface SensorFaultPlan extends Plan {
  readonly fault: SensorFault
  readonly sensor: SensorName
}

export type FaultPlan = MachineFaultPlan | SensorFaultPlan

export interface FaultDefaults {
  /** Milliseconds. */
  readonly duration: number
  readonly magnitude: number
  /** Whether its severity grows over `duration`, or is 1 at once. */
  readonly develops: boolean
}

const minute = 60_000
const day = 1440 * minute

/** The course of each fault where its plan does not say. What a magnitude means is said beside it. */
export const faultDefaults: Readonly<Record<FaultKind, FaultDefaults>> = {
  // mm/s that vibration reaches, growing exponentially
  'bearing-wear': { duration: 5 * day, magnitude: 7.1, develops: true },
  // factor on the thermal resistance
  'blocked-cooling': { duration: 2 * day, magnitude: 2.6, develops: true },
  // added part of the load current
  'overload': { duration: day / 2, magnitude: 0.75, develops: true },
  // factor on the current; an overload relay of class 10 trips after minutes at 1.5 x In
  'phase-loss': { duration: 3 * minute, magnitude: 1.7, develops: false },
  // part by which the measured line voltage exceeds the mean of the three
  'unbalance': { duration: day, magnitude: 0.045, develops: true },
  // part of the pressure that is lost
  'leak': { duration: day, magnitude: 0.4, develops: true },
  // added part of the no-load losses
  'winding': { duration: 3 * day, magnitude: 0.9, develops: true },
  // current in multiples of the rated one, until it trips
  'locked-rotor': { duration: minute / 4, magnitude: 6, develops: false },
  // no meaning
  'sensor-stuck': { duration: 0, magnitude: 0, develops: false },
  // part of the instrument's span, so 1 % of it a day; negative: downwards
  'sensor-drift': { duration: 5 * day, magnitude: 0.05, develops: true },
  // part of the readings that are spikes, 0.3 to 0.8 of the span high
  'sensor-spikes': { duration: 0, magnitude: 1 / 200, develops: false },
  // part of the readings that are missing, in gaps of half a minute on average
  'sensor-dropout': { duration: 0, magnitude: 0.3, develops: false },
  // part of the instrument's span; negative: downwards
  'sensor-bias': { duration: 0, magnitude: 0.1, develops: false }
}

export function isSensorFault(plan: FaultPlan): plan is SensorFaultPlan {
  return plan.fault.startsWith('sensor-')
}
