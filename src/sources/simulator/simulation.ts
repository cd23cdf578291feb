import type { Reading } from '../../model/reading.js'
import { ambientHumidity, ambientTemperature, dailyCycle, type HeatWave, heatWaveRise } from './climate.js'
import { advanceFault, type Fault, type FaultState, inEffect, resolvedFault, startFault } from './fault-course.js'
import { type FaultEffects, faultEffects, heats, noEffects } from './fault-effects.js'
import type { FaultPlan } from './fault-plan.js'
import { instruments, instrumentValue } from './instrument.js'
import { lineVoltage } from './line-voltage.js'
import { loadDemand } from './load-demand.js'
import { inrushCurrent, squaredCurrent } from './motor-current.js'
import { fillNormals, hash128, type Random, randomFrom, uniform } from './random.js'
import { randomFaults } from './random-faults.js'
import { blockedVibration, restVibration, runningVibration } from './rotor-vibration.js'
import { faultySensor } from './sensor-fault.js'
import { checkMachine, type SimulatedMachine, simulatedMachines } from './simulated-machine.js'
import { supportPressure } from './support-pressure.js'
import type { Truth } from './truth.js'
import { wander } from './wander.js'
import { steadyRise, windingTemperature } from './winding-temperature.js'

/** Another product from a moment on: more load on every machine, and nothing wrong with any. */
export interface NewRecipe {
  /** Milliseconds after the start of the simulation. */
  readonly from: number
  /** Factor on the load; 1.15 where absent. */
  readonly load?: number
}

export interface SimulationOptions {
  /** Equal seeds, equal data; 1 where absent. */
  readonly seed?: number
  /** How many machines (see `simulatedMachines`), or the machines themselves. */
  readonly machines: number | readonly SimulatedMachine[]
  /** Epoch milliseconds of the first readings; Monday, 2026-01-05T06:00Z where absent. Motors stand still and cold before it. */
  readonly start?: number
  /** Milliseconds from one reading of a sensor to its next; 1000 where absent. */
  readonly period?: number
  /** What goes wrong; nothing where absent. 'demo': `randomFaults` of this seed. */
  readonly faults?: readonly FaultPlan[] | 'demo'
  readonly heatWave?: HeatWave
  readonly newRecipe?: NewRecipe
}

/** The options with nothing left open: what a simulation never changes. */
export interface SimulationPlan {
  readonly seed: number
  readonly start: number
  readonly period: number
  readonly machines: readonly SimulatedMachine[]
  /** Those of each machine, in the order of `machines`. */
  readonly faults: readonly (readonly Fault[])[]
  readonly heatWave: HeatWave | null
  readonly newRecipe: NewRecipe | null
}

/** All that changes in a machine from one step to the next: plain JSON. */
export interface MachineState {
  running: boolean
  /** Epoch milliseconds at which it was last switched on. */
  startedAt: number
  /** Milliseconds that the last inrush takes. */
  inrush: number
  /** degC. */
  winding: number
  /** Slow deviations, standard normal: of the load, the supply voltage and the support pressure. */
  loadWander: number
  voltageWander: number
  pressureWander: number
  /** In the order of the plan's. */
  faults: FaultState[]
  random: Random
}

/** A simulation between two steps: plain JSON, so it can be kept and gone on with anywhere. */
export interface SimulationState {
  readonly plan: SimulationPlan
  /** Epoch milliseconds of the next step. */
  time: number
  machines: MachineState[]
}

/** @throws Error where there is no machine, two of one id, one that `checkMachine` refuses, a period that is not above 0, or a fault that does not fit: see `resolvedFault`. */
export function simulationPlan(options: SimulationOptions): SimulationPlan {
  const seed = options.seed ?? 1
  const start = options.start ?? Date.UTC(2026, 0, 5, 6)
  const period = options.period ?? 1000
  const machines = typeof options.machines === 'number' ? simulatedMachines(options.machines, seed) : options.machines
  if (!Number.isFinite(start)) throw new Error(`simulator: start is ${start}; expected epoch milliseconds`)
  if (!(period > 0 && period < Infinity)) throw new Error(`simulator: period is ${period}; expected milliseconds, more than 0`)
  if (machines.length === 0) throw new Error('simulator: there are no machines; expected one or more')
  machines.forEach(checkMachine)
  const ids = new Map(machines.map((machine, i) => [machine.id, i]))
  if (ids.size < machines.length) throw new Error('simulator: two machines have the same id; give each its own')
  const plans = options.faults === 'demo' ? randomFaults({ seed, machines: [...ids.keys()] }) : options.faults ?? []
  const faults: Fault[][] = machines.map(() => [])
  for (const plan of plans) {
    const own = faults[ids.get(plan.machine) ?? -1]
    if (own === undefined) throw new Error(`simulator: fault '${plan.fault}' is planned for '${plan.machine}', and there is no such machine; expected one of ${[...ids.keys()].slice(0, 5).join(', ')}, ...`)
    own.push(resolvedFault(plan, start))
  }
  return { seed, start, period, machines, faults, heatWave: options.heatWave ?? null, newRecipe: options.newRecipe ?? null }
}

