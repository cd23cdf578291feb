import { catchError, concat, EMPTY, endWith, ignoreElements, merge, mergeWith, NEVER, Observable, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input } from '../../../src/model/index.js'
import type { Timeline } from '../../../src/time/index.js'
import { good, runs, sums } from './good.js'
import type { Sum } from './good.js'

/** Law 6: an error of the input looks like its end. */
export const swallowsErrors = (time: Timeline): OperatorFunction<Input, Sum> => pipe(good(time), catchError(() => EMPTY))

/** Law 6: the input ends and it does not. */
export const neverCompletes = (time: Timeline): OperatorFunction<Input, Sum> => pipe(good(time), mergeWith(NEVER))

/** Law 6: two subscriptions to one input. */
export const subscribesTwice = (time: Timeline): OperatorFunction<Input, unknown> => {
  const one = good(time)
  return (source) => merge(one(source), source.pipe(ignoreElements()))
}

/** Law 6: a throw in its callback is lost. */
export const swallowsThrows = runs({ ...sums, next: (state, value, now, emit) => { try { sums.next(state, value, now, emit) } catch { /* lost */ } } })

/** Law 6: a throw in its callback goes to the process as unhandled. */
export const throwsUnhandled = (_time: Timeline): OperatorFunction<Input, number> => (source) => new Observable((subscriber) => {
  subscriber.add(source.subscribe({
    next: (item) => { if (item.kind === 'reading') subscriber.next(item.value + 1) },
    error: (error: unknown) => { subscriber.error(error) },
    complete: () => { subscriber.complete() },
  }))
})

/** Law 6: what is pushed in while it emits is lost without a word. */
export const losesWhatIsPushedBack = (_time: Timeline): OperatorFunction<Input, Input> => (source) => new Observable((subscriber) => {
  let busy = false
  subscriber.add(source.subscribe({
    next: (item) => {
      if (busy) return
      busy = true
      subscriber.next(item)
      busy = false
    },
    error: (error: unknown) => { subscriber.error(error) },
    complete: () => { subscriber.complete() },
  }))
})

/** Law 6: what it keeps is shared by all its subscribers. */
const everything: Input[] = []
export const sharesState = (_time: Timeline): OperatorFunction<Input, number> => (source) => new Observable((subscriber) => {
  subscriber.add(source.subscribe({
    next: (item) => { subscriber.next(everything.push(item)) },
    error: (error: unknown) => { subscriber.error(error) },
    complete: () => { subscriber.complete() },
  }))
})

/** Law 6: it emits in a turn of the instant that comes after the judges behind it. */
export const emitsAfterTheJudges = (time: Timeline): OperatorFunction<Input, Input> => (source) => new Observable((subscriber) => {
  subscriber.add(source.subscribe({
    next: (item) => { subscriber.add(time.schedule(() => { subscriber.next(item) })) },
    error: (error: unknown) => { subscriber.error(error) },
    complete: () => { subscriber.complete() },
  }))
})

/** Law 6: it adds something behind an error. */
export const goesOnAfterAnError = (time: Timeline): OperatorFunction<Input, unknown> => (source) => concat(good(time)(source).pipe(catchError(() => EMPTY)), EMPTY).pipe(endWith('end'))
