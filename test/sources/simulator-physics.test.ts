import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { instruments, type SensorName, simulatedMachine, type SimulatedMachine, simulatedNameplate, type SimulationOptions, startSimulation, stepSimulation } from '../../src/sources/simulator.js'
import { loadDemand } from '../../src/sources/simulator/load-demand.js'
import { inrushCurrent, squaredCurrent } from '../../src/sources/simulator/motor-current.js'
import { steadyRise, windingTemperature } from '../../src/sources/simulator/winding-temperature.js'
import { wander } from '../../src/sources/simulator/wander.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const monday = Date.UTC(2026, 0, 5, 6)

interface Sample { readonly time: number, readonly value: number }

/** The samples of each sensor of the first machine. */
function run(options: SimulationOptions, duration: number): Record<SensorName, Sample[]> {
  const state = startSimulation(options)
  const samples = Object.fromEntries(instruments.map(({ sensor }) => [sensor, [] as Sample[]])) as Record<SensorName, Sample[]>
  const first = state.plan.machines[0]!.id
  while (state.time < state.plan.start + duration) {
    for (const item of stepSimulation(state)) {
      if (item.kind === 'reading' && item.machine === first) samples[item.sensor as SensorName].push({ time: item.time, value: item.value })
    }
  }
  return samples
}

function mean(samples: readonly Sample[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0) / samples.length
}

/** Works day and night at one load. */
function steady(load: number, changes: Partial<Omit<SimulatedMachine, 'id'>> = {}): SimulatedMachine {
  return simulatedMachine('m', { shifts: [{ from: 0, to: 24, load }], weekends: true, ambientSwing: 0, ...changes })
}

describe('winding temperature', () => {
  test.prop([fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 20 })])(
    'does not depend on how time is cut into steps', (previous, elapsed, parts) => {
      let cut = previous
      for (let i = 0; i < parts; i++) cut = windingTemperature(cut, 22, 58, 30 * minute, elapsed / parts)
      expect(cut).toBeCloseTo(windingTemperature(previous, 22, 58, 30 * minute, elapsed), 6)
    })

  test('after one time constant is 1 - 1/e of the way', () => {
    expect(windingTemperature(22, 22, 80, 30 * minute, 30 * minute)).toBeCloseTo(22 + 80 * (1 - 1 / Math.E), 9)
  })

  test('rises 80 K at rated current, and with the square of it', () => {
    expect(steadyRise(80, 1, 0, 1)).toBe(80)
    expect(steadyRise(80, 0.25, 0, 1)).toBe(20)
  })

  test.each([0.5, 0.8, 1])('of a machine settles 80 K x (I/In)^2 above the ambient: load %d', (load) => {
    const { temperature_coil, temperature_env } = run({ machines: [steady(load)], period: 10_000 }, 8 * hour)
    const last = -360
    // a load that wanders by 3 % has a mean square 0.1 % larger: nothing; its slow part moves the winding by a fraction of a kelvin
    expect(Math.abs(mean(temperature_coil.slice(last)) - mean(temperature_env.slice(last)) - 80 * load * load)).toBeLessThan(1.5)
  })

  test('of a machine has the time constant 30 min', () => {
    const { temperature_coil } = run({ machines: [steady(1)] }, 40 * minute)
    const at = temperature_coil.find(({ time }) => time >= monday + 30 * minute)!
    expect(Math.abs((at.value - 22) / 80 - (1 - 1 / Math.E))).toBeLessThan(0.05)
  })

  test('of a machine that stands still cools with 75 min', () => {
    const machine = simulatedMachine('m', { shifts: [{ from: 6, to: 10, load: 1 }], ambientSwing: 0 })
    const { temperature_coil } = run({ machines: [machine], period: 10_000 }, 4 * hour + 75 * minute + 10_000)
    const stop = temperature_coil.find(({ time }) => time >= monday + 4 * hour)!
    const later = temperature_coil.find(({ time }) => time >= monday + 4 * hour + 75 * minute)!
    expect(Math.abs((later.value - 22) / (stop.value - 22) - 1 / Math.E)).toBeLessThan(0.02)
  })
})

