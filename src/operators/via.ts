import type { OperatorFunction } from 'rxjs'
import type { Item } from '../model/index.js'
import { branches } from './branches.js'

/**
 * Gives operators the items of one kind, or of several; what comes out is what they make of them, each item through all operators in the order in which they are given.
 * To keep the rest of the stream as well, put it into `adding`.
 *
 * @example
 * via('reading', tumbling('1m', { key: 'series' }, time), fuse({ stale: '1m' }, time))
 */
export function via<A extends Item, O>(kind: A['kind'] | readonly A['kind'][], operator: OperatorFunction<A, O>): OperatorFunction<Item, O>
export function via<A extends Item, O, P>(kind: A['kind'] | readonly A['kind'][], a: OperatorFunction<A, O>, b: OperatorFunction<A, P>): OperatorFunction<Item, O | P>
export function via<A extends Item, O, P, Q>(
  kind: A['kind'] | readonly A['kind'][],
  a: OperatorFunction<A, O>,
  b: OperatorFunction<A, P>,
  c: OperatorFunction<A, Q>,
): OperatorFunction<Item, O | P | Q>
export function via<A extends Item, O, P, Q, R>(
  kind: A['kind'] | readonly A['kind'][],
  a: OperatorFunction<A, O>,
  b: OperatorFunction<A, P>,
  c: OperatorFunction<A, Q>,
  d: OperatorFunction<A, R>,
): OperatorFunction<Item, O | P | Q | R>
export function via<A extends Item, O, P, Q, R, S>(
  kind: A['kind'] | readonly A['kind'][],
  a: OperatorFunction<A, O>,
  b: OperatorFunction<A, P>,
  c: OperatorFunction<A, Q>,
  d: OperatorFunction<A, R>,
  e: OperatorFunction<A, S>,
): OperatorFunction<Item, O | P | Q | R | S>
export function via(kind: string | readonly string[], ...operators: readonly OperatorFunction<never, unknown>[]): OperatorFunction<Item, unknown> {
  return branches<Item, unknown>('via', false, takes(kind), operators as readonly OperatorFunction<Item, unknown>[])
}

function takes(kind: string | readonly string[]): (item: Item) => boolean {
  const kinds = typeof kind === 'string' ? [kind] : kind
  return (item) => kinds.includes(item.kind)
}
