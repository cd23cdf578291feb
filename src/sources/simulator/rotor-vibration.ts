/** mm/s: what reaches a motor that stands still, from its neighbours. */
const atRest = 0.05

/** mm/s RMS of a turning motor: `base` x (0.85 + 0.25 load) x a lognormal noise of 7 %. `load` in parts of the rated one, `noise` standard normal. */
export function runningVibration(base: number, load: number, noise: number): number {
  return base * (0.85 + 0.25 * load) * Math.exp(0.07 * noise)
}

/** mm/s RMS of a motor that stands still, `noise` standard normal. */
export function restVibration(noise: number): number {
  return atRest * Math.exp(0.07 * noise)
}

/** mm/s RMS of a motor that is under current but cannot turn: the hum of its core at twice the mains frequency. */
export function blockedVibration(base: number, noise: number): number {
  return 0.4 * base * Math.exp(0.07 * noise)
}
