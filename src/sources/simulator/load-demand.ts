import type { SimulatedMachine } from './simulated-machine.js'

const hour = 3_600_000
const day = 24 * hour

/**
 * The load that the plan of a machine asks of it at a time (epoch milliseconds, its days and hours are those of UTC),
 * as a part of the rated one; 0 where it is to stand still: outside its shifts, at the weekend, and while its recipe changes.
 */
export function loadDemand(machine: SimulatedMachine, time: number): number {
  const local = time - machine.startDelay
  if (!machine.weekends && isWeekend(local)) return 0
  const load = shiftLoad(machine, modulo(local, day) / hour)
  return load === 0 ? 0 : load * recipeFactor(machine, local)
}

/** 1970-01-01 was a Thursday, so day 2 was a Saturday. */
function isWeekend(time: number): boolean {
  return modulo(Math.floor(time / day) - 2, 7) < 2
}

function shiftLoad(machine: SimulatedMachine, hourOfDay: number): number {
  for (const shift of machine.shifts) {
    if (hourOfDay >= shift.from && hourOfDay < shift.to) return shift.load
  }
  return 0
}

function recipeFactor(machine: SimulatedMachine, local: number): number {
  const count = machine.recipes.length
  if (count < 2) return machine.recipes[0] ?? 1
  const position = local + machine.recipePhase
  if (modulo(position, machine.recipePeriod) < machine.changeover) return 0
  return machine.recipes[modulo(Math.floor(position / machine.recipePeriod), count)] ?? 1
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
