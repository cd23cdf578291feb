import { pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Item } from '../model/index.js'
import { only } from './only.js'

/**
 * Gives an operator the items of one kind; what comes out is what the operator makes of them.
 * To keep the rest of the stream as well, put it into `adding`.
 *
 * @example
 * via('reading', tumbling('1m', { key: 'series' }, time))
 */
export function via<In extends Item, K extends In['kind'], Out>(
  kind: K,
  operator: OperatorFunction<Extract<In, { readonly kind: K }>, Out>,
): OperatorFunction<In, Out> {
  return pipe(only<In, K>(kind), operator)
}
