import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type FaultPlan, faultDefaults, type FaultKind, instruments, simulatedMachine, simulatedMachines, type SimulationOptions, type SimulationState, startSimulation, stepSimulation } from '../../src/sources/simulator.js'
import { fillNormals, randomFrom, uniform } from '../../src/sources/simulator/random.js'

type Items = ReturnType<typeof stepSimulation>

function steps(state: SimulationState, count: number): Items {
  return Array.from({ length: count }, () => stepSimulation(state)).flat()
}

const kinds = Object.keys(faultDefaults) as FaultKind[]

/** Short faults on the first two of three machines. */
const faultPlans: fc.Arbitrary<FaultPlan[]> = fc.array(
  fc.record({
    machine: fc.constantFrom('a', 'b'),
    fault: fc.constantFrom(...kinds),
    sensor: fc.constantFrom(...instruments.map(({ sensor }) => sensor)),
    onset: fc.integer({ min: 0, max: 60_000 }),
    duration: fc.integer({ min: 0, max: 60_000 }),
    repairAfter: fc.integer({ min: 0, max: 60_000 })
  }), { maxLength: 5 })

const machines = ['a', 'b', 'c'].map((id) => simulatedMachine(id))

describe('a simulation', () => {
  test.prop([fc.integer(), faultPlans], { numRuns: 20 })('is the same for the same seed', (seed, faults) => {
    const options = { seed, machines, faults }
    expect(steps(startSimulation(options), 90)).toEqual(steps(startSimulation(options), 90))
  })

  test.prop([fc.integer(), fc.integer()], { numRuns: 20 })('is another for another seed', (one, other) => {
    fc.pre(one !== other)
    expect(steps(startSimulation({ seed: one, machines }), 3)).not.toEqual(steps(startSimulation({ seed: other, machines }), 3))
  })

  test.prop([faultPlans, fc.integer({ min: 0, max: 150 })], { numRuns: 40 })('goes on from its JSON, at any cut, as if it had not been cut', (faults, cut) => {
    const options: SimulationOptions = { machines, faults, heatWave: { from: 10_000, duration: 60_000 }, newRecipe: { from: 20_000 } }
    const whole = steps(startSimulation(options), 150)
    const state = startSimulation(options)
    const before = steps(state, cut)
    const restored = JSON.parse(JSON.stringify(state)) as SimulationState
    expect(restored).toEqual(state)
    expect([...before, ...steps(restored, 150 - cut)]).toEqual(whole)
  })

  test.prop([fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 })], { numRuns: 15 })('of more machines has the same readings of those that were there', (few, more) => {
    const ids = new Set(simulatedMachines(few, 7).map(({ id }) => id))
    const small = steps(startSimulation({ seed: 7, machines: few }), 60)
    const large = steps(startSimulation({ seed: 7, machines: few + more }), 60)
    expect(large.filter((item) => ids.has(item.machine))).toEqual(small)
  })

  test('gives machines other noise than their neighbours', () => {
    const items = stepSimulation(startSimulation({ machines: ['a', 'b', 'c', 'd'].map((id) => simulatedMachine(id)) }))
    const voltages = items.flatMap((item) => (item.kind === 'reading' && item.sensor === 'voltage' ? [item.value] : []))
    expect(new Set(voltages).size).toBe(4)
  })

  test('names its machines by line and motor', () => {
    const ids = simulatedMachines(11, 1).map(({ id }) => id)
    expect([ids[0], ids[9], ids[10]]).toEqual(['LINE_01_MOTOR_01', 'LINE_01_MOTOR_10', 'LINE_02_MOTOR_01'])
  })

  test.each<[string, SimulationOptions]>([
    ['no machines', { machines: 0 }],
    ['same id', { machines: [simulatedMachine('a'), simulatedMachine('a')] }],
    ['tauRunning', { machines: [simulatedMachine('a', { tauRunning: 0 })] }],
    ['rise', { machines: [simulatedMachine('a', { rise: NaN })] }],
    ['period', { machines, period: 0 }],
    ['start', { machines, start: NaN }],
    ['no such machine', { machines, faults: [{ machine: 'z', fault: 'leak', onset: 0 }] }],
    ['no such fault', { machines, faults: [{ machine: 'a', fault: 'rust' as 'leak', onset: 0 }] }],
    ['no sensor', { machines, faults: [{ machine: 'a', fault: 'sensor-bias', sensor: 'flow' as 'current', onset: 0 }] }],
    ['onset', { machines, faults: [{ machine: 'a', fault: 'leak', onset: NaN }] }],
    ['duration', { machines, faults: [{ machine: 'a', fault: 'leak', onset: 0, duration: -1 }] }],
    ['repairAfter', { machines, faults: [{ machine: 'a', fault: 'leak', onset: 0, repairAfter: -1 }] }],
    ['magnitude', { machines, faults: [{ machine: 'a', fault: 'leak', onset: 0, magnitude: NaN }] }]
  ])('refuses what does not fit: %s', (what, options) => {
    expect(() => startSimulation(options)).toThrow(what)
  })
})

describe('random numbers', () => {
  test('are spread as they should be', () => {
    const random = randomFrom('spread')
    const n = 100_000
    const uniforms = Array.from({ length: n }, () => uniform(random))
    const normals = new Float64Array(n)
    fillNormals(random, normals)
    const mean = (of: Iterable<number>): number => [...of].reduce((sum, x) => sum + x, 0) / n
    // five standard errors each
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n))
    expect(Math.abs(mean(normals))).toBeLessThan(5 * Math.sqrt(1 / n))
    expect(Math.abs(mean(normals.map((x) => x * x)) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    expect(Math.abs(mean(normals.map((x, i) => (i === 0 ? 0 : x * normals[i - 1]!))))).toBeLessThan(5 * Math.sqrt(1 / n))
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniforms)).toBeLessThan(1)
  })
})
