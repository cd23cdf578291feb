import { fc, test } from '@fast-check/vitest'
import { map } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import { asOf } from '../../src/operators/as-of.js'
import { via } from '../../src/operators/via.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import type { Duration } from '../../src/time/index.js'
import { marbles, ordered, outputsOf, reading, second, smallStreams } from './small-streams.js'

interface Joined {
  readonly machine: string
  readonly left: Reading
  readonly right: Reading | undefined
}

/** Right is `x`, left is `y`: at each instant the right ones come first. `swapped`: the left ones do. */
const joined = (tolerance: Duration, swapped = false, sensors = ['x', 'y']): OperatorUnderTest<Joined> => (time) => via('reading', asOf({
  key: 'machine',
  left: (item: Reading) => item.sensor === sensors[swapped ? 0 : 1],
  right: (item: Reading) => item.sensor === sensors[swapped ? 1 : 0],
  tolerance,
  join: (left, right): Joined => ({ machine: left.machine, left, right }),
}, time))

describe('asOf', () => {
  test.prop([smallStreams, fc.constantFrom(0, 1, 3, 7, Infinity), fc.boolean()])('finds what a look at all readings finds', (inputs, tolerance, swapped) => {
    const readings = ordered(inputs)
    const [right, left] = swapped ? ['y', 'x'] : ['x', 'y']
    const expected = readings.filter(({ sensor }) => sensor === left).map((each): Joined => {
      const last = readings.filter(({ sensor, machine, time }) => sensor === right && machine === each.machine && time <= each.time).at(-1)
      return { machine: each.machine, left: each, right: last !== undefined && each.time - last.time <= tolerance * second ? last : undefined }
    })
    expect(outputsOf(joined(tolerance * second, swapped), inputs)).toEqual(expected)
  })

  test.each(['0s', '2s', '1m'] as const)('keeps the laws with a tolerance of %s', async (tolerance) => {
    expect(Object.values(await checkLaws(joined(tolerance, true, ['temperature_coil', 'vibration_rotor'])))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test('an item that is both is joined with itself, and one that is neither gives nothing', () => {
    const op: OperatorUnderTest<readonly (number | undefined)[]> = (time) => via('reading',
      asOf({ key: 'machine', left: ({ sensor }: Reading) => sensor === 'x', right: ({ sensor }: Reading) => sensor === 'x', tolerance: 0, join: (l, r) => [l.value, r?.value] }, time))
    expect(outputsOf(op, [reading(0, 'm', 'x', 1), reading(1, 'm', 'y', 2), reading(2, 'm', 'x', 3)])).toEqual([[1, 1], [3, 3]])
  })

  test('type guards narrow what join is given', () => {
    type Left = { readonly kind: 'left'; readonly machine: string; readonly l: number }
    type Right = { readonly kind: 'right'; readonly machine: string; readonly r: number }
    marbles(({ scheduler, hot, expectObservable }) => {
      const source = hot<Left | Right>('a-b-c', { a: { kind: 'right', machine: 'm', r: 1 }, b: { kind: 'left', machine: 'm', l: 2 }, c: { kind: 'left', machine: 'n', l: 3 } })
      const out = source.pipe(asOf({
        key: 'machine',
        left: (item: Left | Right) => item.kind === 'left',
        right: (item: Left | Right) => item.kind === 'right',
        tolerance: 5,
        join: (left, right) => `${left.l} ${right?.r}`,
      }, scheduler))
      expectObservable(out).toBe('--x-y', { x: '2 1', y: '3 undefined' })
    })
  })

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      const source = hot<string>('a-1-b-2---3--------4----|').pipe(map((text) => ({ machine: 'm', text })))
      const out = source.pipe(asOf({
        key: 'machine', left: ({ text }) => text < 'a', right: ({ text }) => text >= 'a', tolerance: 5, join: (l, r) => l.text + (r?.text ?? ''),
      }, scheduler))
      expectObservable(out).toBe('--x---y---z--------w----|', { x: '1a', y: '2b', z: '3', w: '4' })
    })
  })
})
