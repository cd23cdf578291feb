import type { OperatorFunction } from 'rxjs'
import { branches, every } from './branches.js'

/**
 * Passes the input on, and after each item adds what each operator makes of it, in the order in which they are given.
 * So a stage is added to a pipeline without taking anything from those behind it.
 *
 * It completes when the input and all operators have; an error of any is its error. What is pushed back in from within an output is refused with an error.
 *
 * @example
 * pipe(inOrder({ lateness: '5s' }, time), adding(via('reading', tumbling('1m', { key: 'series' }, time)), alarms(rules, {}, time)))
 */
export function adding<In, Outs extends readonly unknown[]>(
  ...operators: { readonly [K in keyof Outs]: OperatorFunction<In, Outs[K]> }
): OperatorFunction<In, In | Outs[number]> {
  return branches('adding', true, every, operators as readonly OperatorFunction<In, Outs[number]>[])
}
