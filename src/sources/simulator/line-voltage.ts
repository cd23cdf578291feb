/** How much of the line voltage a motor's rated current takes on its way from the transformer: a start at 6 x In dips it by 4 %. */
const dipAtRatedCurrent = 0.007

/**
 * Line to line, V. `wander` and `noise` are standard normal: the grid's slow deviation (0.4 %) and the instrument's (0.2 %).
 * `unbalance` is the excess of the measured pair of phases over their mean, as a part; `current` is in multiples of the rated one.
 */
export function lineVoltage(rated: number, current: number, unbalance: number, wander: number, noise: number): number {
  return rated * (1 + 0.004 * wander + 0.002 * noise) * (1 + unbalance) - rated * dipAtRatedCurrent * current
}
