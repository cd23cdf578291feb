import { map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input } from '../../../src/model/index.js'
import type { Timeline } from '../../../src/time/index.js'
import { good } from './good.js'
import type { Sum } from './good.js'

/** Law 1: the number of each sum of a machine is counted in a closure that no save sees. */
export const stateOutsideTheSave = (time: Timeline): OperatorFunction<Input, Sum & { readonly n: number }> => {
  const counts = new Map<string, number>()
  return pipe(good(time), map((sum) => {
    const n = (counts.get(sum.machine) ?? 0) + 1
    counts.set(sum.machine, n)
    return { ...sum, n }
  }))
}
