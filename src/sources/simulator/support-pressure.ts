/** Pa, never below 0: the set level x what a leak has left of it (`kept`, 1 without one), the regulator's slow hunting (1.5 %) and its noise (1 %), both standard normal. */
export function supportPressure(level: number, kept: number, unrest: number, hunting: number, noise: number): number {
  return Math.max(0, level * kept * (1 + unrest * (0.015 * hunting + 0.01 * noise)))
}
