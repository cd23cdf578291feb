import { from, lastValueFrom, toArray } from 'rxjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alertRules } from '../../grafana/generate/alert-rules.js'
import { dashboards } from '../../grafana/generate/dashboards.js'
import { weekOfFaults } from '../../examples/factory/faults.js'
import { outlookPoints } from '../../examples/factory/outlook-points.js'
import { factoryPipeline } from '../../examples/factory/pipeline.js'
import { formatTimestamp } from '../../src/model/index.js'
import type { Alarm, Input, Item, Reading } from '../../src/model/index.js'
import { reference } from '../../src/rules/index.js'
import { influxSink, pointsOf } from '../../src/sinks/influx.js'
import { memorySink } from '../../src/sinks/memory.js'
import { simulatedMachines, simulator } from '../../src/sources/simulator.js'
import { eventTime } from '../../src/time/index.js'
import { influxApi } from './influx-api.js'
import type { InfluxApi } from './influx-api.js'
import { needs } from './needs.js'

const influx = await needs('influx')
const BUCKET = `grafana-${Date.now().toString(36)}`
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Two hours of three motors with faults, and what operators and bad lines add to them. */
async function inputs(): Promise<readonly Input[]> {
  const machines = simulatedMachines(3, 5)
  const items: Input[] = []
  await simulator({ machines, seed: 5, faults: weekOfFaults(machines.map(({ id }) => id), 5), speed: 'max', duration: 2 * HOUR })
    .read(async (batch) => { items.push(...(batch.items as readonly Item[]).filter(({ kind }) => kind === 'reading') as Input[]) }, { signal: new AbortController().signal })
  const [first] = items as readonly Reading[]
  const machine = first!.machine
  const hot = (second: number): Reading => ({ kind: 'reading', time: first!.time + HOUR + second * 1_000 + 1, machine, sensor: 'temperature_coil', value: second % 4 < 2 ? 150 : 60, unit: 'degC', quality: 'good' })
  const added: readonly Input[] = [
    ...Array.from({ length: 50 }, (_, second) => hot(second)),
    { kind: 'command', time: 0, name: 'acknowledge', machine, by: 'ana' },
    { kind: 'command', time: 0, name: 'shelve', machine, rule: 'high-vibration', by: 'ana', why: 'bearing is on order' },
    { ...first!, value: 61 }, // an hour late
  ]
  const placed = [...items, ...added.slice(0, 50)]
    .sort((a, b) => (a as Reading).time - (b as Reading).time)
  const half = placed.findIndex((item) => (item as Reading).time > first!.time + HOUR + 60_000)
  return [...placed.slice(0, half), ...added.slice(50), ...placed.slice(half)]
}

describe.skipIf(influx.missing !== undefined)('dashboards on a real InfluxDB', () => {
  let query: InfluxApi['query']
  let start = 0
  let end = 0
  beforeAll(async () => {
    const api = influxApi(influx)
    query = api.query
    const read = await inputs()
    const times = read.flatMap((item) => (item.kind === 'reading' ? [item.time] : []))
    start = times[0]! - DAY - HOUR
    end = times.at(-1)! + 400_000 // nothing for longer than what is told of
    const outputs = await lastValueFrom(from(read).pipe(eventTime(factoryPipeline(reference, { spikes: true })), toArray())) as readonly Item[]
    const raised = outputs.find((item): item is Alarm => item.kind === 'alarm')!
    // Of a rule that stands since more than a day.
    const old: Alarm = { ...raised, machine: 'OLD', rule: 'old', severity: 'high', state: 'raised', status: 'unacknowledged', time: start + 1_000 }
    const sink = influxSink({ ...influx, bucket: BUCKET, create: { retention: Infinity }, deadLetters: memorySink(), points: (item: Item) => outlookPoints(item) ?? pointsOf(item) })
    await sink.open()
    await sink.write([old, ...outputs])
    await sink.close(true)
  })
  afterAll(async () => {
    const api = influxApi(influx)
    const { buckets: [bucket] } = await api.api<{ readonly buckets: readonly { readonly id: string }[] }>('GET', `/api/v2/buckets?name=${BUCKET}`)
    if (bucket !== undefined) await api.api('DELETE', `/api/v2/buckets/${bucket.id}`)
  })

  /** As Grafana fills it in. */
  const filled = (flux: string, machine: string): string => flux
    .replaceAll('v.defaultBucket', JSON.stringify(BUCKET)).replaceAll('v.windowPeriod', '1m')
    .replaceAll('v.timeRangeStart', formatTimestamp(start)).replaceAll('v.timeRangeStop', formatTimestamp(end))
    .replaceAll('${machine}', machine)

  const panels = [...dashboards].flatMap(([name, { panels = [] }]) => panels.map((panel) => {
    const { title = '', targets = [] } = panel as { readonly title?: string; readonly targets?: readonly { readonly query: string }[] }
    return [name, title, targets[0]!.query] as const
  }))

  test.each(panels)('%s: %s', async (name, title, flux) => {
    const machines = await query(filled(`${'import "influxdata/influxdb/schema"'}\n\nschema.tagValues(bucket: v.defaultBucket, tag: "machine_id", start: v.timeRangeStart, stop: v.timeRangeStop)`, ''))
    let rows: readonly Readonly<Record<string, string>>[] = []
    for (const { _value: machine = '' } of machines) {
      rows = await query(filled(flux, machine))
      if (rows.length > 0) break
    }
    console.log(`${name}: ${title}: ${rows.length} rows, ${JSON.stringify(rows.at(-1))?.slice(0, 200)}`)
    expect(rows.length).toBeGreaterThan(0)
  })

  test.each(alertRules.rules!.map(({ title, data = [] }) => [title, (data[0]!.model as unknown as { readonly query: string }).query]))('alert: %s', async (_, flux) => {
    const rows = await query(filled(flux, ''))
    expect(rows).toHaveLength(1)
    expect(Number(rows[0]!['_value'])).toBeGreaterThan(0)
  })

  test('numbers are those of the data', async () => {
    const one = async (name: string, title: string): Promise<Readonly<Record<string, string>>> => (await query(filled(panels.find((panel) => panel[0] === name && panel[1] === title)![2], '')))[0]!
    expect(await one('plant', 'Machines heard of')).toMatchObject({ _value: '3' })
    expect(await one('pipeline', 'Not taken in')).toMatchObject({ _value: '1' })
    expect(await one('alarms', 'Standing for a day or more')).toMatchObject({ status: '1' })
    expect(Number((await one('alarms', 'Most in ten minutes'))['_value'])).toBeGreaterThan(10)
  })
})
