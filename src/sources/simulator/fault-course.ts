import { isSensorFault, type FaultKind, faultDefaults, type FaultPlan } from './fault-plan.js'
import type { SensorName } from './instrument.js'
import { sensorIndex } from './instrument.js'
import { randomFrom, type Random } from './random.js'
import type { Truth } from './truth.js'

/** A plan with nothing left open. */
export interface Fault {
  readonly kind: FaultKind
  readonly machine: string
  readonly sensor: SensorName | null
  /** Its place in `instruments`; -1 for a machine's fault. */
  readonly sensorIndex: number
  /** Epoch milliseconds. */
  readonly onset: number
  readonly duration: number
  readonly magnitude: number
  readonly repairAfter: number | null
  readonly develops: boolean
  /** It begins only while the motor runs. */
  readonly needsRunning: boolean
}

export type FaultPhase = 'pending' | 'active' | 'failed' | 'repaired'

/** Where a fault stands: plain JSON. */
export interface FaultState {
  phase: FaultPhase
  onset: number
  failure: number
  severity: number
  /** The severity of its last truth. */
  told: number
  /** What a stuck sensor shows. */
  frozen: number | null
  /** Whether a sensor that drops out is silent. */
  silent: boolean
  /** Its own stream, so that a faulty machine's noise is that of its healthy twin. */
  random: Random
}

/** @throws Error where the plan names no time, a duration below 0, or no sensor that there is. */
export function resolvedFault(plan: FaultPlan, start: number): Fault {
  const where = `simulator: fault '${plan.fault}' of machine '${plan.machine}'`
  const defaults = faultDefaults[plan.fault] as typeof faultDefaults[FaultKind] | undefined
  if (defaults === undefined) throw new Error(`${where}: there is no such fault; expected one of ${Object.keys(faultDefaults).join(', ')}`)
  const sensor = isSensorFault(plan) ? plan.sensor : null
  const index = sensor === null ? -1 : sensorIndex(sensor)
  if (sensor !== null && index < 0) throw new Error(`${where}: there is no sensor '${String(sensor)}'; name the sensor that is at fault, such as 'current'`)
  const duration = plan.duration ?? defaults.duration
  const magnitude = plan.magnitude ?? defaults.magnitude
  const repairAfter = plan.repairAfter ?? null
  if (!Number.isFinite(plan.onset)) throw new Error(`${where}: onset is ${plan.onset}; expected milliseconds after the start`)
  if (!(duration >= 0 && duration < Infinity)) throw new Error(`${where}: duration is ${duration}; expected milliseconds, 0 or more`)
  if (!Number.isFinite(magnitude)) throw new Error(`${where}: magnitude is ${magnitude}; expected a number`)
  if (repairAfter !== null && !(repairAfter >= 0 && repairAfter < Infinity)) throw new Error(`${where}: repairAfter is ${repairAfter}; expected milliseconds, 0 or more`)
  return {
    kind: plan.fault, machine: plan.machine, sensor, sensorIndex: index, onset: start + plan.onset, duration, magnitude, repairAfter,
    develops: defaults.develops, needsRunning: plan.fault === 'phase-loss' || plan.fault === 'locked-rotor'
  }
}

export function startFault(seed: string): FaultState {
  return { phase: 'pending', onset: 0, failure: 0, severity: 0, told: 0, frozen: null, silent: true, random: randomFrom(seed) }
}

/** Takes a fault to `time`, and gives its truth where there is news. `running`: whether the motor is to run now. `tripped`: its thermal protection has just opened for this fault. */
export function advanceFault(fault: Fault, state: FaultState, time: number, running: boolean, tripped: boolean): Truth | undefined {
  let news = false
  if (state.phase === 'pending') {
    if (time < fault.onset || (fault.needsRunning && !running)) return undefined
    state.phase = 'active'
    state.onset = fault.needsRunning ? time : fault.onset
    state.failure = state.onset + fault.duration
    news = true
  }
  if (state.phase === 'active') {
    const failed = tripped || time >= state.failure
    state.severity = failed || !fault.develops ? 1 : (time - state.onset) / fault.duration
    if (failed) {
      state.phase = 'failed'
      state.failure = Math.min(state.failure, time)
      news = true
    }
  }
  if (state.phase === 'failed' && fault.repairAfter !== null && time >= state.failure + fault.repairAfter) {
    state.phase = 'repaired'
    state.severity = 0
    news = true
  }
  if (!news && state.severity - state.told < 0.01 - 1e-9) return undefined
  state.told = state.severity
  return {
    kind: 'truth', time, machine: fault.machine, fault: fault.kind, ...(fault.sensor === null ? {} : { sensor: fault.sensor }),
    onset: state.onset, failure: state.failure, severity: state.severity
  }
}

export function inEffect(state: FaultState): boolean {
  return state.phase === 'active' || state.phase === 'failed'
}