describe('current', () => {
  test.prop([fc.double({ min: 500, max: 3000, noNaN: true }), fc.double({ min: 0, max: 1.5, noNaN: true })])('of a start begins at its peak and falls to the load', (duration, load) => {
    expect(inrushCurrent(0, duration, 6, load)).toBe(6)
    expect(inrushCurrent(duration, duration, 6, load)).toBe(load)
    const course = Array.from({ length: 20 }, (_, i) => inrushCurrent(i * duration / 20, duration, 6, load))
    expect(course).toEqual(course.toSorted((a, b) => b - a))
  })

  test('heats as long as the inrush lasts, however long the step', () => {
    expect(squaredCurrent(0, 2000, 6, 1, 10_000)).toBeCloseTo(0.2 * 36 + 0.8, 12)
    expect(squaredCurrent(0, 2000, 6, 1, 1000)).toBe(36)
    expect(squaredCurrent(5000, 2000, 6, 1, 1000)).toBe(1)
  })

  test('shows an inrush of more than 3 x In at every start, for 3 s at most, and none between', () => {
    const options: SimulationOptions = { machines: 6, seed: 3 }
    const state = startSimulation(options)
    const before = new Map<string, number>()
    let starts = 0
    while (state.time < monday + 5 * hour) {
      for (const item of stepSimulation(state)) {
        if (item.kind !== 'reading' || item.sensor !== 'current') continue
        const previous = before.get(item.machine)
        const started = (previous === undefined || previous < 1) && item.value > 1
        if (started) {
          starts++
          expect(item.value).toBeGreaterThan(60)
        }
        const inrushAge = started ? 0 : (before.get(item.machine + ' age') ?? 99) + 1
        before.set(item.machine + ' age', inrushAge)
        if (inrushAge >= 3) expect(item.value).toBeLessThan(40)
        before.set(item.machine, item.value)
      }
    }
    // each starts at six o'clock and after two or three changes of recipe
    expect(starts).toBeGreaterThanOrEqual(18)
  })

  test('follows the load, with 2 % of noise', () => {
    const { current } = run({ machines: [steady(0.8)] }, hour)
    const running = current.slice(10)
    expect(Math.abs(mean(running) - 16)).toBeLessThan(0.3)
    const steps = running.slice(1).map(({ value }, i) => value - running[i]!.value)
    // two noises of 2 % apart, and the load's own wandering
    expect(Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length / 2) / 16).toBeCloseTo(0.02, 2)
  })

  test('of a machine that stands still is none, and neither does it vibrate', () => {
    const { current, vibration_rotor, voltage } = run({ machines: [simulatedMachine('m')], start: Date.UTC(2026, 0, 10, 6) }, hour)
    expect(Math.min(...current.map(({ value }) => value))).toBeGreaterThanOrEqual(-0.2)
    expect(Math.max(...current.map(({ value }) => value))).toBeLessThan(0.5)
    expect(mean(vibration_rotor)).toBeCloseTo(0.05, 2)
    expect(Math.abs(mean(voltage) - 400)).toBeLessThan(4)
  })
})

describe('a wander', () => {
  test.prop([fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true })])('keeps the spread of 1 whatever the step', (tau, elapsed) => {
    const kept = wander(1, 0, tau, elapsed)
    const added = wander(0, 1, tau, elapsed)
    expect(kept * kept + added * added).toBeCloseTo(1, 9)
  })
})

describe('the plan of a day', () => {
  const machine = simulatedMachine('m')
  test.each([
    ['Monday 05:59:59', Date.UTC(2026, 0, 5, 5, 59, 59), 0],
    ['Monday 06:00', Date.UTC(2026, 0, 5, 6), 0.85],
    ['Monday 14:00', Date.UTC(2026, 0, 5, 14), 0.8],
    ['Monday 22:00', Date.UTC(2026, 0, 5, 22), 0],
    ['Friday 10:00', Date.UTC(2026, 0, 9, 10), 0.85],
    ['Saturday 10:00', Date.UTC(2026, 0, 10, 10), 0],
    ['Sunday 10:00', Date.UTC(2026, 0, 11, 10), 0],
    ['a Saturday before 1970', Date.UTC(1969, 11, 27, 10), 0],
    ['a Friday before 1970', Date.UTC(1969, 11, 26, 10), 0.85]
  ])('%s', (_, time, load) => {
    expect(loadDemand(machine, time)).toBe(load)
  })

  test('has a stop at each change of recipe, and a load of its own for each', () => {
    const changing = { ...machine, recipes: [1, 0.9], recipePeriod: hour, recipePhase: 0 }
    expect(loadDemand(changing, monday + minute)).toBe(0)
    const loads = [1, 2].map((hours) => loadDemand(changing, monday + hours * hour + 10 * minute))
    expect(loads.toSorted()).toEqual([0.85 * 0.9, 0.85])
  })
})

