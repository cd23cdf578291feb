import type { FaultPlan, MachineFaultPlan, SensorFaultPlan } from './fault-plan.js'
import { randomFrom, uniform, type Random } from './random.js'

export interface RandomFaultsOptions {
  readonly seed: number
  /** The ids of the machines that may have faults. */
  readonly machines: readonly string[]
}

type Course = Omit<MachineFaultPlan, 'machine' | 'onset'> | Omit<SensorFaultPlan, 'machine' | 'onset'>

const minute = 60_000
const repairAfter = 10 * minute

/** Seen within five minutes of the start: beyond 5 mm/s some four minutes after its onset. */
const first: Course = { fault: 'bearing-wear', duration: 5 * minute, magnitude: 9, repairAfter }

/** Shortened, and some of them enlarged, so that each is seen within the hour. */
const others: readonly Course[] = [
  { fault: 'leak', duration: 8 * minute, magnitude: 0.75, repairAfter },
  { fault: 'overload', duration: 20 * minute, magnitude: 1.6, repairAfter },
  { fault: 'locked-rotor', repairAfter },
  { fault: 'sensor-spikes', sensor: 'current', duration: 15 * minute, magnitude: 0.02, repairAfter },
  { fault: 'blocked-cooling', duration: 50 * minute, magnitude: 10, repairAfter },
  { fault: 'phase-loss', repairAfter },
  { fault: 'sensor-stuck', sensor: 'vibration_rotor', duration: 15 * minute, repairAfter },
  { fault: 'unbalance', duration: 15 * minute, repairAfter },
  { fault: 'sensor-drift', sensor: 'pressure', duration: 20 * minute, magnitude: 0.3, repairAfter },
  { fault: 'winding', duration: 25 * minute, magnitude: 6, repairAfter },
  { fault: 'sensor-dropout', sensor: 'temperature_env', duration: 15 * minute, repairAfter },
  { fault: 'sensor-bias', sensor: 'temperature_coil', duration: 15 * minute, magnitude: 0.25, repairAfter }
]

/**
 * A plan for a demonstration: two machines of five, rounded up, get a fault each, in an order that the seed shuffles;
 * the first is a worn bearing within the first minute, the others begin one after another in 3 to 35 minutes, and differ as long as there are kinds.
 * Each is repaired ten minutes after its failure. No machines, no faults.
 */
export function randomFaults({ seed, machines }: RandomFaultsOptions): readonly FaultPlan[] {
  const random = randomFrom(`${seed}/faults`)
  const chosen = shuffled(machines, random).slice(0, Math.ceil(machines.length * 0.4))
  const courses = shuffled(others, random)
  return chosen.map((machine, i) => {
    const course = i === 0 ? first : courses[(i - 1) % courses.length] ?? first
    const slot = 32 / (chosen.length - 1)
    const onset = i === 0 ? 45_000 : Math.round((3 + slot * (i - 1 + uniform(random))) * 60) * 1000
    return { ...course, machine, onset }
  })
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = items.slice()
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(uniform(random) * (i + 1))
    const swapped = result[i] as T
    result[i] = result[j] as T
    result[j] = swapped
  }
  return result
}
