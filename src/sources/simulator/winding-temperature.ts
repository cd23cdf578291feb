/**
 * The steady rise of a winding above the ambient, K: `ratedRise` (K at rated current) x the square of I/In, its losses, x the thermal resistance
 * relative to that of a clean motor. `extraLosses` are losses that do not depend on the load, as a part of those at rated current.
 * The reference: motor of insulation class B, IEC 60034-1, allowed rise 80 K.
 */
export function steadyRise(ratedRise: number, squaredCurrent: number, extraLosses: number, resistance: number): number {
  return ratedRise * (squaredCurrent + extraLosses) * resistance
}

/**
 * The temperature of a winding, degC, `elapsed` milliseconds after it was `previous`, while ambient (degC) and steady rise (K) stay what they are:
 * a body of one time constant `tau` (milliseconds), solved exactly, so a long step is as right as many short ones.
 */
export function windingTemperature(previous: number, ambient: number, rise: number, tau: number, elapsed: number): number {
  return previous + (ambient + rise - previous) * (1 - Math.exp(-elapsed / tau))
}
