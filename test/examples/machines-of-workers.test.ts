import { above, machines, rule, Timeline } from 'motorwatch'
import type { Input, Machines } from 'motorwatch'
import { reading } from 'motorwatch/testing'
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { machinesOfWorkers } from '../../examples/factory/machines-of-workers.js'
import { factoryPipeline } from '../../examples/factory/pipeline.js'

const rules = [rule({ id: 'over', severity: 'high', when: above('current', '$ratedCurrent') }), rule({ id: 'hot', severity: 'high', when: above('temperature_coil', 120) })]

/** One partition of a worker, from a checkpoint on. */
function worker(register: Machines | undefined, saved?: unknown) {
  const time = new Timeline(saved as ConstructorParameters<typeof Timeline>[0])
  const input = new Subject<Input>()
  const alarms: string[] = []
  factoryPipeline(rules, register === undefined ? {} : { machines: machinesOfWorkers(register) })(time)(input).subscribe((item) => {
    if (item.kind === 'alarm') alarms.push(`${item.machine} ${item.rule} ${item.state}`)
  })
  return { time, alarms, read: (...items: readonly Input[]) => { for (const item of items) input.next(item) } }
}

const seconds = (from: number, to: number, machine: string, sensor: string, value: number): readonly Input[] => Array.from({ length: to - from }, (_, i) => reading(machine, sensor, value)((from + i) * 1_000))

test('a machine of another partition, which is never heard here, is not missed here', () => {
  const { alarms, read } = worker(machines({ id: 'M1', nameplate: { ratedCurrent: 20 } }, { id: 'M2', expectedSince: 0 }))
  read(...seconds(0, 600, 'M1', 'current', 10))
  expect(alarms).toEqual([])
})

test('a register that is given, or is another, later goes on from the checkpoint: what stands and is known stays', () => {
  const first = worker(undefined)
  first.read(...seconds(0, 30, 'M1', 'temperature_coil', 130), ...seconds(30, 40, 'M1', 'current', 25))
  expect(first.alarms).toEqual(['M1 hot raised'])
  const second = worker(machines({ id: 'M1', nameplate: { ratedCurrent: 20 } }), structuredClone(first.time.save()))
  expect(second.time.unclaimed()).toEqual([])
  second.read(...seconds(40, 60, 'M1', 'current', 25))
  expect(second.alarms).toEqual(['M1 over raised'])
  const third = worker(machines({ id: 'M1', nameplate: { ratedCurrent: 30 } }, { id: 'M2' }), structuredClone(second.time.save()))
  third.read(...seconds(60, 75, 'M1', 'current', 25), ...seconds(75, 85, 'M1', 'temperature_coil', 90))
  expect(third.alarms).toEqual(['M1 over cleared', 'M1 hot cleared'])
})
