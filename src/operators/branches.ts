import { Observable } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import { subscribeWithin } from '../time/subscribe-within.js'

/** Hands each item on that `pass` lets through, then those that `take` lets through to each operator, and what they make of it to the output. */
export function branches<In, Out>(
  name: string,
  pass: (item: In) => boolean,
  take: (item: In) => boolean,
  operators: readonly OperatorFunction<In, Out>[],
): OperatorFunction<In, In | Out> {
  return (source) =>
    new Observable<In | Out>((subscriber) => {
      let inlets: readonly Subscriber<In>[] = []
      let ended = false
      let busy = false
      let open = operators.length + 1
      const completed = (): void => {
        if (--open === 0) subscriber.complete()
      }
      const error = (reason: unknown): void => {
        subscriber.error(reason)
      }
      const next = (out: Out): void => {
        subscriber.next(out)
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
        subscribeWithin(subscriber, operator(inlet), { next, error, complete: completed })
        if (subscriber.closed) return
      }
      subscribeWithin(subscriber, source, {
        next: (item) => {
          if (busy) {
            subscriber.error(new Error(`${name} was pushed an item while it hands on another: put observeOn(time) into the loop that feeds it back`))
            return
          }
          busy = true
          try {
            if (pass(item)) subscriber.next(item)
            if (take(item)) {
              const now = inlets
              for (let i = 0; i < now.length; i++) now[i]!.next(item)
            }
          } catch (thrown) {
            subscriber.error(thrown)
          } finally {
            busy = false
          }
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
