import { from, lastValueFrom, toArray } from 'rxjs'
import type { Alarm, Input, Reading } from '../../../src/model/index.js'
import { only } from '../../../src/operators/index.js'
import { monitor } from '../../../src/pipelines/index.js'
import { reference } from '../../../src/rules/index.js'
import { kafkaSink } from '../../../src/sinks/kafka.js'
import { seedTopicOf } from '../../../src/sources/kafka.js'
import { eventTime } from '../../../src/time/index.js'
import { random } from '../../random.js'
import type { Job } from './job.js'

/** Readings of machines that a limit is crossed by now and then, a second apart, with gaps; the same for the same seed. */
export function someReadings(seed: number, machines: number, seconds: number): readonly Reading[] {
  const next = random(seed)
  const limits = { temperature_coil: 120, vibration_rotor: 5, current: 50, pressure: 5_000 } as const
  const units = { temperature_coil: 'degC', vibration_rotor: 'mm/s', current: 'A', pressure: 'Pa' } as const
  const readings: Reading[] = []
  for (let second = 0; second < seconds; second++)
    for (let machine = 0; machine < machines; machine++)
      for (const sensor of ['temperature_coil', 'vibration_rotor', 'current', 'pressure'] as const) {
        if (next() < 0.02) continue
        readings.push({ kind: 'reading', time: Date.UTC(2026, 0, 5) + 1_000 * second, machine: `M${machine}`, sensor, value: limits[sensor] * (next() < 0.03 ? 1.1 : 0.8), unit: units[sensor], quality: 'good' })
      }
  return readings
}

/** What one undisturbed pipeline raises, in memory. */
export const alarmsOf = async (readings: readonly Reading[]): Promise<readonly Alarm[]> =>
  lastValueFrom(from(readings as readonly Input[]).pipe(eventTime(monitor(reference)), only('alarm'), toArray()))

export const ids = (alarms: readonly Alarm[]): readonly string[] => alarms.map(({ id }) => id).sort()
export const parsed = (messages: readonly { readonly value: string }[]): readonly Alarm[] => messages.map(({ value }) => JSON.parse(value) as Alarm)

/** To the topics of the job, one after the other. */
export async function feed({ brokers, group }: Job, readings: readonly Reading[]): Promise<void> {
  const sink = kafkaSink<Reading>({ brokers, topic: (item) => `${group}_${seedTopicOf((item as Reading).sensor)}` })
  await sink.open()
  for (let i = 0; i < readings.length; i += 10_000) await sink.write(readings.slice(i, i + 10_000))
  await sink.close(true)
}
