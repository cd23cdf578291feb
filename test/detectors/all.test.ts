import { expect, test } from 'vitest'
import { cusum, detectors, dropout, envelope, ewmaChart, robustZ, shewhart, spikes, stuck, trendToLimit, twinDrift } from '../../src/detectors/index.js'
import { random } from '../random.js'
import { conform, conforming, wild } from './conformance.js'
import type { Samples } from './conformance.js'

/** With one in ten missing. */
const holey: Samples = (seed) => {
  const next = wild(1)(seed)
  const chance = random(seed + 7)
  return () => next().map((x) => (chance() < 0.1 ? NaN : x))
}

/** A signal that goes up and up, with noise, to a limit that it passes. */
const rising: Samples = (seed) => {
  const next = wild(1)(seed)
  let i = 0
  return () => {
    i += 1
    return [next()[0]! + 0.1 * i, 90]
  }
}

const table = [
  conforming(envelope, { reference: ({ of }) => of, shift: true, scale: true }),
  conforming(ewmaChart, { params: { warmup: 150 }, reference: ({ of: { x, average } }) => [x, average], shift: true, scale: true }),
  conforming(cusum, { params: { warmup: 150 }, reference: ({ x, batch, batched, batches }) => [x, batch, batched, batches], shift: true, scale: true }),
  conforming(shewhart, { params: { warmup: 150, rules: 3 }, reference: ({ x }) => x, shift: true, scale: true }),
  conforming(robustZ, { reference: ({ of, sorted }) => [of, sorted], shift: true, scale: true }),
  conforming(stuck, { reference: 'it counts equal samples', shift: true, scale: true }),
  conforming(dropout, { samples: holey, reference: 'it counts missing samples', shift: true, scale: true, hearsMissing: true }),
  conforming(spikes, { reference: ({ square, learned }) => [square, learned], shift: true, scale: true }),
  conforming(twinDrift, { params: { warmup: 150 }, reference: ({ of: { x, average } }) => [x, average], shift: true, scale: true }),
  conforming(trendToLimit, { params: { every: 2, window: 40, lead: 1e6 }, samples: rising, reference: 'it looks back over a window, also while its alarm stands', shift: true, scale: true }),
]

test('all of them are here', () => {
  expect(table.map(({ detector }) => detector.name)).toEqual([...detectors.keys()])
})

for (const of of table) conform(of)
