import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Reading } from '../../model/reading.js'
import type { Source } from '../../model/source.js'
import { type MachineState, planFingerprint, type SimulationOptions, type SimulationPlan, simulationPlan, type SimulationState, startPlan, stepInto } from './simulation.js'
import type { Truth } from './truth.js'

export interface SimulatorOptions extends SimulationOptions {
  /** Milliseconds of event time, `[start, start + duration)`; absent: endless. */
  readonly duration?: number
  /** Event seconds that pass in a second of the wall clock, or as fast as they are taken, as where absent. */
  readonly speed?: number | 'max'
}

/** Of a batch. */
const maxItems = 5000
const maxSteps = 5000
/** Milliseconds of the wall clock that a fast simulation may keep the event loop to itself. */
const slice = 20

/**
 * A factory of motors as a source: readings, and the truth about their faults beside them. A batch holds whole steps: as many as 5,000 items
 * at full speed, what is due when paced. A position is the state of the simulation, so reading on is exact at any batch, and costs nothing;
 * it belongs to these options (duration and speed aside). The pace counts from the moment of reading on, and a taker that is slow is never hurried:
 * what fell due meanwhile comes in fuller batches.
 * @throws Error where an option does not fit: see `simulationPlan`. `read` rejects where the position is not one of this simulation.
 */
export function simulator(options: SimulatorOptions): Source<Reading | Truth> {
  const plan = simulationPlan(options)
  const fingerprint = planFingerprint(plan)
  const speed = options.speed === 'max' ? Infinity : options.speed ?? Infinity
  const duration = options.duration ?? Infinity
  if (!(speed > 0)) throw new Error(`simulator: speed is ${speed}; expected event seconds a second, more than 0, or 'max'`)
  if (!(duration >= 0)) throw new Error(`simulator: duration is ${duration}; expected milliseconds, 0 or more`)
  const end = plan.start + duration

  return {
    name: 'simulator',
    async read(accept, { from, signal }) {
      const state = from === undefined ? startPlan(plan) : stateAt(plan, fingerprint, from)
      const startedAt = performance.now()
      const startTime = state.time
      let yieldedAt = startedAt
      while (state.time < end) {
        const wait = startedAt + (state.time - startTime) / speed - performance.now()
        if (wait > 0) {
          if (!await slept(wait, signal)) return false
          continue
        }
        if (performance.now() - yieldedAt > slice) {
          await setImmediate()
          yieldedAt = performance.now()
        }
        if (signal.aborted) return false
        const due = speed === Infinity ? Infinity : startTime + (performance.now() - startedAt) * speed
        const items: (Reading | Truth)[] = []
        for (let steps = 0; steps < maxSteps && items.length < maxItems && state.time < end && (steps === 0 || state.time <= due); steps++) {
          stepInto(state, items)
        }
        await accept({
          items, position: positionOf(fingerprint, state), ...(duration < Infinity ? { progress: Math.min(1, (state.time - plan.start) / duration) } : {})
        })
      }
      return true
    }
  }
}

interface SimulatorPosition {
  readonly plan: string
  readonly time: number
  readonly machines: readonly MachineState[]
}

function positionOf(plan: string, state: SimulationState): SimulatorPosition {
  return { plan, time: state.time, machines: state.machines.map(copied) }
}

/** By hand, for speed: structuredClone takes longer than the simulation itself. */
function copied(machine: MachineState): MachineState {
  return { ...machine, random: { ...machine.random }, faults: machine.faults.map((fault) => ({ ...fault, random: { ...fault.random } })) }
}

function stateAt(plan: SimulationPlan, fingerprint: string, from: unknown): SimulationState {
  const position = from as SimulatorPosition | null
  if (typeof position !== 'object' || position?.plan !== fingerprint) {
    throw new Error('simulator: the position was taken with other options; read on with the options of that simulation, or without a position from the start')
  }
  return { plan, time: position.time, machines: position.machines.map(copied) }
}

/** False where the signal came first. May wake early: Node's timers hold 24.8 days at most. */
async function slept(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await setTimeout(Math.min(milliseconds, 2 ** 31 - 1), undefined, { signal })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
