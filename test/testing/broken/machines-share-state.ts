import type { OperatorFunction } from 'rxjs'
import type { Input, Reading } from '../../../src/model/index.js'
import { keyed, via } from '../../../src/operators/index.js'
import type { Timeline } from '../../../src/time/index.js'
import { sums } from './good.js'
import type { Sum } from './good.js'

/** Law 3: one sum for all machines of a fleet, under the name of the one that was heard last. */
export const machinesShareState = (time: Timeline): OperatorFunction<Input, Sum> =>
  via('reading', keyed<Reading, Sum, { wakeAt: number; machine: string; sum: number }>({
    ...sums,
    next: (state, value, now, emit) => {
      sums.next(state, value, now, emit)
      state.machine = value.machine
    },
  }, { key: () => 'fleet' }, time))
