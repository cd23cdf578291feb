import { asyncScheduler, debounceTime, delay, map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input } from '../../../src/model/index.js'
import type { Timeline } from '../../../src/time/index.js'
import { good, runs, sums } from './good.js'
import type { Sum } from './good.js'

/** Law 4: the stamp is the time of the wall clock. */
export const stampsWithTheWallClock = runs({ ...sums, wake: (state, due, emit) => { sums.wake!(state, due, (sum) => { emit({ ...sum, time: Date.now() }) }) } })

/** Law 4: the stamp is made by `new Date()`. */
export const stampsWithNewDate = (time: Timeline): OperatorFunction<Input, unknown> => pipe(good(time), map((sum) => ({ ...sum, year: new Date().getFullYear() })))

/** Law 4: it waits on RxJS's wall clock. */
export const waitsOnTheWallClock = (time: Timeline): OperatorFunction<Input, Sum> => pipe(good(time), debounceTime(1000, asyncScheduler))

/** Law 4: what comes within one turn of the event loop is lost at the end of the data. */
export const hangsOnTheEventLoop = (time: Timeline): OperatorFunction<Input, Sum> => pipe(good(time), delay(0))
