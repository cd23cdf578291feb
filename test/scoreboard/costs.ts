import { serialize } from 'node:v8'
import { detectors, parametersOf } from '../../src/detectors/index.js'
import type { Detector } from '../../src/detectors/index.js'
import { random } from '../random.js'

const SAMPLES = 20_000
const ROUNDS = 5

/** Of each detector: the time of a sample as a multiple of a loop that keeps a sum and a largest value of the same samples (the median of rounds that alternate), and the bytes of its state when it has learned. */
export function costs(): Readonly<Record<string, { readonly ratio: number; readonly bytes: number }>> {
  const draw = random(7)
  const samples = Array.from({ length: SAMPLES }, () => Array.from({ length: 7 }, () => 20 + draw()))
  return Object.fromEntries([...detectors.values()].map((detector) => {
    const inputs = detector.inputs[0] === 2 && detector.inputs[1] > 6 ? 6 : detector.inputs[0]
    const given = samples.map((sample) => sample.slice(0, inputs))
    const ratios = Array.from({ length: ROUNDS }, () => timeOf(() => { judged(detector, given) }) / timeOf(() => { looped(given) })).sort((a, b) => a - b)
    return [detector.name, { ratio: Number(ratios[ROUNDS >> 1]!.toPrecision(3)), bytes: serialize(judged(detector, given)).length }]
  }))
}

function judged(detector: Detector, samples: readonly (readonly number[])[]): unknown {
  const params = parametersOf(detector)
  const state = detector.start(params, samples[0]!.length)
  for (let i = 0; i < samples.length; i++) detector.next(state, samples[i]!, i * 10_000, true, params)
  return state
}

const slots = new Float64Array(14)

function looped(samples: readonly (readonly number[])[]): void {
  for (const sample of samples)
    for (let i = 0; i < sample.length; i++) {
      slots[i]! += sample[i]!
      if (sample[i]! > slots[7 + i]!) slots[7 + i] = sample[i]!
    }
}

function timeOf(run: () => void): number {
  const from = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - from)
}