/** A simulation before its first step. @throws Error as `simulationPlan` does. */
export function startSimulation(options: SimulationOptions): SimulationState {
  return startPlan(simulationPlan(options))
}

export function startPlan(plan: SimulationPlan): SimulationState {
  const ambient = climateAt(plan, plan.start)
  return { plan, time: plan.start, machines: plan.machines.map((machine, i) => startMachine(plan, machine, plan.faults[i] ?? [], ambient)) }
}

/**
 * Takes the simulation one period further, in place, and gives what was read at the time where it stood: machine by machine,
 * the truths of each before its readings, and those in the order of `instruments`.
 */
export function stepSimulation(state: SimulationState): readonly (Reading | Truth)[] {
  const items: (Reading | Truth)[] = []
  stepInto(state, items)
  return items
}

/** `stepSimulation` for many steps: appends to `items`. */
export function stepInto(state: SimulationState, items: (Reading | Truth)[]): void {
  const { plan, time, machines } = state
  const climate = climateAt(plan, time)
  for (let i = 0; i < machines.length; i++) {
    stepMachine(plan, climate, plan.machines[i]!, plan.faults[i]!, machines[i]!, time, items)
  }
  state.time = time + plan.period
}

/** Tells a plan from others. */
export function planFingerprint(plan: SimulationPlan): string {
  return hash128(JSON.stringify(plan)).join(' ')
}

/** What all machines share at a moment. */
interface Climate {
  readonly cycle: number
  /** K. */
  readonly heatWave: number
  readonly recipe: number
}

function climateAt(plan: SimulationPlan, time: number): Climate {
  const since = time - plan.start
  return {
    cycle: dailyCycle(time),
    heatWave: plan.heatWave === null ? 0 : heatWaveRise(plan.heatWave, since),
    recipe: plan.newRecipe === null || since < plan.newRecipe.from ? 1 : plan.newRecipe.load ?? 1.15
  }
}

function startMachine(plan: SimulationPlan, machine: SimulatedMachine, faults: readonly Fault[], { cycle, heatWave }: Climate): MachineState {
  const random = randomFrom(`${plan.seed}/${machine.id}`)
  fillNormals(random, normals)
  return {
    running: false,
    startedAt: plan.start,
    inrush: 0,
    winding: ambientTemperature(machine.ambient, machine.ambientSwing, cycle, heatWave),
    loadWander: normals[0]!,
    voltageWander: normals[1]!,
    pressureWander: normals[2]!,
    faults: faults.map((_, i) => startFault(`${plan.seed}/${machine.id}/fault ${i}`)),
    random
  }
}

/** Milliseconds; the memory of the load, the supply and the regulator of pressure. */
const loadMemory = 60_000
const voltageMemory = 300_000
const pressureMemory = 120_000

/** Scratch, overwritten by every machine's step: no state. */
const normals = new Float64Array(10)
const values = new Float64Array(instruments.length)

const healthy: FaultEffects = noEffects()

