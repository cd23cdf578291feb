import { encodeItem } from '../../src/model/index.js'
import type { Output, Summary } from '../../src/model/index.js'
import type { MonitorOptions } from '../../src/pipelines/index.js'
import { commandsOf, deadLettersOf, eventsOf } from '../servers/kafka/job.js'
import type { Job } from '../servers/kafka/job.js'
import { committed } from '../servers/kafka/topic.js'
import type { Message } from '../servers/kafka/topic.js'
import { batchesOf, differenceOf, differing } from './count.js'
import type { Difference } from './count.js'
import { replay } from './replay.js'
import type { Site } from './site.js'
import { lakeRows, points } from './stores.js'

export interface Settled {
  readonly readings: number
  readonly alarms: number
  readonly ticks: number
  readonly commands: number
  /** How often a worker has taken a partition over. */
  readonly takeOvers: number
  /** Messages that are in the topics and that no reader of committed ones sees. */
  readonly aborted: number
  readonly stores: readonly Difference[]
  readonly alarmsDiffering: number
  readonly lost: number
  readonly duplicated: number
}

/** What is in every store, against what one undisturbed process makes of the same journal and input. */
export async function settle({ direct: { brokers, influx, s3 } }: Site, job: Job, partitions: number): Promise<Settled> {
  const { topics, group } = job
  const commands = commandsOf(job)
  const read = async (topic: string): Promise<readonly (readonly Message[])[]> => {
    const all = await committed(brokers, topic)
    return Array.from({ length: partitions }, (_, partition) => all.filter((message) => message.partition === partition))
  }
  const inputs = new Map<string, readonly (readonly Message[])[]>()
  for (const topic of [...topics, commands]) inputs.set(topic, await read(topic))
  const [journal, events, deadLetters] = [await read(`${group}_journal`), await read(eventsOf(job)), await read(deadLettersOf(job))]

  const expected = { events: [] as string[][], dead: [] as string[][], alarm: [] as string[], summary: [] as string[], anomaly: [] as string[], snapshot: [] as string[] }
  let [takeOvers, ticks] = [0, 0]
  const covered: Difference[] = []
  for (let partition = 0; partition < partitions; partition++) {
    const { entries, opened } = batchesOf(journal[partition]!.map(({ value }) => value))
    takeOvers += opened
    for (const entry of entries) ticks += entry.ticks?.length ?? 0
    const [written, dead]: [string[], string[]] = [[], []]
    const onOutput = (item: Output): void => {
      if (item.kind === 'alarm' || item.kind === 'answer') written.push(encodeItem(item))
      if (item.kind === 'rejected') dead.push(encodeItem(item))
      if (item.kind === 'alarm') expected.alarm.push(item.id)
      if (item.kind === 'summary') expected.summary.push(summaryKey(item))
      if (item.kind === 'anomaly') expected.anomaly.push(`${item.machine}/${item.reading.sensor}/${item.time}`)
      if (item.kind === 'snapshot') expected.snapshot.push(`${item.machine}/${item.time}`)
    }
    const messages = new Map([...inputs].map(([topic, all]) => [topic, new Map(all[partition]!.map((message) => [message.offset, message]))]))
    replay({ topics, commands, partition, messages, journal: entries, monitor: job.monitor as MonitorOptions, onOutput })
    expected.events.push(written)
    expected.dead.push(dead)
    const reached = new Map(entries.flatMap(({ runs }) => runs))
    const missed = [...inputs].filter(([, all]) => all[partition]!.length > 0).flatMap(([topic, all]) => (all[partition]!.at(-1)!.offset < (reached.get(topic) ?? 0) ? [] : [`${topic}/${partition}`]))
    covered.push(differenceOf(`journal ${partition}`, missed, []))
  }

  const readings = [...topics].flatMap((topic) => inputs.get(topic)!.flat().filter(({ value }) => isReading(value)).map(({ partition, offset }) => `${topic}/${partition}/${offset}`))
  const valuesOf = (all: readonly (readonly Message[])[]): readonly string[][] => all.map((some) => some.map(({ value }) => value))
  const raw: string[] = []
  for await (const [path, row] of lakeRows(s3, `${group}/raw/`)) raw.push(`${/topic=([^/]+)/.exec(path)![1]}/${Number(row['partition'])}/${Number(row['offset'])}`)
  const inLake = async (folder: string, key: (row: Readonly<Record<string, unknown>>) => string): Promise<readonly string[]> => {
    const keys: string[] = []
    for await (const [, row] of lakeRows(s3, `${group}/${folder}/`)) keys.push(key(row))
    return keys
  }
  const millis = (value: unknown): number => (value instanceof Date ? value.getTime() : Number(value))
  const pointKey = (point: Readonly<Record<string, string>>): string => `${point['machine_id']}/${point['sensor_type']}/${Date.parse(point['_time']!)}`
  const stores = [
    ...covered,
    differenceOf('events in Kafka', expected.events.flat(), valuesOf(events).flat()),
    differenceOf('dead letters in Kafka', expected.dead.flat(), valuesOf(deadLetters).flat()),
    differenceOf('readings in the lake', readings, raw),
    differenceOf('alarms in the lake', expected.alarm, await inLake('alarm', (row) => String(row['id']))),
    differenceOf('summaries in the lake', expected.summary, await inLake('summary', (row) => `${String(row['machine'])}/${String(row['sensor'])}/${millis(row['start'])}`)),
    differenceOf('snapshots in the lake', expected.snapshot, await inLake('fused', (row) => `${String(row['machine'])}/${millis(row['time'])}`)),
    differenceOf('alarms in InfluxDB', expected.alarm, (await points(influx, 'alarm', 'id')).map((point) => point['_value']!)),
    differenceOf('summaries in InfluxDB', new Set(expected.summary), (await points(influx, 'sensor_summary', 'end')).map(pointKey)),
    differenceOf('anomalies in InfluxDB', expected.anomaly, (await points(influx, 'anomaly', 'value')).map(pointKey)),
  ]
  return {
    readings: readings.length,
    alarms: expected.alarm.length,
    ticks,
    commands: inputs.get(commands)!.flat().length,
    takeOvers,
    aborted: (await committed(brokers, `${group}_journal`, { uncommitted: true })).length - journal.flat().length,
    stores,
    alarmsDiffering: expected.events.reduce((sum, wanted, partition) => sum + differing(wanted, valuesOf(events)[partition]!), 0),
    lost: stores.reduce((sum, { lost }) => sum + lost, 0),
    duplicated: stores.reduce((sum, { duplicated }) => sum + duplicated, 0),
  }
}

const summaryKey = ({ machine, sensor, start }: Summary): string => `${machine}/${sensor}/${start}`

/** Told from the damaged ones by what the feed writes. */
const isReading = (value: string): boolean => value.startsWith('{"timestamp"')
