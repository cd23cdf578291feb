import { filter } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Item, Output } from '../model/index.js'

/**
 * Lets through the items of the given kinds, and types them so.
 *
 * @example
 * outputs$.pipe(only('alarm')).subscribe((alarm) => console.log(alarm.message))
 */
export function only<In extends Item = Output, K extends In['kind'] = In['kind']>(...kinds: readonly K[]): OperatorFunction<In, Extract<In, { readonly kind: K }>> {
  const wanted = new Set<string>(kinds)
  return filter((item): item is Extract<In, { readonly kind: K }> => wanted.has(item.kind))
}
