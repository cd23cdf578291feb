import { randomFrom, uniform } from './random.js'

/** A part of the day in which a machine works: hours of UTC, `[from, to)`, 0 to 24. A night shift is two: 22 to 24 and 0 to 6. */
export interface Shift {
  readonly from: number
  readonly to: number
  /** Part of the rated current, 1 at rated load. */
  readonly load: number
}

/** All that makes one simulated motor different from another, as plain data. Durations are in milliseconds. */
export interface SimulatedMachine {
  readonly id: string
  /** A. */
  readonly ratedCurrent: number
  /** V, line to line. */
  readonly ratedVoltage: number
  /** Mean of the day, degC. */
  readonly ambient: number
  /** How far the ambient goes up and down over the day, K. */
  readonly ambientSwing: number
  /** Mean of the day, %. */
  readonly humidity: number
  readonly humiditySwing: number
  /** Steady rise of the winding above the ambient at rated current, K. */
  readonly rise: number
  /** Thermal time constants: with its fan turning, and standing still. */
  readonly tauRunning: number
  readonly tauStopped: number
  /** Winding temperature at which its protection trips, degC. Asked only of machines that have a fault. */
  readonly tripTemperature: number
  /** Peak of the current at a start, in multiples of the rated one. */
  readonly inrush: number
  /** mm/s RMS. */
  readonly vibration: number
  /** Support pressure, Pa. */
  readonly pressure: number
  readonly shifts: readonly Shift[]
  /** Whether it works on Saturday and Sunday too. */
  readonly weekends: boolean
  /** Its whole plan is this much later, so that a line's motors do not start at once. */
  readonly startDelay: number
  /** Load factors that follow each other, one every `recipePeriod`; between two it stands still for `changeover`. */
  readonly recipes: readonly number[]
  readonly recipePeriod: number
  /** How far into the cycle of its recipes it is at epoch 0. */
  readonly recipePhase: number
  readonly changeover: number
}

const minute = 60_000

/** A motor with the usual numbers, two shifts (06-14-22) and one recipe; `changes` replaces any of them. */
export function simulatedMachine(id: string, changes: Partial<Omit<SimulatedMachine, 'id'>> = {}): SimulatedMachine {
  return {
    id,
    ratedCurrent: 20,
    ratedVoltage: 400,
    ambient: 22,
    ambientSwing: 4,
    humidity: 45,
    humiditySwing: 10,
    rise: 80,
    tauRunning: 30 * minute,
    tauStopped: 75 * minute,
    tripTemperature: 155,
    inrush: 6,
    vibration: 1.1,
    pressure: 3000,
    shifts: [{ from: 6, to: 14, load: 0.85 }, { from: 14, to: 22, load: 0.8 }],
    weekends: false,
    startDelay: 0,
    recipes: [1],
    recipePeriod: 120 * minute,
    recipePhase: 0,
    changeover: 3 * minute,
    ...changes
  }
}

const threeShifts: readonly Shift[] = [
  { from: 0, to: 6, load: 0.7 }, { from: 6, to: 14, load: 0.85 }, { from: 14, to: 22, load: 0.8 }, { from: 22, to: 24, load: 0.7 }
]

/**
 * A factory of `count` motors: `LINE_01_MOTOR_01` and so on, ten a line. Each differs a little from the next, by its id and the seed alone;
 * a third of them work at night too. Each has three recipes, and changes from one to the next every two hours.
 */
export function simulatedMachines(count: number, seed: number): readonly SimulatedMachine[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `LINE_${twoDigits(Math.floor(i / 10) + 1)}_MOTOR_${twoDigits((i % 10) + 1)}`
    const random = randomFrom(`${seed}/${id}/machine`)
    const between = (low: number, high: number): number => low + (high - low) * uniform(random)
    return simulatedMachine(id, {
      ambient: between(20.5, 23.5),
      vibration: between(0.95, 1.25),
      pressure: between(2700, 3300),
      startDelay: Math.floor(between(2, 30)) * 1000,
      recipes: [1, between(0.88, 0.94), between(1.02, 1.06)],
      recipePhase: Math.floor(between(5, 55)) * minute,
      ...(uniform(random) < 1 / 3 ? { shifts: threeShifts } : {})
    })
  })
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0')
}

/** @throws Error where a number of a machine is not finite, or one that divides is not above 0. */
export function checkMachine(machine: SimulatedMachine): void {
  for (const [field, value] of Object.entries(machine)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`simulator: ${field} of machine '${machine.id}' is ${value}; expected a finite number`)
  }
  for (const field of ['tauRunning', 'tauStopped', 'recipePeriod', 'vibration'] as const) {
    if (machine[field] <= 0) throw new Error(`simulator: ${field} of machine '${machine.id}' is ${machine[field]}; expected more than 0`)
  }
}

/** What the rating plate of a motor says. */
export interface Nameplate {
  /** A. */
  readonly ratedCurrent: number
  /** V, line to line. */
  readonly ratedVoltage: number
}

export function simulatedNameplate(machine: SimulatedMachine): Nameplate {
  return { ratedCurrent: machine.ratedCurrent, ratedVoltage: machine.ratedVoltage }
}
