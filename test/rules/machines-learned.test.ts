import { fc, test as property } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { detectors, parametersOf } from '../../src/detectors/index.js'
import { above, detected, judge, machines, machinesDocument, parseMachines, signalText } from '../../src/rules/index.js'
import { random } from '../random.js'

describe('what was learned, as a document', () => {
  property.prop([fc.constantFrom(...detectors.values()), fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 1_000 })], { numRuns: 60 })('is read as it was, whatever has been learned, and fits its detector', (detector, samples, seed) => {
    const inputs = detector.inputs[0]
    const params = parametersOf(detector)
    const draw = random(seed)
    const state = detector.start(params, inputs)
    for (let i = 0; i < samples; i++) detector.next(state, Array.from({ length: inputs }, () => (draw() > 3 ? NaN : 20 + draw())), i * 60_000, i % 17 > 0, params)
    const signal = detected(detector, Array.from({ length: inputs }, (_, i) => `s${i}`), { every: '1m' })
    const register = machines({ id: 'M1', learned: { [signalText(signal)]: { state, frozen: true } } })
    const read = parseMachines(machinesDocument(register))
    if (read._tag === 'Left') throw new Error(read.left)
    // 0 and -0 are one number here, as in JSON
    expect(JSON.stringify([...read.right], (_, value: unknown) => (typeof value === 'number' ? `#${value}` : value))).toBe(JSON.stringify([...register], (_, value: unknown) => (typeof value === 'number' ? `#${value}` : value)))
    judge(Infinity, { machines: read.right }).add(above(signal, 1))
  })
})
