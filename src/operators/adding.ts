import { Observable } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import { subscribeWithin } from '../time/subscribe-within.js'

/**
 * Passes the input on, and after each item adds what each operator makes of it, in the order in which they are given.
 * So a stage is added to a pipeline without taking anything from those behind it.
 *
 * It completes when the input and all operators have; an error of any is its error. What is pushed back in from within an output is refused with an error.
 *
 * @example
 * adding(via('reading', tumbling('1m', { key: 'series' }, time)), alarms(rules, time))
 */
export function adding<In, Outs extends readonly unknown[]>(
  ...operators: { readonly [K in keyof Outs]: OperatorFunction<In, Outs[K]> }
): OperatorFunction<In, In | Outs[number]> {
  return (source) =>
    new Observable<In | Outs[number]>((subscriber) => {
      let inlets: readonly Subscriber<In>[] = []
      let ended = false
      let open = operators.length + 1
      const completed = (): void => {
        if (--open === 0) subscriber.complete()
      }
      const error = (reason: unknown): void => {
        subscriber.error(reason)
      }
      for (const operator of operators) {
        const inlet = new Observable<In>((inner) => {
          if (ended) {
            inner.complete()
            return
          }
          inlets = [...inlets, inner]
          inner.add(() => {
            inlets = inlets.filter((other) => other !== inner)
          })
        })
        subscriber.add(
          operator(inlet).subscribe({
            next: (out) => {
              subscriber.next(out)
            },
            error,
            complete: completed,
          }),
        )
        if (subscriber.closed) return
      }
      let busy = false
      subscribeWithin(subscriber, source, {
        next: (item) => {
          if (busy) {
            subscriber.error(new Error('adding was pushed an item while it hands on another: put observeOn(time) into the loop that feeds it back'))
            return
          }
          busy = true
          subscriber.next(item)
          for (const inlet of inlets) inlet.next(item)
          busy = false
        },
        error,
        complete: () => {
          ended = true
          for (const inlet of inlets) inlet.complete()
          completed()
        },
      })
    })
}
