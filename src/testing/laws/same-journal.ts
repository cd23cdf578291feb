import type { Input } from '../../model/index.js'
import { checkAlive, line, sameOutputs } from './line.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { standardEdge } from './operator.js'
import { wallClock } from './wall-clock.js'

/**
 * Law 4. The same inputs give the same outputs whenever and however fast they come: all at once; one by one at the pace of their own times;
 * three by three with an hour between, in another year. Meanwhile `Date`, `performance.now` and the global timers are those of a made-up clock
 * (not what a module took from 'node:timers' for itself), timers fire as it moves, and promises are settled between two batches.
 *
 * Rejects with an `Error` that names the run and shows the first output that differs. One at a time in a thread: a second call waits for the first.
 */
export function sameJournal<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge = standardEdge): Promise<void> {
  const turn = last.then(() => hold(op, inputs, edge))
  last = turn.catch(() => undefined)
  return turn
}

let last: Promise<void> = Promise.resolve()

async function hold<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge): Promise<void> {
  const replayed = await paced(op, inputs, edge, { start: Date.UTC(2001, 0, 1), batch: Infinity, wait: () => 0 })
  const first = inputs.find(({ kind, time }) => kind !== 'command' && Number.isFinite(time))?.time ?? 0
  const live = await paced(op, inputs, edge, { start: first, batch: 1, wait: (before, after) => Math.max(0, after - before) || 0 })
  sameOutputs(replayed, live, 'same journal: live at the pace of the readings, expected as replayed at full speed')
  const slow = await paced(op, inputs, edge, { start: Date.UTC(2040, 5, 1), batch: 3, wait: () => 3_600_000 })
  sameOutputs(replayed, slow, 'same journal: in batches of three, an hour apart, expected as replayed at full speed')
}

interface Pace {
  readonly start: number
  readonly batch: number
  readonly wait: (before: number, after: number) => number
}

async function paced<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge, { start, batch, wait }: Pace): Promise<readonly unknown[]> {
  const clock = wallClock(start)
  try {
    const journal = line(op, edge)
    const rest = async (milliseconds: number): Promise<void> => {
      await settled()
      clock.advance(milliseconds)
      await settled()
    }
    for (const [i, item] of inputs.entries()) {
      if (i > 0 && i % batch === 0) await rest(wait(inputs[i - 1]!.time, item.time))
      journal.push(item)
    }
    await rest(wait(0, 60_000))
    journal.complete()
    await rest(wait(0, 60_000))
    journal.unsubscribe()
    checkAlive(journal, 'same journal')
    return journal.outputs
  } finally {
    clock.restore()
  }
}

/** Promises that can be settled are, and nothing else of this thread has had its turn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}
