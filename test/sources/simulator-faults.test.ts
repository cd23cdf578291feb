import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { faultDefaults, type FaultKind, type FaultPlan, instruments, randomFaults, type SensorName, simulatedMachine, type SimulationOptions, startSimulation, stepSimulation, type Truth } from '../../src/sources/simulator.js'

const minute = 60_000
const hour = 60 * minute
const monday = Date.UTC(2026, 0, 5, 6)
const machine = simulatedMachine('m', { shifts: [{ from: 0, to: 24, load: 0.8 }], weekends: true })

type Values = Record<SensorName, Map<number, number>>

/** What machine `m` reads, by milliseconds after the start, and the truth about it. */
function run(faults: readonly FaultPlan[], duration: number, options: Partial<SimulationOptions> = {}): { values: Values, truths: Truth[] } {
  const state = startSimulation({ machines: [machine], faults, ...options })
  const values = Object.fromEntries(instruments.map(({ sensor }) => [sensor, new Map()])) as Values
  const truths: Truth[] = []
  while (state.time < monday + duration) {
    for (const item of stepSimulation(state)) {
      if (item.machine !== 'm') continue
      if (item.kind === 'truth') truths.push(item)
      else values[item.sensor as SensorName].set(item.time - monday, item.value)
    }
  }
  return { values, truths }
}

