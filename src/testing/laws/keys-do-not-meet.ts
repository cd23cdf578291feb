import type { Input } from '../../model/index.js'
import { machineOf } from './machine-of.js'
import { run, sameOutputs } from './line.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { standardEdge } from './operator.js'

/**
 * Law 3. What comes of a machine is what comes of it where all other machines' readings are bare ticks. Held for each machine alone, and for all but that one.
 * An output belongs to its `machine`, or to that of its `reading`; one without a machine concerns all, and ticks are left out of the comparison.
 * Commands to other machines are left out of the inputs; commands without a machine stay.
 *
 * Throws an `Error` that names the machines that were kept and shows the first output that differs.
 */
export function keysDoNotMeet<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge = standardEdge): void {
  const machines = new Set(inputs.map(machineOf).filter((machine) => machine !== undefined))
  const all = run(op, edge, inputs)
  const hold = (kept: ReadonlySet<string>): void => {
    const concerns = (out: unknown): boolean => {
      const machine = machineOf(out)
      return (machine === undefined || kept.has(machine)) && (out as { readonly kind?: unknown } | null)?.kind !== 'tick'
    }
    const alone = run(op, edge, inputs.flatMap((item) => (concerns(item) || item.kind === 'tick' ? [item] : withoutMachine(item))))
    sameOutputs(alone.filter(concerns), all.filter(concerns), `keys do not meet: what concerns ${[...kept].join(', ')}, expected as it is without the other machines`)
  }
  for (const machine of machines) {
    hold(new Set([machine]))
    if (machines.size > 2) hold(new Set([...machines].filter((other) => other !== machine)))
  }
}

const withoutMachine = (item: Input): readonly Input[] => (item.kind === 'reading' ? [{ kind: 'tick', time: item.time }] : [])
