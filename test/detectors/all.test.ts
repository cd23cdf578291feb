import { expect, test } from 'vitest'
import { cusum, detectors, dropout, envelope, envelopeBank, ewmaChart, gatedChart, meanShift, pcaT2Q, robustZ, shewhart, spikes, stuck, thermalResidual, trendToLimit, twinDrift, wearChart } from '../../src/detectors/index.js'
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

/** A winding of a first-order motor that runs and rests by turns. */
const motor: Samples = (seed) => {
  const draw = random(seed)
  let winding = 20
  let i = 0
  return () => {
    i += 1
    const runs = i % 60 < 45
    winding += (runs ? 0.03 : 0.013) * (20 - winding) + (runs ? 1.6 : 0)
    return [winding + 0.1 * draw(), 20 + 0.1 * draw(), runs ? 0.64 + 0.02 * draw() : 0]
  }
}

const table = [
  conforming(envelope, { reference: ({ of }) => of, shift: true, scale: true }),
  conforming(envelopeBank, { reference: ({ envelopes, usual, usualOf }) => [envelopes, usual, usualOf], shift: 'spread is judged as a part of the mean', scale: 'to a billionth that keeps the logarithm of nothing finite' }),
  conforming(gatedChart, { params: { warmup: 150 }, reference: ({ single, smooth, reference }) => [single, smooth, reference], shift: true, scale: true }),
  conforming(meanShift, { params: { warmup: 150 }, reference: ({ squares, count }) => [squares, count], shift: true, scale: true }),
  conforming(wearChart, { params: { warmup: 150, floor: 0 }, reference: ({ seen }) => seen, shift: 'it judges the logarithm', scale: true }),
  conforming(ewmaChart, { params: { warmup: 150 }, reference: ({ of: { x, average } }) => [x, average], shift: true, scale: true }),
  conforming(cusum, { params: { warmup: 150 }, reference: ({ x, batch, batched, batches }) => [x, batch, batched, batches], shift: true, scale: true }),
  conforming(shewhart, { params: { warmup: 150, rules: 3 }, reference: ({ x }) => x, shift: true, scale: true }),
  conforming(robustZ, { reference: ({ of, sorted }) => [of, sorted], shift: true, scale: true }),
  conforming(pcaT2Q, { params: { warmup: 60, window: 2, components: 1 }, samples: wild(3), reference: ({ moments, model, measured, t2Most, qMost }) => [moments, model, measured, t2Most, qMost], shift: true, scale: true }),
  conforming(thermalResidual, { params: { fit: 100, calibrate: 50 }, samples: motor, reference: ({ model, fitted, residuals }) => [model, fitted, residuals], shift: 'the third signal is no temperature', scale: 'a kelvin is a kelvin', hearsMissing: true }),
  conforming(trendToLimit, { params: { every: 2, window: 40, lead: 1e6 }, samples: rising, reference: 'it looks back over a window, also while its alarm stands', shift: true, scale: true }),
  conforming(stuck, { reference: 'it counts equal samples', shift: true, scale: true }),
  conforming(dropout, { samples: holey, reference: 'it counts missing samples', shift: true, scale: true, hearsMissing: true }),
  conforming(spikes, { reference: ({ square, learned }) => [square, learned], shift: true, scale: true }),
  conforming(twinDrift, { params: { warmup: 150 }, reference: ({ of: { x, average } }) => [x, average], shift: true, scale: true }),
]

test('all of them are here', () => {
  expect(table.map(({ detector }) => detector.name)).toEqual([...detectors.keys()])
})

for (const of of table) conform(of)
