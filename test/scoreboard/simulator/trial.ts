import type { Reading } from '../../../src/model/index.js'
import type { Rule } from '../../../src/rules/index.js'
import type { FaultKind, FaultPlan, SimulationOptions, SimulationState, Truth } from '../../../src/sources/simulator.js'
import { faultDefaults, instruments, startSimulation, stepSimulation } from '../../../src/sources/simulator.js'
import { random } from '../../random.js'
import { motors, onLine, registered } from '../../rules/packs/nameplate/motors.js'
import { forked, heard, startWatch } from './judge.js'
import type { Raised, Watch } from './judge.js'

const DAY = 86_400_000
const START = Date.UTC(2026, 0, 5, 6)
/** Milliseconds between two readings of a sensor. */
const PERIOD = 10_000
/** The machine is well for a week first: that is what may be learned. */
const BEFORE = 7 * DAY
/** A fault of a sensor, which does not fail, is waited for so long. */
const WITHIN = 7 * DAY

/** What a rule set made of one fault. */
export interface Outcome {
  /** Of a machine's fault: the part of the way from its onset to its failure that was left at the first alarm. Of a sensor's: days from its onset to the first alarm. null: none came. */
  readonly at: number | null
  readonly by: string | null
  /** How often the rule that is raised most was raised again. */
  readonly again: number
  /** Alarms before the onset. */
  readonly before: number
}

export const faultKinds = Object.keys(faultDefaults) as readonly FaultKind[]
export const ofSensor = (kind: FaultKind): boolean => kind.startsWith('sensor-')

/** All faults on one motor, each after the same week in which all is well; the seed chooses the motor, its noise, the onset, and the sensor. By rule set, by fault. */
export function tryFaults(sets: Readonly<Record<string, readonly Rule[]>>, seed: number): Readonly<Record<string, Readonly<Record<string, Outcome>>>> {
  const motor = motors[seed % motors.length]!
  const machine = onLine(motor, seed)
  const onset = BEFORE + Math.floor((random(seed + 1000)() * DAY) / PERIOD) * PERIOD
  const plan = (faults: readonly FaultPlan[]): SimulationOptions => ({ seed, machines: [machine], start: START, period: PERIOD, faults })
  const healthy = startSimulation(plan([]))
  const watches = Object.values(sets).map((rules) => startWatch(rules, registered(motor, machine), START))
  run(healthy, watches, START + BEFORE)
  const outcomes: Record<string, Record<string, Outcome>> = Object.fromEntries(Object.keys(sets).map((name) => [name, {}]))
  faultKinds.forEach((fault, i) => {
    const sensor = ofSensor(fault) ? instruments[(seed + i) % instruments.length]!.sensor : undefined
    const simulation = startSimulation(plan([{ fault, machine: machine.id, onset, ...(sensor === undefined ? {} : { sensor }) } as FaultPlan]))
    takeOver(simulation, healthy)
    const alone = watches.map(forked)
    const truths = run(simulation, alone, START + onset + WITHIN, (each, now) => sensor !== undefined && now > START + onset && each.every(({ raised }) => raised.some(({ time }) => time >= START + onset)))
    const last = truths.at(-1)
    Object.keys(sets).forEach((name, k) => {
      outcomes[name]![sensor === undefined ? fault : `${fault} ${sensor}`] = outcomeOf([...watches[k]!.raised, ...alone[k]!.raised], last?.onset ?? NaN, sensor === undefined ? last?.failure : undefined)
    })
  })
  return outcomes
}

/** A fault that has not begun changes nothing, so what was simulated without it may be gone on with. */
function takeOver(to: SimulationState, from: SimulationState): void {
  to.time = from.time
  const copy = structuredClone(from.machines)
  to.machines = to.machines.map((machine, i) => ({ ...copy[i]!, faults: machine.faults }))
}

function outcomeOf(raised: readonly Raised[], onset: number, failure: number | undefined): Outcome {
  const after = raised.filter(({ time }) => time >= onset && !(failure !== undefined && time >= failure))
  const [first] = after
  const counts = after.reduce((map, { rule }) => map.set(rule, (map.get(rule) ?? 0) + 1), new Map<string, number>())
  return {
    at: first === undefined ? null : Number((failure === undefined ? (first.time - onset) / DAY : (failure - first.time) / (failure - onset)).toFixed(4)),
    by: first?.rule ?? null,
    again: Math.max(0, ...[...counts.values()].map((count) => count - 1)),
    before: raised.filter(({ time }) => time < onset).length,
  }
}

function run(simulation: SimulationState, watches: readonly Watch[], until: number, enough: (watches: readonly Watch[], now: number) => boolean = () => false): readonly Truth[] {
  const truths: Truth[] = []
  while (simulation.time < until && !enough(watches, simulation.time)) {
    const now = simulation.time
    const items = stepSimulation(simulation)
    const readings = items.filter((item): item is Reading => item.kind === 'reading')
    if (readings.length < items.length) truths.push(...items.filter((item): item is Truth => item.kind === 'truth'))
    for (const watch of watches) heard(watch, readings, now)
    const last = truths.at(-1)
    if (last !== undefined && last.sensor === undefined && last.time >= last.failure) break
  }
  return truths
}

export interface Healthy {
  readonly days: number
  /** By rule set. */
  readonly alarms: Readonly<Record<string, readonly Raised[]>>
}

/** Four weeks of a motor that is well, with a heat wave, a new recipe, starts, stops, shifts and weekends. */
export function tryHealthy(sets: Readonly<Record<string, readonly Rule[]>>, seed: number): Healthy {
  const motor = motors[seed % motors.length]!
  const machine = onLine(motor, seed)
  const simulation = startSimulation({ seed, machines: [machine], start: START, period: PERIOD, heatWave: { from: (7 + (seed % 6)) * DAY }, newRecipe: { from: (14 + (seed % 7)) * DAY } })
  const watches = Object.values(sets).map((rules) => startWatch(rules, registered(motor, machine), START))
  run(simulation, watches, START + 28 * DAY)
  return { days: 28, alarms: Object.fromEntries(Object.keys(sets).map((name, k) => [name, watches[k]!.raised])) }
}
