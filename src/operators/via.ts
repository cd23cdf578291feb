import { filter, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Item } from '../model/index.js'

/**
 * Gives an operator the items of one kind; what comes out is what the operator makes of them.
 * To keep the rest of the stream as well, put it into `adding`.
 *
 * @example
 * via('reading', tumbling('1m', { key: 'series' }, time))
 */
export function via<K extends string, A extends { readonly kind: K }, Out>(kind: K, operator: OperatorFunction<A, Out>): OperatorFunction<Item, Out> {
  return pipe(
    filter((item: Item): item is A => item.kind === kind),
    operator,
  )
}
