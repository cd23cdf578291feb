import type { OperatorFunction } from 'rxjs'
import type { Input, Reading } from '../../../src/model/index.js'
import { keyed, via } from '../../../src/operators/index.js'
import type { Behaviour } from '../../../src/operators/index.js'
import type { Timeline } from '../../../src/time/index.js'

export interface Sum {
  readonly kind: 'sum'
  readonly time: number
  readonly machine: string
  readonly sum: number
}

export interface SumState {
  wakeAt: number
  readonly machine: string
  sum: number
}

/** The sum of a machine's values over each burst of readings, 30 s behind its last one. All broken operators are this one with one thing wrong. */
export const sums: Behaviour<Reading, Sum, SumState> = {
  name: 'sums',
  version: 1,
  start: (machine) => ({ wakeAt: Infinity, machine, sum: 0 }),
  next: (state, { value }, now) => {
    state.sum += value
    state.wakeAt = now + 30_000
  },
  wake: (state, due, emit) => {
    emit({ kind: 'sum', time: due, machine: state.machine, sum: state.sum })
    state.sum = 0
    state.wakeAt = Infinity
  },
  end: (state, now, emit) => {
    if (state.wakeAt < Infinity) emit({ kind: 'sum', time: now, machine: state.machine, sum: state.sum })
  },
  idle: (state) => state.wakeAt === Infinity,
}

export const runs = (behaviour: Behaviour<Reading, Sum, SumState>) => (time: Timeline): OperatorFunction<Input, Sum> =>
  via('reading', keyed(behaviour, { key: 'machine' }, time))

export const good = runs(sums)
