import { test } from '@fast-check/vitest'
import { catchError, delay, from, interval, map, merge, pipe, range, repeat, retry, take, tap, throwError, timer, toArray } from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Reading } from '../../src/model/index.js'
import { inOrder } from '../../src/operators/index.js'
import { eventTime } from '../../src/time/index.js'
import type { Timeline } from '../../src/time/index.js'

const reading = (time: number): Reading => ({ kind: 'reading', time, machine: 'm', sensor: 's', value: 1, quality: 'good' })

const all = <T>(out$: Observable<T>): readonly T[] => {
  let got: readonly T[] = []
  out$.pipe(toArray()).subscribe((out) => (got = out))
  return got
}

const times = (time: Timeline) => pipe(inOrder<Input>({ lateness: 5 }, time), map(() => time.now()))

describe('eventTime', () => {
  test('each subscription has a timeline of its own: a second subscriber, repeat and retry start afresh', () => {
    const made: Timeline[] = []
    const out$ = from([3, 1, 2].map(reading)).pipe(eventTime((time) => {
      made.push(time)
      return times(time)
    }))
    expect(all(out$)).toEqual([1, 2, 3])
    expect(all(out$)).toEqual([1, 2, 3])
    expect(all(out$.pipe(repeat(2)))).toEqual([1, 2, 3, 1, 2, 3])
    let tries = 0
    expect(all(out$.pipe(map((n) => {
      if (tries++ === 1) throw new Error('once')
      return n
    }), retry(1)))).toEqual([1, 1, 2, 3])
    expect(new Set(made).size).toBe(6)
  })

  test('when the data end, timers that are set run, each at its time, before it completes', () => {
    expect(all(from([1, 2].map(reading)).pipe(eventTime((time) => pipe(times(time), delay(10, time), map((n) => `${n} at ${time.now()}`)))))).toEqual(['1 at 11', '2 at 12'])
  })

  test('when the data fail, what stands in for them goes on', () => {
    expect(all(throwError(() => 'gone').pipe(eventTime((time) => pipe(inOrder<Input>({ lateness: 5 }, time), catchError(() => timer(5, time))))))).toEqual([0])
  })

  test('timers that never end are an error, as is a throw in one, or in the pipeline itself', () => {
    const errors: string[] = []
    const failing = (pipeline: Parameters<typeof eventTime<Input, unknown>>[0]): void => {
      from([reading(1), reading(100)]).pipe(eventTime(pipeline)).subscribe({ error: (error: unknown) => errors.push((error as Error).message) })
    }
    failing((time) => (source) => merge(source, interval(1000, time)))
    failing((time) => pipe(times(time), tap(() => time.schedule(() => {
      throw new Error('in a timer')
    }, 5))))
    failing(() => {
      throw new Error('in the pipeline')
    })
    expect(errors).toEqual(['timers are still being set after the end of the data: end them with takeUntil, or take', 'in a timer', 'in the pipeline'])
  })

  test('stops a source that emits while it is being subscribed to', () => {
    let pulled = 0
    const endless$ = range(0, 1_000_000_000).pipe(tap(() => pulled++), map((n) => reading(n)))
    expect(all(endless$.pipe(eventTime(times), take(3)))).toEqual([0, 1, 2])
    expect(pulled).toBeLessThan(20)
  })
})