/** Draws eleven numbers, whatever happens, so that a machine with faults has the noise of its healthy twin. */
function stepMachine(
  plan: SimulationPlan, climate: Climate, machine: SimulatedMachine, faults: readonly Fault[], state: MachineState, time: number, items: (Reading | Truth)[]
): void {
  fillNormals(state.random, normals)
  const inrush = 500 + 2500 * uniform(state.random)

  const demand = loadDemand(machine, time) * climate.recipe
  if (faults.length > 0) advanceFaults(machine, faults, state, time, demand, items)
  const running = demand > 0 && !isTripped(faults, state.faults)
  if (running && !state.running) {
    state.startedAt = time
    state.inrush = inrush
  }
  state.running = running
  const effects = faults.length > 0 ? faultEffects(faults, state.faults, machine.vibration) : healthy

  const load = running ? Math.max(0, demand * effects.load * (1 + 0.03 * state.loadWander)) : 0
  const locked = running && effects.locked > 0
  const age = time - state.startedAt
  const loadCurrent = locked ? effects.locked : load * effects.current
  const current = running ? inrushCurrent(age, state.inrush, Math.max(machine.inrush, loadCurrent), loadCurrent) : 0
  const ambient = ambientTemperature(machine.ambient, machine.ambientSwing, climate.cycle, climate.heatWave)

  values[0] = state.winding + 0.1 * normals[0]!
  values[1] = locked ? blockedVibration(machine.vibration, normals[1]!)
    : running ? runningVibration(machine.vibration, load, normals[1]!) * effects.vibration : restVibration(normals[1]!)
  // an RMS instrument never shows less than nothing
  values[2] = running ? machine.ratedCurrent * current * Math.max(0, 1 + 0.02 * normals[2]!) : 0.05 * Math.abs(normals[2]!)
  values[3] = lineVoltage(machine.ratedVoltage, current, effects.unbalance, state.voltageWander, normals[3]!)
  values[4] = supportPressure(machine.pressure, effects.pressure, effects.pressureUnrest, state.pressureWander, normals[4]!)
  values[5] = ambient + 0.05 * normals[5]!
  values[6] = ambientHumidity(machine.humidity, machine.humiditySwing, climate.cycle) + 0.5 * normals[6]!

  for (let i = 0; i < faults.length; i++) {
    const fault = faults[i]!
    if (fault.sensorIndex >= 0) values[fault.sensorIndex] = faultySensor(fault, state.faults[i]!, values[fault.sensorIndex]!, plan.period)
  }
  for (let i = 0; i < instruments.length; i++) {
    const value = values[i]!
    if (value !== value) continue
    const instrument = instruments[i]!
    items.push({
      kind: 'reading', time, machine: machine.id, sensor: instrument.sensor, value: instrumentValue(instrument, value), unit: instrument.unit, quality: 'good'
    })
  }

  const heatingLoad = locked ? effects.locked : load
  const squared = running ? squaredCurrent(age, state.inrush, Math.max(machine.inrush, heatingLoad), heatingLoad, plan.period) : 0
  const rise = running ? steadyRise(machine.rise, squared * effects.heat, effects.losses, effects.resistance) : 0
  const tau = (running ? machine.tauRunning : machine.tauStopped) * effects.resistance
  state.winding = windingTemperature(state.winding, ambient, rise, tau, plan.period)
  state.loadWander = wander(state.loadWander, normals[7]!, loadMemory, plan.period)
  state.voltageWander = wander(state.voltageWander, normals[8]!, voltageMemory, plan.period)
  state.pressureWander = wander(state.pressureWander, normals[9]!, pressureMemory, plan.period)
}

function advanceFaults(
  machine: SimulatedMachine, faults: readonly Fault[], state: MachineState, time: number, demand: number, items: (Reading | Truth)[]
): void {
  const running = demand > 0 && !isTripped(faults, state.faults)
  const hottest = state.running && state.winding >= machine.tripTemperature ? worstHeating(faults, state.faults) : -1
  for (let i = 0; i < faults.length; i++) {
    const truth = advanceFault(faults[i]!, state.faults[i]!, time, running, i === hottest)
    if (truth !== undefined) items.push(truth)
  }
}

/** A machine's fault that has led to failure keeps it from running until it is repaired. */
function isTripped(faults: readonly Fault[], states: readonly FaultState[]): boolean {
  for (let i = 0; i < faults.length; i++) {
    if (faults[i]!.sensor === null && states[i]!.phase === 'failed') return true
  }
  return false
}

/** The fault that a thermal protection is to be blamed on: the most severe of those that heat; -1 where there is none. */
function worstHeating(faults: readonly Fault[], states: readonly FaultState[]): number {
  let worst = -1
  for (let i = 0; i < faults.length; i++) {
    if (heats(faults[i]!) && inEffect(states[i]!) && (worst < 0 || states[i]!.severity > states[worst]!.severity)) worst = i
  }
  return worst
}
