import type { Alarm } from 'motorwatch'
import { Timeline } from 'motorwatch'
import type { FaultPlan, SensorFault, SensorName, SimulationOptions, Truth } from 'motorwatch/sources/simulator'
import { instruments, randomFaults, simulatedMachines, startSimulation, stepSimulation } from 'motorwatch/sources/simulator'
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { factoryPipeline } from '../../examples/factory/pipeline.js'
import { machineRules } from '../../examples/factory/rules.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MONDAY = Date.UTC(2026, 0, 5, 6)
const machines = simulatedMachines(7, 1)
const [machine] = machines

interface Watched {
  readonly alarms: readonly Alarm[]
  readonly truths: readonly Truth[]
}

/** The job of the factory, without its clock, for so long of event time. */
function watch(options: Omit<Partial<SimulationOptions>, 'machines'> & { readonly machines?: typeof machines; readonly hours: number }): Watched {
  const plan = { machines: machines.slice(0, 2), start: MONDAY, ...options }
  const alarms: Alarm[] = []
  const truths: Truth[] = []
  const input = new Subject<never>()
  const rules = machineRules(plan.machines)
  factoryPipeline(rules, { silent: '20s', stuck: '2m', recovered: '3m', spikes: true })(new Timeline())(input).subscribe((item) => {
    if (item.kind === 'alarm') alarms.push(item)
  })
  const state = startSimulation(plan)
  while (state.time < plan.start + options.hours * HOUR) {
    for (const item of stepSimulation(state)) {
      if (item.kind === 'truth') truths.push(item)
      else input.next(item as never)
    }
  }
  return { alarms, truths }
}

const told = ({ alarms }: Watched): readonly string[] => alarms.map(({ state, message, time }) => `${new Date(time).toISOString()} ${state} ${message}`)

describe('healthy machines raise nothing', () => {
  test('five of them, from a cold start through the first changes of recipe', () => {
    expect(told(watch({ machines: machines.slice(0, 5), hours: 3 }))).toEqual([])
  })

  test('two of them from Friday noon over the weekend to Monday noon: nights, shifts, a factory at rest, the start of the week', () => {
    expect(told(watch({ start: Date.UTC(2026, 0, 9, 12), hours: 72, period: 2000 }))).toEqual([])
  })
})

describe('a failing machine never goes silent', () => {
  const cases: readonly (readonly [FaultPlan['fault'], Partial<FaultPlan>, number, readonly string[]])[] = [
    ['bearing-wear', { duration: 2 * HOUR }, 2, ['vibration-alert', 'vibration-danger']],
    ['blocked-cooling', { duration: 4 * HOUR }, 4, ['winding-rise']],
    ['overload', { duration: 2 * HOUR }, 2, ['overload-20A']],
    ['phase-loss', {}, 0.5, ['overload-20A']],
    ['unbalance', { duration: 4 * HOUR }, 4, ['line-voltage-400V']],
    ['leak', { duration: 2 * HOUR }, 2, ['support-pressure']],
    ['winding', {}, 72, ['winding-rise']],
    ['locked-rotor', {}, 0.5, ['locked-rotor-20A']],
  ]

  test.each(cases)('%s', (fault, course, hours, expected) => {
    const watched = watch({ faults: [{ fault, machine: machine!.id, onset: 10 * MINUTE, ...course } as FaultPlan], hours, ...(hours > 12 ? { machines: machines.slice(0, 1), period: 2000 } : {}) })
    const raised = watched.alarms.filter(({ state }) => state === 'raised')
    for (const rule of expected) expect(raised.map((alarm) => alarm.rule).filter((id) => id.startsWith(rule)), told(watched).join('\n')).not.toEqual([])
    for (const alarm of raised) {
      expect(alarm.machine).toBe(machine!.id)
      expect(alarm.message).toContain(machine!.id)
      expect(alarm.time).toBeGreaterThan(MONDAY + 10 * MINUTE)
    }
  })

  const sensors = instruments.map(({ sensor }) => sensor)
  const onEach = (fault: SensorFault, course: Partial<FaultPlan>): readonly FaultPlan[] =>
    sensors.map((sensor, i) => ({ fault, sensor, machine: machines[i]!.id, onset: 10 * MINUTE, ...course }))

  /** Magnitudes of the demonstration's size: those of `faultDefaults` keep some sensors within all that is normal. */
  const ofSensors: readonly (readonly [string, SensorFault, Partial<FaultPlan>, number, (sensor: SensorName) => string | undefined])[] = [
    ['sensor-stuck', 'sensor-stuck', {}, 0.3, (sensor) => `stuck-${sensor}`],
    ['sensor-dropout', 'sensor-dropout', {}, 0.7, (sensor) => `missing-${sensor}`],
    ['sensor-spikes', 'sensor-spikes', { magnitude: 0.02 }, 0.5, (sensor) => `spikes-${sensor}`],
    ['sensor-bias', 'sensor-bias', { magnitude: 0.25 }, 1, () => undefined],
    ['sensor-bias downwards', 'sensor-bias', { magnitude: -0.25 }, 1, () => undefined],
    ['sensor-drift', 'sensor-drift', { magnitude: 0.3, duration: HOUR }, 1.2, () => undefined],
    ['sensor-drift downwards', 'sensor-drift', { magnitude: -0.3, duration: HOUR }, 1.2, () => undefined],
  ]

  test.each(ofSensors)('%s, of each sensor, and the alarm names it', (_title, fault, course, hours, rule) => {
    const watched = watch({ machines, faults: onEach(fault, course), hours })
    for (const [i, sensor] of sensors.entries()) {
      const own = watched.alarms.filter((alarm) => alarm.machine === machines[i]!.id && alarm.state === 'raised')
      const naming = own.filter((alarm) => (rule(sensor) === undefined || alarm.rule === rule(sensor)) && (alarm.sensor === sensor || alarm.message.includes(sensor)))
      expect(naming, `${sensor}:\n${told(watched).join('\n')}`).not.toEqual([])
      expect(Math.min(...own.map(({ time }) => time))).toBeGreaterThan(MONDAY + 10 * MINUTE)
    }
  })

  test('every fault of a large demonstration is announced on its machine: one of the machine before it stops it, one of a sensor before it is repaired', () => {
    const factory = simulatedMachines(33, 1)
    const faults = randomFaults({ seed: 1, machines: factory.map(({ id }) => id) })
    expect(new Set(faults.map(({ fault }) => fault)).size).toBe(13)
    const failing = factory.filter(({ id }) => faults.some((plan) => plan.machine === id))
    const watched = watch({ machines: failing, faults, hours: 1.7 })
    for (const { fault, machine: id } of faults) {
      const course = watched.truths.filter((truth) => truth.machine === id)
      const last = course.at(-1)!
      expect(last.severity, `${fault} of ${id} is repaired`).toBe(0)
      const until = fault.startsWith('sensor-') ? last.time : last.failure
      const during = watched.alarms.filter((alarm) => alarm.machine === id && alarm.state === 'raised' && alarm.time > course[0]!.onset && alarm.time < until)
      expect(during, `${fault} of ${id}:\n${told(watched).join('\n')}`).not.toEqual([])
    }
  })
})
