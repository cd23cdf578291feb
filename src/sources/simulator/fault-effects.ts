import { inEffect, type Fault, type FaultState } from './fault-course.js'

/** What the faults of a machine do to its physics, all of them together. */
export interface FaultEffects {
  /** Factor on the load, and so on current and heat. */
  load: number
  /** Factor on the measured current that heats no further: it is one phase's. */
  current: number
  vibration: number
  /** Factor on the thermal resistance. */
  resistance: number
  /** Factor on the heat of the current. */
  heat: number
  /** Losses at any load, as a part of those at rated current. */
  losses: number
  /** See `lineVoltage`. */
  unbalance: number
  /** See `supportPressure`. */
  pressure: number
  pressureUnrest: number
  /** Current in multiples of the rated one at which the rotor stands locked; 0: it turns. */
  locked: number
}

export function noEffects(): FaultEffects {
  return { load: 1, current: 1, vibration: 1, resistance: 1, heat: 1, losses: 0, unbalance: 0, pressure: 1, pressureUnrest: 1, locked: 0 }
}

/** No-load losses as a part of those at rated current. */
const noLoadPart = 0.4

/** `vibration`: the machine's, when it is well, mm/s. */
export function faultEffects(faults: readonly Fault[], states: readonly FaultState[], vibration: number): FaultEffects {
  const effects = noEffects()
  faults.forEach((fault, i) => {
    const state = states[i]
    if (state !== undefined && inEffect(state)) addEffect(effects, fault, state.severity, vibration)
  })
  return effects
}

/** Several faults multiply, or add where they add losses. */
function addEffect(effects: FaultEffects, fault: Fault, severity: number, vibration: number): void {
  const grown = fault.magnitude * severity
  switch (fault.kind) {
    case 'bearing-wear':
      effects.vibration *= Math.pow(Math.max(1, fault.magnitude / vibration), severity)
      break
    case 'blocked-cooling':
      effects.resistance *= 1 + (fault.magnitude - 1) * severity
      break
    case 'overload':
      effects.load *= 1 + grown
      break
    case 'phase-loss':
      effects.load *= fault.magnitude
      effects.vibration *= 1.5
      break
    case 'unbalance':
      // NEMA MG-1 14.36: unbalance of the currents 6 to 10 times that of the voltages; rise in heat of 2 x (per cent of unbalance)^2 per cent
      effects.unbalance += grown
      effects.current *= 1 + 6 * grown
      effects.heat *= 1 + 200 * grown * grown
      effects.vibration *= 1 + 0.3 * severity
      break
    case 'leak':
      effects.pressure *= Math.max(0, 1 - grown)
      effects.pressureUnrest *= 1 + 3 * severity
      break
    case 'winding':
      effects.losses += noLoadPart * grown
      effects.load *= 1 + 0.08 * severity
      break
    case 'locked-rotor':
      effects.locked = Math.max(effects.locked, fault.magnitude)
      break
    case 'sensor-stuck':
    case 'sensor-drift':
    case 'sensor-spikes':
    case 'sensor-dropout':
    case 'sensor-bias':
      break
  }
}

/** Whether a fault warms the winding, and so may open a thermal protection. */
export function heats(fault: Fault): boolean {
  return fault.sensor === null && fault.kind !== 'bearing-wear' && fault.kind !== 'leak'
}
