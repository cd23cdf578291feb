import type { Output, Reading } from '../../../../src/model/index.js'
import { alarmsBehaviour, sideBySide, vitalsBehaviour } from '../../../../src/operators/index.js'
import { machines } from '../../../../src/rules/index.js'
import type { Machine, Rule } from '../../../../src/rules/index.js'
import type { SimulationOptions, Truth } from '../../../../src/sources/simulator.js'
import { startSimulation, stepSimulation } from '../../../../src/sources/simulator.js'
import { instant } from './instant.js'

/** An alarm as it was raised or escalated: of a rule, with its level (`vibration: alarm`), or of a sensor that is missing or stuck (`missing current`). */
export interface Raised {
  readonly time: number
  readonly rule: string
}

export interface Watched {
  readonly raised: readonly Raised[]
  readonly truths: readonly Truth[]
  readonly readings: number
}

/**
 * What is raised on one simulated machine by rules and by `vitals`, as `monitor` has them, until so many milliseconds after its start, its failure, or where `enough` says so.
 */
export function watch(rules: readonly Rule[], machine: Machine, plan: SimulationOptions, duration: number, enough: (raised: Raised) => boolean = () => false): Watched {
  const behaviour = sideBySide<Reading, Output>(alarmsBehaviour(rules, { machines: machines(machine) }), vitalsBehaviour())
  const simulation = startSimulation(plan)
  const end = simulation.time + duration
  const raised: Raised[] = []
  const truths: Truth[] = []
  let over = false
  const emit = (item: Output): void => {
    const rule = firing(item)
    if (rule === undefined) return
    const each = { time: item.time, rule }
    raised.push(each)
    over ||= enough(each)
  }
  const state = behaviour.start(machine.id, simulation.time)
  let readings = 0
  while (simulation.time < end && !over) {
    const now = simulation.time
    const heard: Reading[] = []
    for (const item of stepSimulation(simulation)) {
      if (item.kind === 'truth') {
        truths.push(item)
        if (item.sensor === undefined && item.time >= item.failure) over = true
      } else heard.push(item)
    }
    readings += heard.length
    instant(behaviour, state, heard, now, emit)
  }
  return { raised, truths, readings }
}

function firing(item: Output): string | undefined {
  if (item.kind === 'verdict') return item.truth === true ? item.condition : undefined
  if (item.kind !== 'alarm' || (item.state !== 'raised' && item.state !== 'escalated')) return undefined
  return item.level === undefined ? item.rule : `${item.rule}: ${item.level}`
}