function meanBetween(samples: Map<number, number>, from: number, to: number): number {
  const values = [...samples].flatMap(([time, value]) => (time >= from && time < to ? [value] : []))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const physical: [FaultPlan, SensorName, number, number][] = [
  // the last tenth of a fault of one hour, against the healthy twin: sensor, factor at least, at most
  [{ machine: 'm', fault: 'bearing-wear', onset: hour, duration: hour }, 'vibration_rotor', 4.7, 6.5],
  [{ machine: 'm', fault: 'blocked-cooling', onset: hour, duration: hour }, 'temperature_coil', 1.15, 1.8],
  [{ machine: 'm', fault: 'overload', onset: hour, duration: hour }, 'current', 1.67, 1.75],
  [{ machine: 'm', fault: 'overload', onset: hour, duration: hour }, 'temperature_coil', 1.3, 2.2],
  [{ machine: 'm', fault: 'phase-loss', onset: hour, duration: hour / 6 }, 'current', 1.69, 1.71],
  [{ machine: 'm', fault: 'phase-loss', onset: hour, duration: hour / 6 }, 'vibration_rotor', 1.5, 1.9],
  [{ machine: 'm', fault: 'unbalance', onset: hour, duration: hour }, 'voltage', 1.04, 1.045],
  [{ machine: 'm', fault: 'unbalance', onset: hour, duration: hour }, 'current', 1.2, 1.27],
  [{ machine: 'm', fault: 'leak', onset: hour, duration: hour }, 'pressure', 0.59, 0.64],
  [{ machine: 'm', fault: 'winding', onset: hour, duration: hour }, 'temperature_coil', 1.05, 1.5],
  [{ machine: 'm', fault: 'locked-rotor', onset: hour }, 'current', 5.8 / 0.8, 6.2 / 0.8]
]

describe('a fault of a machine', () => {
  const healthy = run([], 2 * hour).values

  test.each(physical)('%o shows in %s', (plan, sensor, least, most) => {
    const { values, truths } = run([plan], 2 * hour)
    const failure = truths[0]!.failure - monday
    const from = failure - (failure - plan.onset) / 10
    const factor = meanBetween(values[sensor], from, failure) / meanBetween(healthy[sensor], from, failure)
    expect(factor).toBeGreaterThan(least)
    expect(factor).toBeLessThan(most)
  })

  test.each(physical)('%o leaves everything as the twin has it until its onset', (plan) => {
    const { values } = run([plan], hour)
    expect(values).toEqual(run([], hour).values)
  })

  test('leaves the sensors alone that it does not concern', () => {
    const { values } = run([{ machine: 'm', fault: 'bearing-wear', onset: minute, duration: hour }], hour)
    for (const { sensor } of instruments) {
      if (sensor === 'vibration_rotor') continue
      for (const [time, value] of values[sensor]) expect(value).toBe(healthy[sensor].get(time))
    }
  })

  test('bearing wear grows exponentially: by the same factor in each of two equal spans', () => {
    const { values } = run([{ machine: 'm', fault: 'bearing-wear', onset: 0, duration: 2 * hour }], 2 * hour)
    const at = (time: number): number => meanBetween(values.vibration_rotor, time - 2 * minute, time + 2 * minute)
    expect(at(hour) / at(hour / 2) / (at(hour * 3 / 2) / at(hour))).toBeCloseTo(1, 1)
  })

  test('a locked rotor draws 6 x In, does not vibrate as a turning one does, and trips after 15 s', () => {
    const { values } = run([{ machine: 'm', fault: 'locked-rotor', onset: hour }], hour + minute)
    const current = [...values.current].filter(([time]) => time >= hour)
    expect(current.filter(([, value]) => value > 100)).toHaveLength(15)
    expect(current.slice(15).every(([, value]) => value < 0.5)).toBe(true)
    expect(meanBetween(values.vibration_rotor, hour, hour + 15_000)).toBeLessThan(0.6)
  })

  test.each(['locked-rotor', 'phase-loss'] as const)('%s waits for the motor to run', (fault) => {
    const { truths } = run([{ machine: 'm', fault, onset: 0 }], hour, { machines: [simulatedMachine('m', { startDelay: 10 * minute })] })
    expect(truths[0]).toMatchObject({ onset: monday + 10 * minute, severity: 1, failure: monday + 10 * minute + faultDefaults[fault].duration })
  })

  test('trips the motor, which stands still until it is repaired, then starts with its inrush and without the fault', () => {
    const { values, truths } = run([{ machine: 'm', fault: 'bearing-wear', onset: 0, duration: 20 * minute, repairAfter: 10 * minute }], hour)
    expect(truths.at(-1)).toMatchObject({ time: monday + 30 * minute, severity: 0, failure: monday + 20 * minute })
    for (const [time, value] of values.current) {
      if (time >= 20 * minute && time < 30 * minute) expect(value).toBeLessThan(0.5)
      else expect(value).toBeGreaterThan(10)
    }
    expect(values.current.get(30 * minute)).toBeGreaterThan(60)
    expect(meanBetween(values.vibration_rotor, 31 * minute, hour) / meanBetween(healthy.vibration_rotor, 31 * minute, hour)).toBeCloseTo(1, 5)
  })

  test('trips for good where no repair is planned', () => {
    const { values } = run([{ machine: 'm', fault: 'leak', onset: 0, duration: minute }], hour)
    expect(Math.max(...[...values.current].filter(([time]) => time >= minute).map(([, value]) => value))).toBeLessThan(0.5)
  })

  test('that overheats the winding is tripped by its protection, and its truth says when', () => {
    const { values, truths } = run([{ machine: 'm', fault: 'overload', onset: 0, duration: 4 * hour, magnitude: 2 }], 4 * hour)
    const last = truths.at(-1)!
    expect(last).toMatchObject({ severity: 1, failure: last.time })
    expect(last.failure).toBeLessThan(truths[0]!.failure)
    expect(Math.max(...values.temperature_coil.values())).toBeLessThan(156)
    expect(values.temperature_coil.get(last.time - monday)).toBeGreaterThan(154)
  })
})

describe('truth', () => {
  const kinds = Object.keys(faultDefaults) as FaultKind[]

  test.prop([
    fc.constantFrom(...kinds), fc.integer({ min: 0, max: 5 * minute }), fc.integer({ min: 0, max: 10 * minute }), fc.option(fc.integer({ min: 0, max: 5 * minute })),
    fc.constantFrom(1000, 700, 10_000)
  ], { numRuns: 60 })('begins at the onset, rises by 0.01 to 1 at the failure, and ends with the repair', (fault, onset, duration, repairAfter, period) => {
    const plan = { machine: 'm', fault, sensor: 'current', onset, duration, ...(repairAfter === null ? {} : { repairAfter }) } as FaultPlan
    // without its thermal protection, which may trip before
    const { truths } = run([plan], 25 * minute, { period, machines: [{ ...machine, tripTemperature: 1e6 }] })
    const first = truths[0]!
    expect(first).toMatchObject({ kind: 'truth', machine: 'm', fault })
    expect(first.onset).toBeGreaterThanOrEqual(monday + onset)
    expect(first.onset - monday - onset).toBeLessThan(period)
    expect(first.time - first.onset).toBeLessThan(period)
    expect(truths.map(({ time }) => time)).toEqual(truths.map(({ time }) => time).toSorted((a, b) => a - b))
    for (const truth of truths) expect(truth).toMatchObject({ onset: first.onset, failure: first.onset + duration })
    const rising = repairAfter === null ? truths : truths.slice(0, -1)
    rising.forEach(({ severity }, i) => {
      expect(severity).toBeGreaterThanOrEqual(i === 0 ? 0 : rising[i - 1]!.severity)
      expect(severity).toBeLessThanOrEqual(1)
    })
    expect(truths.length).toBeLessThanOrEqual(103)
    if (repairAfter === null) expect(truths.at(-1)!.severity).toBe(1)
    else {
      expect(truths.at(-1)!.severity).toBe(0)
      expect(truths.at(-1)!.time - first.failure - repairAfter).toBeGreaterThanOrEqual(0)
      expect(truths.at(-1)!.time - first.failure - repairAfter).toBeLessThan(period)
    }
  })

  test('tells every hundredth of a slow fault, each before the readings of its time', () => {
    const state = startSimulation({ machines: [machine], faults: [{ machine: 'm', fault: 'leak', onset: 0, duration: hour }] })
    const told: number[] = []
    while (state.time <= monday + hour) {
      const items = stepSimulation(state)
      items.forEach((item, i) => {
        if (item.kind !== 'truth') return
        expect(i).toBe(0)
        told.push(item.severity)
      })
    }
    expect(told).toHaveLength(101)
    told.forEach((severity, i) => expect(severity).toBeCloseTo(i / 100, 9))
  })

  test('says nothing of a machine that is well', () => {
    expect(run([], hour).truths).toEqual([])
  })
})

describe('a faulty sensor', () => {
  const onset = 10 * minute
  const healthy = run([], hour).values
  const only = (values: Values, sensor: SensorName): void => {
    for (const { sensor: other } of instruments) if (other !== sensor) expect(values[other]).toEqual(healthy[other])
  }

  test.each(instruments.map(({ sensor }) => sensor))('%s, stuck, repeats what it showed', (sensor) => {
    const { values } = run([{ machine: 'm', fault: 'sensor-stuck', sensor, onset }], hour)
    only(values, sensor)
    const stuck = [...values[sensor]].filter(([time]) => time >= onset).map(([, value]) => value)
    expect(stuck).toHaveLength(50 * 60)
    expect(new Set(stuck)).toEqual(new Set([healthy[sensor].get(onset)]))
  })

  test('drifts steadily, by its magnitude in the whole', () => {
    const { values } = run([{ machine: 'm', fault: 'sensor-drift', sensor: 'pressure', onset, duration: 40 * minute, magnitude: -0.1 }], hour)
    only(values, 'pressure')
    const off = (minutes: number): number => values.pressure.get(minutes * minute)! - healthy.pressure.get(minutes * minute)!
    expect([10, 20, 30, 50, 59].map(off).map(Math.round)).toEqual([0, -250, -500, -1000, -1000])
  })

  test('is off by a constant, biased', () => {
    const { values } = run([{ machine: 'm', fault: 'sensor-bias', sensor: 'current', onset, magnitude: 0.1 }], hour)
    only(values, 'current')
    for (const [time, value] of values.current) expect(value - healthy.current.get(time)!).toBeCloseTo(time < onset ? 0 : 16, 1)
  })

  test('spikes once in so many readings, up and down', () => {
    const { values } = run([{ machine: 'm', fault: 'sensor-spikes', sensor: 'voltage', onset, magnitude: 0.05 }], hour)
    only(values, 'voltage')
    const off = [...values.voltage].map(([time, value]) => value - healthy.voltage.get(time)!).filter((by) => by !== 0)
    // 3,000 readings: 150 expected, five standard deviations of sqrt(3000 x 0.05 x 0.95)
    expect(Math.abs(off.length - 150)).toBeLessThan(60)
    expect(Math.min(...off)).toBeLessThan(-100)
    expect(Math.max(...off)).toBeGreaterThan(50)
  })

  test('drops out: nothing comes for a while, and what comes is right', () => {
    const { values } = run([{ machine: 'm', fault: 'sensor-dropout', sensor: 'humidity_env', onset, magnitude: 0.5 }], hour)
    only(values, 'humidity_env')
    for (const [time, value] of values.humidity_env) expect(value).toBe(healthy.humidity_env.get(time))
    const times = [...values.humidity_env.keys()]
    const gaps = times.slice(1).map((time, i) => time - times[i]!).filter((gap) => gap > 1000)
    expect(gaps.length).toBeGreaterThan(10)
    expect(Math.max(...gaps)).toBeGreaterThan(20_000)
    const missing = 1 - times.filter((time) => time >= onset).length / 3000
    expect(missing).toBeGreaterThan(0.2)
    expect(missing).toBeLessThan(0.8)
    expect(values.humidity_env.has(onset)).toBe(false)
  })

  test('neither trips nor, repaired, stays faulty', () => {
    const { values, truths } = run([{ machine: 'm', fault: 'sensor-bias', sensor: 'current', onset, duration: 5 * minute, repairAfter: minute }], hour)
    expect(truths.map(({ time, severity, sensor }) => [time - monday, severity, sensor])).toEqual([
      [onset, 1, 'current'], [onset + 5 * minute, 1, 'current'], [onset + 6 * minute, 0, 'current']
    ])
    expect(values.current.get(onset + 6 * minute)).toBe(healthy.current.get(onset + 6 * minute))
  })
})

describe('random faults', () => {
  test.prop([fc.integer(), fc.integer({ min: 2, max: 30 })], { numRuns: 50 })('are for different machines, differ, leave some well, and come within the hour', (seed, count) => {
    const machines = Array.from({ length: count }, (_, i) => `m${i}`)
    const plans = randomFaults({ seed, machines })
    expect(plans.length).toBe(Math.ceil(count * 0.4))
    expect(new Set(plans.map((plan) => plan.machine)).size).toBe(plans.length)
    expect(new Set(plans.map(({ fault }) => fault)).size).toBe(Math.min(plans.length, 13))
    for (const { onset } of plans) expect(onset).toBeLessThan(hour)
    expect(plans[0]!.onset).toBeLessThan(minute)
    expect(randomFaults({ seed, machines })).toEqual(plans)
  })

  test('of no machines are none', () => {
    expect(randomFaults({ seed: 1, machines: [] })).toEqual([])
  })

  test.prop([fc.integer()], { numRuns: 10 })("of a demonstration show within five minutes of the start, above 5 mm/s", (seed) => {
    const state = startSimulation({ seed, machines: 6, faults: 'demo' })
    let above = 0
    while (state.time < monday + 5 * minute) {
      for (const item of stepSimulation(state)) if (item.kind === 'reading' && item.sensor === 'vibration_rotor' && item.value > 5) above++
    }
    expect(above).toBeGreaterThan(10)
  })
})
