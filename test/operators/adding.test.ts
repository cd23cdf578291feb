import { fc, test } from '@fast-check/vitest'
import {
  bufferCount, concat, delay, filter, from, ignoreElements, last, map, mergeMap, NEVER, of, pipe, range, retry, scan, Subject, take, tap, throwError, toArray,
} from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { describe, expect } from 'vitest'
import { adding, keyed } from '../../src/operators/index.js'
import { marbles } from '../../src/testing/marbles.js'
import { Timeline } from '../../src/time/index.js'

const all = (items: readonly number[], operator: OperatorFunction<number, string | number>): readonly (string | number)[] => {
  let got: readonly (string | number)[] = []
  from(items).pipe(operator, toArray()).subscribe((out) => (got = out))
  return got
}

const tag = (name: string): OperatorFunction<number, string> => map((n) => `${name}${n}`)
const branches: readonly OperatorFunction<number, string>[] = [
  tag('x'),
  pipe(filter((n) => n % 2 === 1), mergeMap((n) => of(`y${n}`, `y${n}!`))),
  ignoreElements(),
  pipe(scan((sum, n) => sum + n, 0), tag('sum')),
]

describe('adding', () => {
  test.prop([fc.array(fc.nat(9)), fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 4 })])('passes each item on, then what each operator makes of it, in their order', (items, chosen) => {
    let sum = 0
    const expected = items.flatMap((n) => {
      sum += n
      const made = [[`x${n}`], n % 2 === 1 ? [`y${n}`, `y${n}!`] : [], [], [`sum${sum}`]]
      return [n, ...chosen.flatMap((i) => made[i]!)]
    })
    expect(all(items, adding<number, string[]>(...chosen.map((i) => branches[i]!)))).toEqual(expected)
  })

  test('what operators put out at the end comes in their order, before it completes', () => {
    const atEnd = (name: string): OperatorFunction<number, string> => pipe(last(), tag(name))
    expect(all([1, 2], adding(atEnd('a'), pipe(bufferCount(5), map((buffer) => `[${buffer.join(' ')}]`)), atEnd('b')))).toEqual([1, 2, 'a2', '[1 2]', 'b2'])
    expect(all([], adding(tag('a')))).toEqual([])
  })

  test('one in another: the inner additions are items to the outer operators', () => {
    expect(all([1, 2], pipe(adding<number, string[]>(tag('a')), adding<string | number, string[]>(map((item) => `<${item}>`))))).toEqual([1, '<1>', 'a1', '<a1>', 2, '<2>', 'a2', '<a2>'])
  })

  test('waits for all: an operator that is done early, one that takes longer', () => {
    expect(all([1, 2, 3], adding(pipe(take(1), tag('first'))))).toEqual([1, 'first1', 2, 3])
    marbles<string, string>((time) => adding<string, string[]>(pipe(map((letter) => letter.toUpperCase()), delay(5, time)))).of('ab|').gives('ab---A (B|)')
    marbles<string, string>(() => adding((source) => concat(source, NEVER))).of('a|').gives('(aa)')
  })

  test('an operator that subscribes once more at the end is told of it', () => {
    expect(all([1], adding((source) => concat(of('early'), source.pipe(ignoreElements()), source.pipe(map(() => 'x')))))).toEqual(['early', 1])
  })

  test('an error of the input or of any operator is its error, and leaves nothing behind', () => {
    const got: string[] = []
    const observer = { next: (item: unknown) => got.push(String(item)), error: (error: unknown) => got.push(`# ${String(error)}`), complete: () => got.push('|') }
    const failsAt2 = mergeMap((n: number) => (n === 2 ? throwError(() => 'branch') : of(`ok${n}`)))
    const input$ = new Subject<number>()
    input$.pipe(adding<number, string[]>(tag('a'), failsAt2, tag('b'))).subscribe(observer)
    input$.next(1)
    input$.next(2)
    expect(got).toEqual(['1', 'a1', 'ok1', 'b1', '2', 'a2', '# branch'])
    expect(input$.observed).toBe(false)
    throwError(() => 'input').pipe(adding<number, string[]>(tag('a'))).subscribe(observer)
    of(1).pipe(adding<number, string[]>(() => {
      throw new Error('while wired')
    })).subscribe(observer)
    expect(got.slice(7)).toEqual(['# input', '# Error: while wired'])
  })

  test('unsubscribing in the middle of an item leaves nothing behind', () => {
    for (let count = 1; count <= 4; count++) {
      let calls = 0
      const input$ = new Subject<number>()
      const got: unknown[] = []
      input$.pipe(adding<number, string[]>(tag('a'), pipe(tap(() => calls++), tag('b')), tag('c')), take(count)).subscribe((item) => got.push(item))
      input$.next(1)
      expect(got).toEqual([1, 'a1', 'b1', 'c1'].slice(0, count))
      expect(calls).toBe(count > 2 ? 1 : 0)
      expect(input$.observed).toBe(false)
    }
  })

  test('a source that emits while it is being subscribed to is stopped', () => {
    let pulled = 0
    range(0, 1000).pipe(tap(() => pulled++), adding(), take(3)).subscribe()
    expect(pulled).toBe(3)
  })

  test('a diamond judges once an instant', () => {
    const judged = marbles<string, string>((time) => pipe(
      adding<string, string[]>(map((letter) => letter.toUpperCase())),
      keyed<string, string, { wakeAt: number; seen: string }>({
        name: 'judge', version: 1, start: () => ({ wakeAt: Infinity, seen: '' }),
        next: (state, letter, now) => {
          state.seen += letter
          state.wakeAt = now
        },
        wake: (state, _, emit) => {
          emit(state.seen)
          Object.assign(state, { seen: '', wakeAt: Infinity })
        },
      }, { key: () => '' }, time))).of('(ab)c|')
    expect(judged.events).toEqual([{ time: 0, value: 'aAbB' }, { time: 4, value: 'cC' }, { time: 5, complete: true }])
  })

  describe('not yet (reported to the lead; a test.fails that passes is to become a test)', () => {
    test('an operator that subscribes again is not handed the same item again', () => {
      let tries = 0
      const flaky = pipe(map((n: number) => {
        if (n === 2 && tries++ < 3) throw new Error('again')
        return `ok${n}`
      }), retry())
      expect(all([1, 2, 3], adding(flaky))).toEqual([1, 'ok1', 2, 3, 'ok3'])
      expect(tries).toBe(1)
    })

    test('an item that is pushed in while another is handed on does not overtake it', () => {
      const input$ = new Subject<number>()
      const seen: number[] = []
      input$.pipe(adding<number, number[]>(tap((n) => seen.push(n)))).subscribe({
        next: (item) => {
          if (item === 1 && seen.length === 0) input$.next(2)
        },
        error: () => undefined,
      })
      input$.next(1)
      expect(seen[0] ?? 1).toBe(1)
    })
  })
})

test('nothing of it stays on a timeline', () => {
  const time = new Timeline()
  const subscription = new Subject<number>().pipe(adding(delay(5, time))).subscribe()
  subscription.unsubscribe()
  expect(time.pending()).toBe(0)
})
