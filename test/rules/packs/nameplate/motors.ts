import type { Nameplate } from '../../../../src/model/index.js'
import type { Machine } from '../../../../src/rules/index.js'
import type { SimulatedMachine } from '../../../../src/sources/simulator.js'
import { simulatedMachine } from '../../../../src/sources/simulator.js'
import { random } from '../../../random.js'

const MINUTE = 60_000

/** A motor of the table: what its nameplate says, and what it is like. */
export interface Motor {
  readonly name: string
  readonly nameplate: Nameplate
  readonly simulated: Partial<SimulatedMachine>
}

/** Sizes of IEC 60034-30-1, four poles; the larger one has more copper and iron, so it warms and cools more slowly than the pack takes it to. */
export const motors: readonly Motor[] = [
  { name: '11 kW', nameplate: { ratedPower: 11, ratedCurrent: 21, ratedVoltage: 400, insulationClass: 'F', mounting: 'rigid' }, simulated: { ratedCurrent: 21, ratedVoltage: 400 } },
  {
    name: '30 kW',
    nameplate: { ratedPower: 30, ratedCurrent: 55, ratedVoltage: 400, insulationClass: 'F', mounting: 'rigid' },
    simulated: { ratedCurrent: 55, ratedVoltage: 400, tauRunning: 40 * MINUTE, tauStopped: 100 * MINUTE },
  },
]

const nights = [{ from: 0, to: 6, load: 0.7 }, { from: 6, to: 14, load: 0.85 }, { from: 14, to: 22, load: 0.8 }, { from: 22, to: 24, load: 0.7 }]

/** One such motor on a line: by the seed alone it differs from the next as those of `simulatedMachines` do. A third work at night, half of the others through the weekend; three recipes, one every two hours, each after a stop. */
export function onLine(motor: Motor, seed: number): SimulatedMachine {
  const draw = random(seed)
  const between = (low: number, high: number): number => low + (high - low) * draw()
  return simulatedMachine('M', {
    ...motor.simulated,
    ambient: between(20.5, 23.5),
    vibration: between(0.95, 1.25),
    pressure: between(2700, 3300),
    startDelay: Math.floor(between(2, 30)) * 1000,
    recipes: [1, between(0.88, 0.94), between(1.02, 1.06)],
    recipePhase: Math.floor(between(5, 55)) * MINUTE,
    ...(draw() < 1 / 3 ? { shifts: nights } : {}),
    weekends: draw() < 1 / 2,
  })
}

/** What the plant knows of it: the nameplate, and what its support pressure is set to. */
export const registered = ({ nameplate }: Motor, { id, pressure }: SimulatedMachine): Machine => ({ id, nameplate, parameters: { pressureSet: Math.round(pressure / 100) * 100 } })
