import { fc, test } from '@fast-check/vitest'
import { filter, from, pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Item, Reading, Rejected, Verdict } from '../../src/model/index.js'
import { clocks, clocksBehaviour } from '../../src/operators/clocks.js'
import { keyed } from '../../src/operators/keyed.js'
import { epoch, marbles, reading as at } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { run } from '../../src/testing/laws/line.js'
import { outputsOf, reading } from './small-streams.js'

const heard = (time: number, machine: string): Reading => ({ kind: 'reading', time, machine, sensor: 'x', value: 1, quality: 'good' })
const rejected = (stamp: number, machine: string, reason: Rejected['reason'] = 'late'): Rejected =>
  ({ kind: 'rejected', time: stamp, reason, detail: '', by: Math.abs(stamp), reading: heard(stamp, machine) })

/** Readings and rejected ones of two machines as `inOrder` hands them on; stamps of the rejected are few, so that some repeat. */
const streams: fc.Arbitrary<readonly (Reading | Rejected)[]> = fc
  .array(fc.record({ step: fc.constantFrom(0, 1000), machine: fc.constantFrom('a', 'b'), stamp: fc.constantFrom(undefined, 1, 2, 2, 3), reason: fc.constantFrom('late' as const, 'ahead' as const, 'duplicate' as const) }), { maxLength: 40 })
  .map((steps) => {
    let time = epoch
    return steps.map(({ step, machine, stamp, reason }) => (stamp === undefined ? heard((time += step), machine) : rejected(stamp, machine, reason)))
  })

const checked = (count: number): OperatorUnderTest<Verdict> => (time) => clocks({ count }, time)

describe('clocks', () => {
  test('looks at what was rejected for its time, of a machine, and at nothing else', () => {
    const rejected = { kind: 'rejected' as const, time: 0, reason: 'late' as const, detail: '', by: 1000 }
    const others = [rejected, { ...rejected, reason: 'undecodable' as const, reading: { kind: 'reading' as const, time: 0, machine: 'm', sensor: 'x', value: 1, quality: 'good' as const } }, { kind: 'tick' as const, time: 0 }, { kind: 'rules' as const, time: 0, rules: {}, machine: 'm' }]
    const seen: unknown[] = []
    from(others).pipe(clocks({ count: 1 })).subscribe({ next: (verdict) => seen.push(verdict), error: (error: unknown) => seen.push(error) })
    expect(seen).toEqual([])
  })

  test.prop([streams, fc.constantFrom(1, 2, 3)])('turns true with that many stamps in a row, false with the next reading', (items, count) => {
    const expected = items.flatMap((item, i): readonly unknown[] => {
      if (item.kind === 'rejected' && item.reason === 'duplicate') return []
      const machine = item.kind === 'reading' ? item.machine : item.reading!.machine
      const before = items.slice(0, i).filter((each) => (each.kind === 'reading' ? each.machine : each.reading!.machine) === machine && !(each.kind === 'rejected' && each.reason === 'duplicate'))
      const stampsOf = (some: readonly (Reading | Rejected)[]): number => {
        const since = some.slice(some.findLastIndex(({ kind }) => kind === 'reading') + 1).map(({ time }) => time)
        return since.filter((stamp, n) => n === 0 || stamp !== since[n - 1]).length
      }
      const wrong = stampsOf(before) >= count
      if (item.kind === 'reading') return wrong ? [[machine, false, 0]] : []
      return !wrong && stampsOf([...before, item]) >= count ? [[machine, true, item.reason === 'late' ? -item.by! : item.by!]] : []
    })
    expect((run(checked(count), 'none', items) as readonly Verdict[]).map(({ machine, truth, margin }) => [machine, truth, margin])).toEqual(expected)
  })

  test.prop([streams, fc.constantFrom(1, 2, 3), fc.constantFrom('idle' as const, 'indifferent' as const)])('a machine that was forgotten is as a new one', (items, count, part) => {
    const { [part]: _, ...without } = clocksBehaviour(count)
    const key = (item: Reading | Rejected): string => (item.kind === 'reading' ? item.machine : item.reading!.machine)
    const bare: OperatorUnderTest<Verdict> = (time) => pipe(filter((item: Input): item is Reading | Rejected => item.kind === 'reading' || (item.kind === 'rejected' && item.reason !== 'duplicate')), keyed(without, { key }, time))
    expect(run(bare, 'none', items)).toEqual(run(checked(count), 'none', items))
  })

  test('the example', () => {
    const verdict = (truth: boolean, margin: number, since: number) => (time: number): Verdict => ({ kind: 'verdict', time, machine: 'm', condition: 'clock', truth, margin, since })
    marbles<Item, Verdict>((time) => clocks({ count: 3 }, time))
      .of('r-k-l-l-m-r-|', { r: at('m', 'x', 1), k: rejected(101, 'm'), l: rejected(102, 'm'), m: rejected(103, 'm') })
      .gives('--------t-f-|', { t: verdict(true, -103, 2), f: verdict(false, 0, 10) })
  })

  test('behind inOrder: a clock ten minutes behind is found with its fifth stamp', () => {
    const inputs = Array.from({ length: 8 }, (_, i) => [reading(1000 + 10 * i, 'right', 'x', i), reading(400 + 10 * i, 'behind', 'x', i)]).flat()
    const seen = outputsOf((time) => clocks({}, time), inputs)
    expect(seen).toEqual([{ kind: 'verdict', time: 1_035_000, machine: 'behind', condition: 'clock', truth: true, margin: -595_000, since: expect.any(Number) }])
  })

  test('rejected ones without a reading, and those of other reasons, are passed over', () => {
    const undecodable: Rejected = { kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'x' }
    expect(run(checked(1), 'none', [heard(1000, 'm'), undecodable, rejected(1, 'm', 'refused'), rejected(1, 'm', 'duplicate')])).toEqual([])
  })
})
