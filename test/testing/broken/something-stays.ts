import { Observable, pipe, tap } from 'rxjs'
import type { MonoTypeOperatorFunction, OperatorFunction } from 'rxjs'
import type { Input } from '../../../src/model/index.js'
import type { Timeline } from '../../../src/time/index.js'
import { good, runs, sums } from './good.js'
import type { Sum } from './good.js'

/** Law 5: a timer of its own that nobody takes back. */
export const leaksATimer = (time: Timeline): OperatorFunction<Input, Sum> => pipe(good(time), tap(() => { time.schedule(() => undefined, 60_000) }))

const handOn = <T>(teardown: boolean): MonoTypeOperatorFunction<T> => (source) => new Observable((subscriber) => {
  const subscription = source.subscribe({ next: (item) => { subscriber.next(item) }, error: (error: unknown) => { subscriber.error(error) }, complete: () => { subscriber.complete() } })
  return teardown ? subscription : undefined
})

/** Law 5: it never leaves its input. */
export const leaksItsSubscription = (time: Timeline): OperatorFunction<Input, Sum> => pipe(handOn(false), good(time))

/** Law 5: it leaves its input, but not before a source that pushes all at once has done so. */
export const cannotStopASource = (time: Timeline): OperatorFunction<Input, Sum> => pipe(good(time), handOn(true))

/** Law 5: its place on the timeline is never left, so that its state is in every later save. */
export const staysOnTheTimeline = (time: Timeline): OperatorFunction<Input, Sum> => {
  const place = time.place('stays', 1)
  return (source) => {
    const inner = good(time)(source)
    return new Observable((subscriber) => {
      place.join({ ready: false, earliest: () => Infinity, open: () => undefined, close: () => undefined, save: () => 1 })
      subscriber.add(inner.subscribe(subscriber))
    })
  }
}

/** Law 5: it never forgets a machine. */
const { idle: _, ...never } = sums
export const neverForgets = runs(never)
