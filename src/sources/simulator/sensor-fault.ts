import { inEffect, type Fault, type FaultState } from './fault-course.js'
import { instruments } from './instrument.js'
import { uniform } from './random.js'

/** Milliseconds. */
const meanGap = 30_000

/**
 * What a faulty sensor makes of a true value; NaN where it sends nothing. `elapsed`: milliseconds between two readings.
 * A stuck sensor repeats what it showed at the onset; a dropout begins with a gap.
 */
export function faultySensor(fault: Fault, state: FaultState, value: number, elapsed: number): number {
  const instrument = instruments[fault.sensorIndex]
  if (instrument === undefined || !inEffect(state)) return value
  const span = instrument.high - instrument.low
  switch (fault.kind) {
    case 'sensor-stuck':
      state.frozen ??= value
      return state.frozen
    case 'sensor-drift':
      return value + span * fault.magnitude * state.severity
    case 'sensor-bias':
      return value + span * fault.magnitude
    case 'sensor-spikes':
      return value + spike(fault, state, span)
    case 'sensor-dropout':
      return gap(fault, state, elapsed) ? NaN : value
    default:
      return value
  }
}

/** Always two draws: a spike's size is drawn whether it comes or not. */
function spike(fault: Fault, state: FaultState, span: number): number {
  const chance = uniform(state.random)
  const size = uniform(state.random)
  if (chance >= fault.magnitude) return 0
  return size < 0.5 ? -span * (0.3 + size) : span * (size - 0.2)
}

/** A chain of two states, silent and not, whose stationary part of silence is the magnitude. */
function gap(fault: Fault, state: FaultState, elapsed: number): boolean {
  const silent = state.silent
  const part = Math.max(0, fault.magnitude)
  if (part >= 1) return true
  const meanTime = silent ? meanGap : meanGap * (1 - part) / part
  if (uniform(state.random) < 1 - Math.exp(-elapsed / meanTime)) state.silent = !silent
  return silent
}
