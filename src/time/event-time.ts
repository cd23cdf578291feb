import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Item, Output } from '../model/index.js'
import { subscribeWithin } from './subscribe-within.js'
import { Timeline } from './timeline.js'

/** A pipeline is an operator that is told its time. */
export type Pipeline<In extends Item = Input, Out extends Item = Output> = (time: Timeline) => OperatorFunction<In, Out>

/**
 * Makes an RxJS operator of a pipeline: each subscription has a timeline of its own, so `retry`, `repeat` and a second subscriber start afresh.
 * When the data end, timers of RxJS's own operators that are still set (a `delay`, say) run before it completes.
 * A pipeline that leaves its input before that (`take`) has nothing that moves its time any more: timers which it sets afterwards do not run.
 */
export function eventTime<In, Out>(pipeline: (time: Timeline) => OperatorFunction<In, Out>): OperatorFunction<In, Out> {
  return (source) =>
    new Observable<Out>((subscriber) => {
      const time = new Timeline()
      let subscribed = false
      let over = false
      const drain = (): void => {
        over = true
        if (subscriber.closed || !subscribed) return
        try {
          time.drain()
        } catch (error) {
          subscriber.error(error)
        }
      }
      const input = new Observable<In>((inner) => {
        subscriber.add(inner)
        subscribeWithin(inner, source, {
          next: (item) => {
            inner.next(item)
          },
          error: (error: unknown) => {
            inner.error(error)
            drain()
          },
          complete: () => {
            inner.complete()
            drain()
          },
        })
      })
      const subscription = pipeline(time)(input).subscribe(subscriber)
      subscribed = true
      if (over) drain()
      return subscription
    })
}
