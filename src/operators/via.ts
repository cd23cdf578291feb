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
export function via<K extends string, A extends { readonly kind: K }, O>(kind: K | readonly K[], operator: OperatorFunction<A, O>): OperatorFunction<Item, O>
export function via<K extends string, A extends { readonly kind: K }, O, P>(kind: K | readonly K[], a: OperatorFunction<A, O>, b: OperatorFunction<A, P>): OperatorFunction<Item, O | P>
export function via<K extends string, A extends { readonly kind: K }, O, P, Q>(
  kind: K | readonly K[],
  a: OperatorFunction<A, O>,
  b: OperatorFunction<A, P>,
  c: OperatorFunction<A, Q>,
): OperatorFunction<Item, O | P | Q>
export function via<K extends string, A extends { readonly kind: K }, O, P, Q, R>(
  kind: K | readonly K[],
  a: OperatorFunction<A, O>,
  b: OperatorFunction<A, P>,
  c: OperatorFunction<A, Q>,
  d: OperatorFunction<A, R>,
): OperatorFunction<Item, O | P | Q | R>
export function via<K extends string, A extends { readonly kind: K }, O, P, Q, R, S>(
  kind: K | readonly K[],
  a: OperatorFunction<A, O>,
  b: OperatorFunction<A, P>,
  c: OperatorFunction<A, Q>,
  d: OperatorFunction<A, R>,
  e: OperatorFunction<A, S>,
): OperatorFunction<Item, O | P | Q | R | S>
export function via(kind: string | readonly string[], ...operators: readonly OperatorFunction<never, unknown>[]): OperatorFunction<Item, unknown> {
  return branches<Item, unknown>('via', false, typeof kind === 'string' ? (item) => item.kind === kind : (item) => kind.includes(item.kind), operators as readonly OperatorFunction<Item, unknown>[])
}