describe('what is benign', () => {
  test('a heat wave warms the ambient by 8 K, and the winding as much', () => {
    const options: SimulationOptions = { machines: [steady(0.8)], period: 10_000 }
    const usual = run(options, 12 * hour)
    const warm = run({ ...options, heatWave: { from: -day, duration: 3 * day } }, 12 * hour)
    for (const sensor of ['temperature_env', 'temperature_coil'] as const) {
      const by = warm[sensor].slice(-100).map(({ time, value }, i) => ({ time, value: value - usual[sensor].slice(-100)[i]!.value }))
      expect(mean(by)).toBeCloseTo(8, 1)
    }
  })

  test('a new recipe loads 15 % more', () => {
    const { current } = run({ machines: [steady(0.8)], newRecipe: { from: hour } }, 2 * hour)
    const half = current.length / 2
    expect(Math.abs(mean(current.slice(half)) / mean(current.slice(100, half)) - 1.15)).toBeLessThan(0.01)
  })

  test('neither is told as a truth', () => {
    const state = startSimulation({ machines: 3, heatWave: { from: 0 }, newRecipe: { from: 10_000 } })
    for (let i = 0; i < 1000; i++) expect(stepSimulation(state).every(({ kind }) => kind === 'reading')).toBe(true)
  })
})

describe('readings', () => {
  test('are within their instruments, finite and of one time each step, over a week with faults', () => {
    const limits = new Map<string, typeof instruments[number]>(instruments.map((instrument) => [instrument.sensor, instrument]))
    const state = startSimulation({
      machines: 8, period: 60_000, heatWave: { from: day }, newRecipe: { from: 2 * day },
      faults: instruments.map(({ sensor }, i) => ({ machine: `LINE_01_MOTOR_0${i + 1}`, fault: 'sensor-spikes', sensor, onset: 0, magnitude: 0.1 }))
    })
    let wrong = 0
    let count = 0
    while (state.time < monday + 7 * day) {
      const time = state.time
      for (const item of stepSimulation(state)) {
        if (item.kind !== 'reading') continue
        count++
        const { low, high, unit } = limits.get(item.sensor)!
        if (!(item.value >= low && item.value <= high && item.time === time && item.unit === unit && !Object.is(item.value, -0))) wrong++
      }
    }
    expect(count).toBe(8 * 7 * 7 * 1440)
    expect(wrong).toBe(0)
  })

  test('of a factory that is well stay below the baseline limits, starts apart', () => {
    const limits: Partial<Record<SensorName, readonly [number, number]>> = { temperature_coil: [0, 120], vibration_rotor: [0, 5], current: [0, 150], pressure: [1000, 5000] }
    const state = startSimulation({ machines: 20, period: 30_000, heatWave: { from: 0 }, newRecipe: { from: 0 } })
    const beyond: unknown[] = []
    while (state.time < monday + 5 * day) {
      for (const item of stepSimulation(state)) {
        if (item.kind !== 'reading') continue
        const limit = limits[item.sensor as SensorName]
        if (limit !== undefined && !(item.value >= limit[0] && item.value <= limit[1])) beyond.push(item)
      }
    }
    expect(beyond).toEqual([])
  })
})

test('the nameplate is the rated current and voltage', () => {
  expect(simulatedNameplate(simulatedMachine('m', { ratedCurrent: 32 }))).toEqual({ ratedCurrent: 32, ratedVoltage: 400 })
})
