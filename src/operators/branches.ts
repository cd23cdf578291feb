import { Observable } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import { subscribeWithin } from '../time/subscribe-within.js'

interface Branch<In, Out> {
  readonly take: (item: In) => boolean
  readonly operator: OperatorFunction<In, Out>
}

interface Inlet<In> {
  readonly take: (item: In) => boolean
  readonly subscriber: Subscriber<In>
}

/** An operator that is nothing but these branches, so that one around it can have them as its own: a step less on the way of every item. */
type Branching<In, Out> = OperatorFunction<In, Out> & { readonly branches?: readonly Branch<In, Out>[] }

/** Hands each item on where `pass` says so, then those that `take` lets through to each operator, and what they make of it to the output. */
export function branches<In, Out>(name: string, pass: boolean, take: (item: In) => boolean, operators: readonly OperatorFunction<In, Out>[]): OperatorFunction<In, In | Out> {
  const own = operators.flatMap((operator): readonly Branch<In, Out>[] => (take === every ? (operator as Branching<In, Out>).branches : undefined) ?? [{ take, operator }])
  const branching: OperatorFunction<In, In | Out> = (source) =>
    new Observable<In | Out>((subscriber) => {
      let inlets: readonly Inlet<In>[] = []
      let ended = false
      let busy = false
      let open = own.length + 1
      const completed = (): void => {
        if (--open === 0) subscriber.complete()
      }
      const error = (reason: unknown): void => {
        subscriber.error(reason)
      }
      const next = (out: Out): void => {
        subscriber.next(out)
      }
      for (const branch of own) {
        const inlet = new Observable<In>((inner) => {
          if (ended) {
            inner.complete()
            return
          }
          const added = { take: branch.take, subscriber: inner }
          inlets = [...inlets, added]
          inner.add(() => {
            inlets = inlets.filter((other) => other !== added)
          })
        })
        subscribeWithin(subscriber, branch.operator(inlet), { next, error, complete: completed })
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
            if (pass) subscriber.next(item)
            const now = inlets
            for (let i = 0; i < now.length; i++) {
              const inlet = now[i]!
              if (inlet.take(item)) inlet.subscriber.next(item)
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
          for (const inlet of inlets) inlet.subscriber.complete()
          completed()
        },
      })
    })
  return pass ? branching : Object.assign(branching, { branches: own })
}

/** Takes every item. */
export const every = (): boolean => true
