import type { Input } from '../../model/index.js'
import { run, sameOutputs } from './line.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { standardEdge } from './operator.js'

/**
 * Law 2. The same readings give the same outputs in whatever order they arrive, as long as each is at most `lateness` behind the latest of its own source,
 * and however often they arrive. `arrivals` holds the items of `inputs` in such an order, some of them more than once: see `arrivals` and `arbitraryArrivals`.
 * Rejected duplicates are left out of the comparison: they say only what was dropped. Not for commands: they take effect where they arrive.
 *
 * Throws an `Error` that shows the first output that differs.
 */
export function shuffleWithinLateness<Out>(
  op: OperatorUnderTest<Out>, inputs: readonly Input[], arrivals: readonly Input[], edge: Edge = standardEdge,
): void {
  const taken = (outputs: readonly unknown[]): readonly unknown[] => outputs.filter((out) => !isDuplicate(out))
  sameOutputs(
    taken(run(op, edge, inputs, 'shuffle within lateness: in order')),
    taken(run(op, edge, arrivals, 'shuffle within lateness: shuffled')),
    'shuffle within lateness: in the order of arrival',
  )
}

function isDuplicate(out: unknown): boolean {
  const { kind, reason } = (out ?? {}) as { readonly kind?: unknown; readonly reason?: unknown }
  return kind === 'rejected' && reason === 'duplicate'
}
