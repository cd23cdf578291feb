import { setTimeout as sleep } from 'node:timers/promises'
import { fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alarm, Item, Reading, Rejected, Sink, Summary } from '../../src/model/index.js'
import { influxSink, type InfluxSinkOptions, type InfluxStatus, type Point } from '../../src/sinks/influx.js'
import { lineOf, nanosecondsOf } from '../../src/sinks/influx/line.js'
import { memorySink } from '../../src/sinks/memory.js'
import { parseLine } from '../sinks/influx/line-protocol.js'
import { influxApi, type InfluxApi } from './influx-api.js'
import { needsToStart } from './needs.js'
import { startInflux, type Influx } from './start/index.js'

const own = await needsToStart('influx')

describe.skipIf(own.missing)('a real InfluxDB 2', () => {
  let server: Influx
  let api: InfluxApi['api']
  let query: InfluxApi['query']
  let orgID: string
  beforeAll(async () => {
    server = await startInflux()
    ;({ api, query } = influxApi(server))
    orgID = (await api<{ readonly orgs: readonly [{ readonly id: string }] }>('GET', '/api/v2/orgs?org=motor_org')).orgs[0].id
  })
  afterAll(() => server?.stop())

  const statuses: InfluxStatus[] = []
  const bucketOf = async (name: string, everySeconds = 0): Promise<string> => {
    const rules = everySeconds === 0 ? [] : [{ type: 'expire', everySeconds }]
    return (await api<{ readonly id: string }>('POST', '/api/v2/buckets', { orgID, name, retentionRules: rules })).id
  }
  const tokenFor = async (action: 'read' | 'write', bucketID: string): Promise<string> => (await api<{ readonly token: string }>('POST', '/api/v2/authorizations', {
    orgID, permissions: [{ action, resource: { type: 'buckets', id: bucketID, orgID } }],
  })).token
  const opened = async (bucket: string, options: Partial<InfluxSinkOptions> = {}): Promise<Sink & { readonly refused: readonly Rejected[] }> => {
    const deadLetters = memorySink<Rejected>()
    const sink = influxSink({
      url: server.url, token: server.token, org: server.org, bucket, deadLetters, kinds: ['reading', 'summary', 'alarm', 'rejected', 'anomaly', 'verdict', 'snapshot'],
      onStatus: status => statuses.push(status), ...options,
    })
    await sink.open()
    return { ...sink, refused: deadLetters.items }
  }
  const messageOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', (error: Error) => error.message)
  const T0 = Date.UTC(2025, 11, 18, 12)
  const reading = (time: number, value: number, machine = 'M1'): Reading => ({ kind: 'reading', time, machine, sensor: 'current', value, unit: 'A', quality: 'good' })
  const all = (bucket: string): string => `from(bucket: "${bucket}") |> range(start: 1970-01-01T00:00:00Z, stop: 2100-01-01T00:00:00Z)`
  const count = async (bucket: string, measurement = 'sensor_reading'): Promise<number> =>
    (await query(`${all(bucket)} |> filter(fn: (r) => r._measurement == "${measurement}" and r._field == "value") |> keep(columns: ["_time", "_value"])`)).length

  test('every kind is found again by Flux, and written again leaves no second point', async () => {
    const bucket = 'motor_bucket'
    const summary: Summary = { kind: 'summary', time: T0 + 60_000, machine: 'M1', sensor: 'current', start: T0, end: T0 + 60_000, values: { mean: 1.5, max: NaN } }
    const alarm: Alarm = {
      kind: 'alarm', id: 'i', occurrence: 'o', time: T0 + 0.5, machine: 'M 1, left', rule: 'hot=coil', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal',
      message: 'said "hot"\nin two lines \\', raisedAt: T0, value: 121, limit: 120, unit: 'C',
    }
    const items: readonly Item[] = [
      { ...summary, status: 'early', values: { mean: 1 } } as Item, reading(T0, 1), reading(T0, 2), reading(T0, 3), summary, alarm, { ...alarm, state: 'acknowledged' } as Item,
      { kind: 'anomaly', time: T0 + 1, machine: 'M1', reading: reading(T0 + 1, 99), classes: ['thermal'] } as Item,
      { kind: 'verdict', time: T0 + 1, machine: 'M1', condition: 'current > 60', truth: 'unknown', margin: NaN } as Item,
      { kind: 'snapshot', time: T0 + 1, machine: 'M1', values: { current: 1 }, missing: ['voltage'] } as Item,
      { kind: 'rejected', time: T0 - 1, reason: 'late', detail: 'late', by: 7, reading: reading(T0 - 1, 5) } as Item,
    ]
    const fields = async (): Promise<readonly string[]> => (await query(all(bucket)))
      .map(row => `${row['_measurement']} ${row['machine_id']} ${row['rule'] ?? ''} ${row['_time']} ${row['_field']}=${row['_value']}`).sort()
    await (await opened(bucket)).write(items)
    const first = await fields()
    expect(first).toContain('sensor_reading M1  2025-12-18T12:00:00Z value=1')
    expect(first).toContain('sensor_reading M1  2025-12-18T12:00:00.000000002Z value=3')
    expect(first.filter(line => line.startsWith('sensor_summary'))).toEqual([
      `sensor_summary M1  2025-12-18T12:00:00Z end=${T0 + 60_000}`, 'sensor_summary M1  2025-12-18T12:00:00Z mean=1.5', 'sensor_summary M1  2025-12-18T12:00:00Z status=whole',
    ])
    expect(first).toContain('alarm M 1, left hot=coil 2025-12-18T12:00:00.0005Z message=said "hot"\nin two lines \\')
    expect(first).toContain('alarm M 1, left hot=coil 2025-12-18T12:00:00.000500001Z state=acknowledged')
    expect(first).toContain('verdict M1  2025-12-18T12:00:00.001Z truth=unknown')
    expect(first).toContain('snapshot M1  2025-12-18T12:00:00.001Z current=1')
    expect(first.filter(line => line.startsWith('rejected')).length).toBe(5)

    const again = await opened(bucket)
    for (const item of items) await again.write([item])
    expect(await fields()).toEqual(first)
  })

  test('names and texts that line protocol has its troubles with are read back as they were', async () => {
    await bucketOf('nasty')
    const nasty = fc.string({ unit: fc.constantFrom('\\', ',', '=', ' ', '"', '\n', '#', 'a', 'é', '🚨'), minLength: 1, maxLength: 8 })
    const points: readonly Point[] = fc.sample(fc.record({ tag: nasty, name: nasty, text: nasty, value: fc.double({ noNaN: true, noDefaultInfinity: true }) }), 500)
      .map(({ tag, name, text, value }, i) => ({ measurement: `${tag}m`, tags: { [`k${name}`]: tag, i: String(i) }, fields: { [`f${name}`]: text, value }, time: T0 + i }))
    const sink = await opened('nasty', { kinds: ['point'], points: item => [(item as Item & { readonly point: Point }).point] })
    await sink.write(points.map(point => ({ kind: 'point', point })))
    expect(sink.refused).toEqual([])
    const byIndex = new Map<number, Readonly<Record<string, string>>[]>()
    for (const row of await query(all('nasty'))) byIndex.set(Number(row['i']), [...byIndex.get(Number(row['i'])) ?? [], row])
    for (const [i, point] of points.entries()) {
      const { series, fields } = lineOf(point)
      const expected = parseLine(`${series} ${fields} ${nanosecondsOf(point.time)}`, 'pair')
      const rows = byIndex.get(i) ?? []
      expect(rows.map(row => row['_field']).sort()).toEqual(Object.keys(expected.fields).sort())
      for (const row of rows) {
        const value = expected.fields[row['_field']!]
        expect(typeof value === 'number' ? Number(row['_value']) : row['_value']).toBe(value)
        expect(row['_measurement']).toBe(expected.measurement)
        for (const [key, tag] of Object.entries(expected.tags)) expect(row[key]).toBe(tag)
      }
    }
  })

  test('killed again and again while 200,000 points are written: none is lost, and none is there twice', async () => {
    await bucketOf('killed')
    const items = Array.from({ length: 200_000 }, (_, i) => reading(T0 + Math.floor(i / 4) * 100, i, `M${i % 2}`))
    statuses.length = 0
    const sink = await opened('killed')
    let over = false
    let kills = 0
    const killing = (async () => {
      while (!over) {
        await sleep(200 + Math.random() * 600)
        if (over) break
        await server.kill()
        kills++
        await server.restart()
      }
    })()
    for (let at = 0; at < items.length; at += 8_000) await sink.write(items.slice(at, at + 8_000))
    over = true
    await killing
    const rows = await query(`${all('killed')} |> filter(fn: (r) => r._field == "value") |> keep(columns: ["_time", "_value", "machine_id"]) |> group()`)
    const values = new Set(rows.map(row => Number(row['_value'])))
    console.log(`killed ${kills} times, ${statuses.filter(({ state }) => state === 'waiting').length} attempts failed; ${rows.length} points, ${values.size} different`)
    expect(kills).toBeGreaterThan(2)
    expect(statuses.some(({ state }) => state === 'back')).toBe(true)
    expect(rows.length).toBe(200_000)
    expect(values.size).toBe(200_000)
    expect(sink.refused).toEqual([])
  }, 300_000)

  test('what is refused is found and told of, and all else is stored', async () => {
    await bucketOf('short', 3_600)
    const now = Date.now()
    await api('POST', '/api/v2/write?org=motor_org&bucket=short&precision=ms', [now - 6_000, now].map(time => `sensor_reading,machine_id=other value="text" ${time}`).join('\n'))
    // the readings' value is a number, and was a text; some of the alarms are outside the retention
    const alarm = (time: number, value: number): Alarm => ({
      kind: 'alarm', id: `i${value}`, occurrence: 'o', time, machine: 'M1', rule: 'r', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'm', raisedAt: time, value, limit: 1,
    })
    const items: readonly Item[] = Array.from({ length: 6_000 }, (_, i) =>
      i % 1_000 === 500 ? reading(now - 6_000 + i, i) : i % 1_000 === 700 ? alarm(T0, i) : alarm(now - 6_000 + i, i))
    const sink = await opened('short')
    await sink.write(items)
    const told = sink.refused.map(({ raw, detail }) => [Number(/\bvalue=(\d+)/.exec(raw ?? '')?.[1]), detail] as const)
    expect(told.map(([value]) => value)).toEqual(items.flatMap((_, i) => i % 1_000 === 500 || i % 1_000 === 700 ? [i] : []))
    for (const [value, detail] of told) expect(detail).toMatch(value % 1_000 === 500 ? /field type conflict/ : /retention policy/)
    expect(await count('short', 'alarm')).toBe(6_000 - 12)
  })

  test('points that are all outside the retention cost one request for each 5,000', async () => {
    await bucketOf('shorter', 3_600)
    const sink = await opened('shorter')
    const from = Date.now()
    await sink.write(Array.from({ length: 10_000 }, (_, i) => reading(T0 + i, i)))
    expect(sink.refused.length).toBe(10_000)
    expect(await count('shorter')).toBe(0)
    expect(Date.now() - from).toBeLessThan(10_000)
  })

  test('the right to write to the bucket is enough', async () => {
    const token = await tokenFor('write', await bucketOf('least'))
    await (await opened('least', { token })).write([reading(T0, 1)])
    expect(await count('least')).toBe(1)
  })

  test('what is wrong is said in one line each', async () => {
    const readOnly = await tokenFor('read', await bucketOf('read-only'))
    const said = await Promise.all([
      messageOf(opened('motor_bucket', { token: 'wrong-token' })), messageOf(opened('motor_bucket', { org: 'nobody' })), messageOf(opened('none')), messageOf(opened('read-only', { token: readOnly })),
    ])
    console.log(said.join('\n'))
    expect(said[0]).toContain('the token is not valid there')
    expect(said[1]).toContain('there is no org \'nobody\'')
    expect(said[2]).toContain('there is no bucket \'none\' in the org \'motor_org\'')
    expect(said[3]).toContain('the token may not write to the bucket \'read-only\'')
    for (const message of said) expect(message).not.toMatch(/\n|wrong-token/)
    for (const secret of [readOnly, server.token]) expect(said.join()).not.toContain(secret)
  })

  test('a bucket is made with its retention, once', async () => {
    for (let i = 0; i < 2; i++) await (await opened('made', { create: { retention: 7_200_000 } })).write([reading(Date.now(), i)])
    const { buckets } = await api<{ readonly buckets: readonly { readonly retentionRules: readonly { readonly everySeconds: number }[] }[] }>('GET', '/api/v2/buckets?name=made')
    expect(buckets.map(({ retentionRules }) => retentionRules[0]?.everySeconds)).toEqual([7_200])
    expect(await messageOf(opened('other', { create: { retention: Infinity }, token: await tokenFor('write', await bucketOf('some')) }))).toContain('cannot make the bucket \'other\'')
  })
})
