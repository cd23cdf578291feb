import { randomFaults } from 'motorwatch/sources/simulator'
import type { FaultPlan } from 'motorwatch/sources/simulator'

const HOUR = 3_600_000

/** A working week in which something new goes wrong every two hours: `randomFaults` of the seed, and then of other seeds, each repaired before the next. */
export function weekOfFaults(machines: readonly string[], seed: number): readonly FaultPlan[] {
  return Array.from({ length: 60 }, (_, i) =>
    randomFaults({ seed: i === 0 ? seed : seed * 1000 + i, machines }).map((plan) => ({ ...plan, onset: plan.onset + 2 * i * HOUR })),
  ).flat()
}
