import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { curve } from '../../src/page/curve.js'

const points = fc.array(fc.record({ time: fc.integer({ min: 0, max: 200 }), value: fc.integer({ min: -1000, max: 1000 }) }), { maxLength: 200 })

test.prop([points])('no peak is lost: each stretch that is kept has the least and the greatest of its values', (all) => {
  const ring = curve({ width: 10, count: 8 })
  for (const { time, value } of all) ring.add(time, value)
  const kept = ring.read()
  const newest = Math.max(...all.map(({ time }) => Math.floor(time / 10)))
  // A value that came when its stretch was still kept is in it.
  let latest = -Infinity
  const expected = new Map<number, number[]>()
  for (const { time, value } of all) {
    const stretch = Math.floor(time / 10)
    if (stretch > latest - 8) expected.set(stretch, [...(expected.get(stretch) ?? []), value])
    latest = Math.max(latest, stretch)
  }
  const shown = [...expected].filter(([stretch]) => stretch > newest - 8).sort(([a], [b]) => a - b)
  expect(kept.time).toEqual(shown.map(([stretch]) => stretch * 10))
  expect(kept.low).toEqual(shown.map(([, values]) => Math.min(...values)))
  expect(kept.high).toEqual(shown.map(([, values]) => Math.max(...values)))
})

test('a suspect reading is told of and not drawn', () => {
  const ring = curve({ width: 10, count: 8 })
  ring.addSuspect(5)
  ring.add(12, 3)
  expect(ring.read()).toEqual({ time: [0, 10], low: [null, 3], high: [null, 3], suspect: [0] })
})

test('it never holds more than it was made for', () => {
  const ring = curve({ width: 1, count: 5 })
  for (let time = 0; time < 1_000; time++) ring.add(time, time)
  expect(ring.read().time).toEqual([995, 996, 997, 998, 999])
})
