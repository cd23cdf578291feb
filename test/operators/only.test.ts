import { fc, test } from '@fast-check/vitest'
import { from, of, Subject, toArray } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { describe, expect, expectTypeOf } from 'vitest'
import type { Alarm, Command, Output, Reading, Tick } from '../../src/model/index.js'
import { only } from '../../src/operators/index.js'

const all = <In, Out>(items: readonly In[], operator: OperatorFunction<In, Out>): readonly Out[] => {
  let got: readonly Out[] = []
  from(items).pipe(operator, toArray()).subscribe((out) => (got = out))
  return got
}

const kinds = fc.constantFrom('reading', 'tick', 'alarm', 'own', '__proto__')

describe('only', () => {
  test.prop([fc.array(fc.record({ kind: kinds, n: fc.nat() })), fc.array(kinds)])('lets through the given kinds, the same objects in the same order', (items, wanted) => {
    const got = all(items, only(...wanted))
    const expected = items.filter(({ kind }) => wanted.includes(kind))
    expect(got.length).toBe(expected.length)
    got.forEach((item, i) => expect(item).toBe(expected[i]))
  })

  test('types what it lets through, users\' own kinds too', () => {
    expectTypeOf(of<Output>().pipe(only('alarm'))).toEqualTypeOf(of<Alarm>())
    expectTypeOf(of<Output>().pipe(only('reading', 'tick'))).toEqualTypeOf(of<Reading | Tick>())
    interface Own { readonly kind: 'own'; readonly x: number }
    expectTypeOf(of<Output | Own>().pipe(only('own'))).toEqualTypeOf(of<Own>())
    // @ts-expect-error not a kind of what flows
    of<Command>().pipe(only('alarm'))
    expect(all([{ kind: 'own', x: 1 }], only('own'))).toEqual([{ kind: 'own', x: 1 }])
  })

  test('passes errors and completion on', () => {
    const got: unknown[] = []
    const input$ = new Subject<Tick>()
    input$.pipe(only('tick')).subscribe({ next: (item) => got.push(item.time), error: (error: unknown) => got.push(error) })
    input$.next({ kind: 'tick', time: 1 })
    input$.error('mine')
    expect(got).toEqual([1, 'mine'])
  })
})
