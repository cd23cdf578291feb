import { map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Rejected } from '../../../src/model/index.js'
import { inOrder, only } from '../../../src/operators/index.js'
import type { Timeline } from '../../../src/time/index.js'

/** Law 2, as a whole pipeline: readings of one instant are numbered by who came first, in front of `inOrder`. */
export const orderOfArrival = (time: Timeline): OperatorFunction<Input, Input | Rejected> => {
  let at = NaN
  let n = 0
  return pipe(
    map((item: Input) => {
      if (item.kind !== 'reading') return item
      n = item.time === at ? n + 1 : 0
      at = item.time
      return { ...item, value: n }
    }),
    inOrder<Input>({ lateness: '5s' }, time),
  )
}

/** Law 2, as a whole pipeline: less lateness than it is said to allow. */
export const lessLateness = (time: Timeline): OperatorFunction<Input, Input | Rejected> => pipe(inOrder<Input>({ lateness: '2s' }, time), only('reading', 'rejected'))
