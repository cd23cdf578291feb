import { fc, test } from '@fast-check/vitest'
import { concatMap, from, map, of, Subject, toArray } from 'rxjs'
import { describe, expect, expectTypeOf } from 'vitest'
import type { Input, Output, Reading, Tick } from '../../src/model/index.js'
import { replacing } from '../../src/operators/index.js'

describe('replacing', () => {
  test.prop([fc.array(fc.record({ kind: fc.constantFrom('a' as const, 'b' as const, 'c' as const), n: fc.nat({ max: 3 }) }))])(
    'puts what the operator makes of a kind in its place, one after the other, and lets all else pass',
    (items) => {
      let got: readonly unknown[] = []
      const times = concatMap(({ n }: { readonly kind: 'a'; readonly n: number }) => from(Array.from({ length: n }, (_, i) => i)))
      from(items).pipe(replacing('a', times), toArray()).subscribe((all) => (got = all))
      expect(got).toEqual(items.flatMap((item): readonly unknown[] => (item.kind === 'a' ? Array.from({ length: item.n }, (_, i) => i) : [item])))
    },
  )

  test('types what the operator is given, and what is left', () => {
    const out$ = of<Input>().pipe(replacing('reading', map((reading: Reading) => reading.value)))
    expectTypeOf(out$).toEqualTypeOf(of<Exclude<Input, Reading> | number>())
    expect(() => out$.subscribe()).not.toThrow()
  })

  test('an error of the operator, and of the input, is its error; completion passes', () => {
    const got: unknown[] = []
    const observer = { next: (out: unknown) => got.push(out), error: (error: unknown) => got.push(String(error)), complete: () => got.push('complete') }
    const failing = map((): never => {
      throw new Error('of the operator')
    })
    const input$ = new Subject<Output>()
    input$.pipe(replacing<Tick, never>('tick', failing)).subscribe(observer)
    input$.next({ kind: 'tick', time: 0 })
    expect(got).toEqual(['Error: of the operator'])
    expect(input$.observed).toBe(false)
    input$.pipe(replacing<Tick, number>('tick', map(() => 1))).subscribe(observer)
    input$.next({ kind: 'tick', time: 0 })
    input$.complete()
    expect(got.slice(1)).toEqual([1, 'complete'])
  })
})
