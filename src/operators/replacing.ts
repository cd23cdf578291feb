import { filter } from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'
import type { Item } from '../model/index.js'
import { branches, every } from './branches.js'

/**
 * Puts what an operator makes of the items of one kind in their place; all others pass. So what another alarm explains is marked in the stream itself, or a kind is thinned out.
 *
 * It completes when the input and the operator have; an error of either is its error. What is pushed back in from within an output is refused with an error.
 *
 * @example
 * const inhibitions: readonly Inhibition[] = [{ source: { rule: 'phase-loss' }, targets: [{ rule: 'high' }] }]
 * pipe(alarms(rules, {}, time), replacing('alarm', inhibited(inhibitions, time)))
 */
export function replacing<A extends Item, Out>(kind: A['kind'], operator: OperatorFunction<A, Out>): <In extends Item>(source: Observable<In>) => Observable<Exclude<In, { readonly kind: A['kind'] }> | Out> {
  const others = filter<Item>((item) => item.kind !== kind)
  const replaced = branches<Item, Out>('replacing', false, (item) => item.kind === kind, [operator as unknown as OperatorFunction<Item, Out>])
  return branches<Item, Item | Out>('replacing', false, every, [others, replaced]) as <In extends Item>(source: Observable<In>) => Observable<Exclude<In, { readonly kind: A['kind'] }> | Out>
}
