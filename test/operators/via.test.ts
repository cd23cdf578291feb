import { fc, test } from '@fast-check/vitest'
import { filter, from, map, of, scan, Subject, toArray } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { describe, expect, expectTypeOf } from 'vitest'
import type { Input, Reading } from '../../src/model/index.js'
import { via } from '../../src/operators/index.js'

describe('via', () => {
  test.prop([fc.array(fc.record({ kind: fc.constantFrom('a' as const, 'b' as const), n: fc.nat() }))])('gives the operator the items of that kind, and puts out what it makes of them, and nothing else', (items) => {
    interface One { readonly kind: 'a'; readonly n: number }
    const sum: OperatorFunction<One, number> = scan((total, { n }) => total + n, 0)
    const collect = (source = from(items)) => {
      let got: readonly number[] = []
      return { source, into: (out: readonly number[]) => (got = out), got: () => got }
    }
    const left = collect()
    left.source.pipe(via('a', sum), toArray()).subscribe(left.into)
    const right = collect()
    right.source.pipe(filter((item): item is One => item.kind === 'a'), sum, toArray()).subscribe(right.into)
    expect(left.got()).toEqual(right.got())
  })

  test('takes several kinds, in the order in which they come', () => {
    const got: string[] = []
    from([{ kind: 'a' }, { kind: 'b' }, { kind: 'c' }, { kind: 'a' }]).pipe(via(['a', 'b'], map(({ kind }: { readonly kind: 'a' | 'b' }) => kind))).subscribe((kind) => got.push(kind))
    expect(got).toEqual(['a', 'b', 'a'])
  })

  test('refuses an item that is pushed in while it hands on another, and says what to do; what is no item is an error', () => {
    const errors: unknown[] = []
    const input = new Subject<{ readonly kind: 'a' }>()
    input.pipe(via('a', map((item: { readonly kind: 'a' }) => item))).subscribe({ next: (item) => { input.next(item) }, error: (error: unknown) => errors.push(error) })
    input.next({ kind: 'a' })
    expect(errors).toEqual([new Error('via was pushed an item while it hands on another: put observeOn(time) into the loop that feeds it back')])
    from([null as unknown as { readonly kind: 'a' }]).pipe(via('a', map((item: { readonly kind: 'a' }) => item))).subscribe({ error: (error: unknown) => errors.push(error) })
    expect(errors[1]).toBeInstanceOf(TypeError)
  })

  test('types what the operator is given', () => {
    const values$ = of<Input>().pipe(via('reading', map((reading: Reading) => {
      expectTypeOf(reading).toEqualTypeOf<Reading>()
      return reading.value
    })))
    expectTypeOf(values$).toEqualTypeOf(of<number>())
    expect(() => values$.subscribe()).not.toThrow()
  })

  test('an error of the operator, and of the input, is its error; completion passes', () => {
    const got: unknown[] = []
    const observer = { next: (out: unknown) => got.push(out), error: (error: unknown) => got.push(String(error)), complete: () => got.push('complete') }
    const failing = map((): never => {
      throw new Error('of the operator')
    })
    const input$ = new Subject<{ readonly kind: 'a' | 'b' }>()
    input$.pipe(via('a', failing)).subscribe(observer)
    input$.next({ kind: 'b' })
    expect(got).toEqual([])
    input$.next({ kind: 'a' })
    expect(got).toEqual(['Error: of the operator'])
    expect(input$.observed).toBe(false)
    input$.pipe(via('a', map(() => 1))).subscribe(observer)
    input$.complete()
    expect(got).toEqual(['Error: of the operator', 'complete'])
  })
})
