import { fc, test } from '@fast-check/vitest'
import { map, merge } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Reading, Snapshot } from '../../src/model/index.js'
import { fuse } from '../../src/operators/fuse.js'
import { via } from '../../src/operators/via.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { marbles, ordered, outputsOf, reading, second, seconds, smallStreams } from './small-streams.js'

type Options = Parameters<typeof fuse>[0]

const fused = (options: Options): OperatorUnderTest<Snapshot> => (time) => via('reading', fuse(options, time))

const snapshot = (time: number, machine: string, past: readonly Reading[], stale: Readonly<Record<string, number>>): Snapshot => {
  const last = ['x', 'y'].flatMap((sensor) => past.filter((each) => each.machine === machine && each.sensor === sensor).slice(-1))
  const current = last.filter((each) => each.quality === 'good' && each.time + stale[each.sensor]! > time)
  return {
    kind: 'snapshot', time, machine,
    values: Object.fromEntries(current.map(({ sensor, value }) => [sensor, value])),
    missing: last.filter((each) => !current.includes(each)).map(({ sensor }) => sensor),
  }
}

describe('fuse', () => {
  test.prop([smallStreams, fc.constantFrom(1, 2, 5), fc.constantFrom(1, 3, 7, Infinity)])('is what a look at all readings finds, instant by instant', (inputs, x, y) => {
    const stale = { x: x * second, y: y * second }
    const readings = ordered(inputs)
    const expected = seconds(inputs).flatMap((time) => {
      const known = readings.filter((each) => each.time <= time)
      return ['a', 'b'].flatMap((machine) => {
        const is = snapshot(time, machine, known, stale)
        const heard = known.some((each) => each.machine === machine && each.time === time)
        return heard || is.missing.length > snapshot(time - 1, machine, known, stale).missing.length ? [is] : []
      })
    })
    expect(outputsOf(fused({ stale: { default: `${x}s`, y: stale.y } }), inputs)).toEqual(expected)
  })

  test.prop([smallStreams, fc.constantFrom(1, 2, 5), fc.constantFrom(1, 3, 4)])('with `every`, looks at the multiples of it, before the readings of then', (inputs, stale, every) => {
    const readings = ordered(inputs)
    const expected = seconds(inputs).filter((time) => time % (every * second) === 0).flatMap((time) => ['a', 'b'].flatMap((machine) => {
      const before = readings.filter((each) => each.time < time)
      const limits = { x: stale * second, y: stale * second }
      const is = snapshot(time, machine, before, limits)
      const known = is.missing.length + Object.keys(is.values).length > 0
      const since = time - every * second
      const news = before.some((each) => each.machine === machine && each.time >= since)
      const was = snapshot(since, machine, before.filter((each) => each.time < since), limits)
      return known && (news || Object.keys(was.values).length > 0) ? [is] : []
    }))
    expect(outputsOf(fused({ stale: `${stale}s`, every: `${every}s` }), inputs)).toEqual(expected)
  })

  test('keeps the laws', async () => {
    const exceptions = { eviction: 'what is missing of a machine must be known for as long as it runs' }
    for (const options of [{ stale: '30s' }, { stale: { default: Infinity, vibration_rotor: '1s' } }, { stale: '1m', every: '10s' }] as const) {
      const report = await checkLaws(fused(options), { exceptions })
      expect(Object.values(report)).toEqual(Array(6).fill('pass'))
    }
  }, 60_000)

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      const of = (sensor: string, text: string) => hot<string>(text).pipe(map((value) => reading(0, 'M', sensor, Number(value))))
      const source = merge(of('a', '1-----2------3----|'), of('b', '5------6----------|'))
      const shown = source.pipe(fuse({ stale: 7 }, scheduler), map(({ values, missing }) => `${JSON.stringify(values)} ${missing.join()}`))
      expectObservable(shown).toBe('v-----wx-----yz---|', { v: '{"a":1,"b":5} ', w: '{"a":2,"b":5} ', x: '{"a":2,"b":6} ', y: '{"a":3,"b":6} ', z: '{"a":3} b' })
    })
  })

  const short = (inputs: readonly Input[]): readonly unknown[] => outputsOf(fused({ stale: '2s' }), inputs).map(({ time, values, missing }) => [time, values, missing])

  test('a reading exactly when the one before it becomes stale takes its place', () => {
    expect(short([reading(0, 'm', 'x', 1), reading(2, 'm', 'x', 2), { kind: 'tick', time: 3 * second }])).toEqual([[0, { x: 1 }, []], [2000, { x: 2 }, []]])
  })

  test('a suspect one does not, and one of another sensor shows it missing in the one snapshot of that instant', () => {
    expect(short([reading(0, 'm', 'x', 1), reading(2, 'm', 'x', 2, 'suspect')])).toEqual([[0, { x: 1 }, []], [2000, {}, ['x']]])
    expect(short([reading(0, 'm', 'x', 1), reading(2, 'm', 'y', 2)])).toEqual([[0, { x: 1 }, []], [2000, { y: 2 }, ['x']]])
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a sensor may be called %s', (name) => {
    const [seen] = outputsOf(fused({ stale: '2s' }), [reading(0, 'm', name, 1), reading(0, 'm', 'x', 2)])
    expect(Object.entries(seen!.values)).toEqual(expect.arrayContaining([[name, 1], ['x', 2]]))
    expect(Object.getOwnPropertyDescriptor(seen!.values, name)).toEqual({ value: 1, enumerable: true, configurable: true, writable: true })
    expect(Object.getPrototypeOf(seen!.values)).toBe(Object.prototype)
    expect(JSON.parse(JSON.stringify(seen))).toEqual(seen)
  })

  test.each([[{ stale: 0 }, /stale: got 0/], [{ stale: { default: 0 } }, /stale\.default: got 0/], [{ stale: { default: '1s', x: 0 } }, /stale\.x: got 0/], [{ stale: '1s', every: 0 }, /every: got 0/], [{ stale: '1s', every: 0.5 }, /every: got 0.5/]] as const)(
    '%j is refused', (options, message) => expect(() => fuse(options)).toThrow(message))
})
