import type { Input } from '../../model/index.js'
import { checkAlive, line, run, sameOutputs } from './line.js'
import type { Line } from './line.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { standardEdge } from './operator.js'

/**
 * Law 1. However the inputs are cut in two, what comes before the cut and what comes from a timeline restored from its save is what comes without a cut.
 * Cut between every two inputs, before the first and behind the last one too, and once at all of these places in one run.
 *
 * Throws an `Error` that names the cut and shows the first output that differs. Not for operators that hold timers of RxJS: `save()` refuses those.
 */
export function cutAnywhere<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge = standardEdge): void {
  const whole = run(op, edge, inputs)
  const everywhere = new Set(inputs.keys()).add(inputs.length)
  for (const cut of everywhere) sameOutputs(whole, cutRun(op, inputs, edge, new Set([cut])), `cut anywhere: cut after ${cut} of ${inputs.length} inputs`)
  sameOutputs(whole, cutRun(op, inputs, edge, everywhere), `cut anywhere: cut after each of ${inputs.length} inputs`)
}

function cutRun<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge, cuts: ReadonlySet<number>): readonly unknown[] {
  const outputs: unknown[] = []
  let part = line(op, edge)
  const end = (where: string): void => {
    checkAlive(part, where)
    const unclaimed = part.time.unclaimed()
    if (unclaimed.length > 0) throw new Error(`${where}: no operator has claimed the saved state of ${unclaimed.join(', ')}: names must be the same in every run`)
    outputs.push(...part.outputs)
  }
  for (let i = 0; i <= inputs.length; i++) {
    const where = `cut anywhere: cut after ${i} of ${inputs.length} inputs`
    if (cuts.has(i)) {
      const saved = save(part, where)
      part.unsubscribe()
      end(where)
      part = line(op, edge, { saved })
    }
    if (i < inputs.length) part.push(inputs[i]!)
  }
  part.complete()
  end('cut anywhere: at the end')
  return outputs
}

function save({ time }: Line, where: string): Uint8Array {
  try {
    return time.save()
  } catch (error) {
    throw new Error(`${where}: it cannot be saved there: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
