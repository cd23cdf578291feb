import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fc, test } from '@fast-check/vitest'
import { from } from 'rxjs'
import { afterEach, beforeEach, describe, expect, onTestFinished, vi } from 'vitest'
import { decodeItem, encodeItem } from '../../src/model/codecs.js'
import type { Alarm, Item, Output, Reading, Rejected, Sink, Summary } from '../../src/model/index.js'
import { monitor, run } from '../../src/pipelines/index.js'
import { reference } from '../../src/rules/index.js'
import { influxSink, type InfluxSinkOptions, type InfluxStatus, pointsOf } from '../../src/sinks/influx.js'
import { memorySink } from '../../src/sinks/memory.js'
import { randomFaults, simulatedMachines, simulator } from '../../src/sources/simulator.js'
import { eventTime } from '../../src/time/index.js'
import { bucket, type Influx, org, playInflux, token } from './influx/server.js'

const T0 = Date.UTC(2025, 11, 18, 12)
const reading = (time: number, value = 1, machine = 'M1', sensor = 'current'): Reading => ({ kind: 'reading', time, machine, sensor, value, unit: 'A', quality: 'good' })
const summary = (start: number, mean: number, status?: Summary['status']): Summary =>
  ({ kind: 'summary', time: start + 60_000, machine: 'M1', sensor: 'current', start, end: start + 60_000, values: { mean }, ...(status === undefined ? {} : { status }) })
const many = (count: number): Reading[] => Array.from({ length: count }, (_, i) => reading(T0 + i, i))

let influx: Influx
beforeEach(async () => { influx = await playInflux() })
afterEach(() => influx.stop())

const statuses: InfluxStatus[] = []
beforeEach(() => { statuses.length = 0 })

type Options = Partial<InfluxSinkOptions>
const sinkOf = (options: Options = {}): Sink & { readonly refused: readonly Rejected[] } => {
  const deadLetters = memorySink<Rejected>()
  const sink = influxSink({ url: influx.url, token, org, bucket, deadLetters, kinds: ['reading', 'summary'], onStatus: status => statuses.push(status), ...options })
  return { ...sink, refused: deadLetters.items }
}
const opened = async (options: Options = {}): Promise<ReturnType<typeof sinkOf>> => {
  const sink = sinkOf(options)
  await sink.open()
  return sink
}
const sizes = (): readonly number[] => influx.writes.map(({ lines }) => lines.length)
const lineOf = (item: Item): Promise<string> => opened({ kinds: [item.kind] }).then(async (sink) => {
  await sink.write([item])
  return influx.writes.at(-1)?.lines.join('|') ?? ''
})
const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(() => undefined, (error: unknown) => error as Error)
  expect(error).toBeInstanceOf(Error)
  expect(error!.message).not.toContain('\n')
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) expect(`${cause.message}${cause.stack}`).not.toContain(token)
  return error!.message
}

describe('what is written', () => {
  const raised: Alarm = {
    kind: 'alarm', id: 'i1', occurrence: 'o1', time: T0 + 0.5, machine: 'M 1', rule: 'hot, coil', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal',
    message: 'zu "heiß"', raisedAt: T0, value: NaN, limit: 120, unit: 'C', since: T0 - 1,
  }

  test.each<readonly [Item, string]>([
    [reading(T0, 61), 'sensor_reading,machine_id=M1,sensor_type=current quality="good",unit="A",value=61 1766059200000000000'],
    [summary(T0, 1.5), `sensor_summary,machine_id=M1,sensor_type=current end=${T0 + 60_000},mean=1.5,status="whole" 1766059200000000000`],
    [{ ...summary(T0, 2, 'early'), key: 'k', values: { mean: 2, status: 7, time: 8, none: NaN, list: [1] } } as Item,
      `sensor_summary,key=k,machine_id=M1,sensor_type=current end=${T0 + 60_000},list="[1]",mean=2,status="early",values.status=7,values.time=8 1766059200000000000`],
    [raised, 'alarm,machine_id=M\\ 1,rule=hot\\,\\ coil class="thermal",id="i1",limit=120,message="zu \\"heiß\\"",no_data=false,occurrence="o1",'
      + `raised_at=${T0},severity="high",since=${T0 - 1},state="raised",status="unacknowledged",unit="C" 1766059200000500000`],
    [{ kind: 'anomaly', time: T0, machine: 'M1', reading: reading(T0, 61), classes: ['thermal', 'electrical'] } as Item,
      'anomaly,machine_id=M1,sensor_type=current classes="thermal,electrical",quality="good",unit="A",value=61 1766059200000000000'],
    [{ kind: 'verdict', time: T0, machine: 'M1', condition: 'current > 60', truth: true, margin: 1, signal: 'current', value: 61, limit: 60, since: T0 } as Item,
      `verdict,condition=current\\ >\\ 60,machine_id=M1 limit=60,margin=1,signal="current",since=${T0},truth="true",value=61 1766059200000000000`],
    [{ kind: 'alarm-measures', time: T0 + 3_600_000, key: 'plant', start: T0, end: T0 + 3_600_000, raised: 2, perDay: 48, most: 2, flood: 0, mix: { low: 0.5, medium: 0, high: 0.5, critical: 0 },
      targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } }, top: [], chattering: 0, fleeting: 1, standing: 0 } as Item,
      `alarm_measures,key=plant chattering=0,critical=0,end=${T0 + 3_600_000},fleeting=1,flood=0,high=0.5,low=0.5,medium=0,most=2,per_day=48,raised=2,standing=0,status="whole" 1766059200000000000`],
    [{ kind: 'snapshot', time: T0, machine: 'M1', values: { current: 61, missing: 3 }, missing: ['voltage', 'pressure'] } as Item,
      'snapshot,machine_id=M1 current=61,missing="voltage,pressure",values.missing=3 1766059200000000000'],
  ])('%j', async (item, line) => {
    expect(await lineOf(item)).toBe(line)
  })

  test('a rejected reading is of its machine, a few nanoseconds after its time', async () => {
    expect(await lineOf({ kind: 'rejected', time: T0, reason: 'late', detail: 'too late', by: 7, reading: reading(T0, 61) } as Item))
      .toMatch(/^rejected,machine_id=M1,reason=late,sensor_type=current by=7,detail="too late",quality="good",unit="A",value=61 1766059200000\d{6}$/)
  })

  test('what has no time, and what no table has, is passed over', async () => {
    expect(await lineOf({ kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'no JSON', raw: '{' } as Item)).toBe('')
    expect(await lineOf({ kind: 'tick', time: T0 } as Item)).toBe('')
  })

  test('without `kinds` all but readings and snapshots', async () => {
    const sink = influxSink({ url: influx.url, token, org, bucket, deadLetters: memorySink() })
    await sink.open()
    await sink.write([reading(T0), { kind: 'snapshot', time: T0, machine: 'M1', values: { a: 1 }, missing: [] } as Item, summary(T0, 1), raised])
    expect(influx.writes.flatMap(({ lines }) => lines).map(line => line.split(',')[0])).toEqual(['sensor_summary', 'alarm'])
  })

  test('points of one\'s own: another kind, and another tag', async () => {
    const sink = await opened({
      kinds: ['outlook', 'reading'],
      points: item => item.kind === 'outlook' ? [{ measurement: 'outlook', tags: { machine_id: 'M1' }, fields: { headroom: 0.5, nothing: NaN }, time: T0 }]
        : pointsOf(item).map(point => ({ ...point, tags: { ...point.tags, site: 'Lyon' } })),
    })
    await sink.write([{ kind: 'outlook' }, reading(T0, 1)])
    expect(influx.writes[0]?.lines).toEqual([
      'outlook,machine_id=M1 headroom=0.5 1766059200000000000', 'sensor_reading,machine_id=M1,sensor_type=current,site=Lyon quality="good",unit="A",value=1 1766059200000000000',
    ])
  })

  test('an early window is overwritten by the whole one; nothing says something else beside it', async () => {
    const sink = await opened()
    await sink.write([summary(T0, 1, 'early')])
    await sink.write([{ ...summary(T0, 2, 'early'), end: T0 + 70_000 } as Summary])
    await sink.write([{ ...summary(T0, 3), end: T0 + 80_000 } as Summary])
    expect([...influx.points.values()].map(fields => Object.fromEntries(fields))).toEqual([{ mean: 3, status: 'whole', end: T0 + 80_000 }])
  })

  test('5,000 lines a request, compressed where they are long; no request where there is nothing', async () => {
    const sink = await opened()
    await sink.write([])
    await sink.write([{ kind: 'alarm' }])
    expect(sizes()).toEqual([])
    await sink.write(many(12_000))
    await sink.write([reading(T0 + 12_000)])
    expect(sizes()).toEqual([5_000, 5_000, 2_000, 1])
    expect(influx.writes.map(({ gzip }) => gzip)).toEqual([true, true, true, false])
    expect(influx.points.size).toBe(12_001)
  })
})

describe('whatever is written again overwrites itself', () => {
  const steps = fc.array(
    fc.record({ step: fc.constantFrom(0, 0, 1, 0.5), kind: fc.constantFrom('reading', 'reading', 'reading', 'alarm', 'rejected', 'summary'), machine: fc.constantFrom('A', 'B'), value: fc.integer({ min: 0, max: 5 }) }),
    { minLength: 1, maxLength: 30 },
  ).map((steps) => {
    let time = T0
    return steps.map(({ step, kind, machine, value }, i): Item => {
      time += step
      if (kind === 'alarm') return { kind, id: `i${i}`, occurrence: 'o', time, machine, rule: 'r', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'm', raisedAt: time, value, limit: 1 } as Item
      if (kind === 'rejected') return { kind, time: time - value, reason: 'late', detail: `d${i}`, reading: reading(time - value, value, machine) } as Item
      if (kind === 'summary') return { ...summary(T0 + 60_000 * i, value), machine } as Item
      return reading(time, value, machine)
    })
  })
  const kinds = ['reading', 'alarm', 'rejected', 'summary']

  test.prop([steps, fc.array(fc.record({ size: fc.integer({ min: 1, max: 6 }), then: fc.constantFrom('go on', 'go on', 'save', 'crash') }), { minLength: 1, maxLength: 20 })], { numRuns: 60 })(
    'in whatever batches, killed and begun again anywhere: one point for each item, the same as in one write', async (items, plan) => {
      influx.points.clear()
      const whole = await opened({ kinds })
      await whole.write(items)
      const expected = new Map(influx.points)
      expect(expected.size).toBe(items.length)

      influx.points.clear()
      let sink = await opened({ kinds })
      let saved = structuredClone(await sink.save())
      let savedAt = 0
      let at = 0
      for (let i = 0, crashes = 0; at < items.length; i++) {
        const { size, then } = plan[i % plan.length]!
        await sink.write(items.slice(at, at + size))
        at += size
        if (then === 'save') {
          saved = structuredClone(await sink.save())
          savedAt = at
        }
        if (then === 'crash' && crashes < 3) {
          crashes++
          sink = sinkOf({ kinds })
          await sink.open(saved)
          at = savedAt
        }
      }
      expect(influx.points).toEqual(expected)
    })

  test('all that the monitor makes of half an hour of faulty motors: what is in order is nanoseconds from its time, and no point hides another', async () => {
    const machines = simulatedMachines(2, 1)
    const readings: Reading[] = []
    await simulator({ machines, seed: 1, faults: randomFaults({ seed: 1, machines: machines.map(({ id }) => id) }), duration: 1_800_000 })
      .read(async ({ items }) => { for (const item of items) if (item.kind === 'reading') readings.push(item) }, { signal: new AbortController().signal })
    const outputs: Output[] = []
    from(readings).pipe(eventTime(monitor(reference))).subscribe(item => { outputs.push(item) })

    const kinds = ['reading', 'summary', 'alarm', 'anomaly', 'verdict', 'snapshot']
    const sink = await opened({ kinds })
    for (let at = 0; at < outputs.length; at += 997) await sink.write(outputs.slice(at, at + 997))
    const written = outputs.filter(({ kind }) => kinds.includes(kind))
    for (const kind of ['reading', 'summary', 'alarm', 'anomaly', 'snapshot']) expect(written.some(item => item.kind === kind)).toBe(true)
    expect(influx.points.size).toBe(written.length)
    for (const line of influx.writes.flatMap(({ lines }) => lines)) expect(Number(line.slice(-6)) % 1_000).toBeLessThan(5)
    expect(sink.refused).toEqual([])
  })

  test('a write that failed in the middle is written again from where it began', async () => {
    const stop = new AbortController()
    const sink = await opened({ signal: stop.signal })
    const items = Array.from({ length: 8_000 }, (_, i) => reading(T0 + Math.floor(i / 2), i))
    influx.play = (_, count) => count === 1 ? 'pass' : 'stored-reset'
    stop.abort()
    await messageOf(sink.write(items))
    expect(influx.points.size).toBe(8_000)
    influx.play = () => 'pass'
    await sink.write(items)
    expect(influx.points.size).toBe(8_000)
  })
})

describe('the server is away, busy or in trouble', () => {
  test.each(['reset', 'stored-reset', { status: 500, message: 'cache full' }, { status: 503 }, { status: 408 }, { status: 429 }] as const)('%j: again, until it is stored', async (play) => {
    influx.play = (_, count) => count <= 2 ? play : 'pass'
    const sink = await opened()
    await sink.write(many(3))
    expect(sizes()).toEqual([3, 3, 3])
    expect(influx.points.size).toBe(3)
    expect(statuses.map(({ state, attempts }) => [state, attempts])).toEqual([['waiting', 1], ['waiting', 2], ['back', 2]])
    const [first, second] = statuses as [InfluxStatus, InfluxStatus]
    expect(first.text).toContain(`waiting: ${influx.url} has not taken 3 lines since ${new Date(first.since).toISOString()} (`)
    if (typeof play === 'object') expect(first.text).toContain(`it answers ${play.status}`)
    expect(second.since).toBe(first.since)
    expect(statuses.every(({ text }) => !text.includes('\n') && !text.includes(token))).toBe(true)
    expect(sink.refused).toEqual([])
  })

  test.each([
    ['seconds', (): string => '1', 1_000, 1_500],
    ['a date', (): string => new Date(Date.now() + 2_000).toUTCString(), 900, 2_400],
  ] as const)('Retry-After in %s is kept to', async (_, header, least, most) => {
    influx.play = (_, count) => count === 1 ? { status: 429, headers: { 'retry-after': header() } } : 'pass'
    const sink = await opened()
    await sink.write(many(1))
    expect(influx.writes.length).toBe(2)
    const waited = influx.writes[1]!.at - influx.writes[0]!.at
    expect(waited).toBeGreaterThanOrEqual(least)
    expect(waited).toBeLessThan(most)
  })

  test('it waits longer each time', async () => {
    influx.play = (_, count) => count <= 5 ? { status: 503 } : 'pass'
    const sink = await opened()
    await sink.write(many(1))
    const waits = influx.writes.slice(1).map(({ at }, i) => at - influx.writes[i]!.at)
    for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(50 * 2 ** i - 2)
  })

  test('a server that never answers is asked again, and the request that it hangs on is broken off', async () => {
    influx.play = (_, count) => count === 1 ? 'hang' : 'pass'
    const sink = await opened({ timeout: 200 })
    await sink.write(many(1))
    expect(statuses[0]?.text).toContain('(no answer within 0.2 s)')
    await vi.waitFor(() => expect(influx.aborted()).toBe(1))
  })

  test('open waits for a server that is not up yet', async () => {
    await influx.stop()
    const opening = opened()
    await sleep(250)
    expect(statuses.at(-1)?.text).toMatch(/has not told of the bucket 'motor_bucket' since .* \(.*ECONNREFUSED/)
    await influx.start()
    await (await opening).write(many(1))
    expect(influx.points.size).toBe(1)
  })

  test('a server that goes away and comes back under load: everything, once', async () => {
    const sink = await opened()
    const items = many(40_000)
    influx.play = (_, count) => {
      // away until the sink has found that out
      if (count === 3) setTimeout(() => void influx.stop().then(() => vi.waitFor(() => { expect(statuses).not.toEqual([]) }, 10_000)).then(() => influx.start()), 0)
      return 'pass'
    }
    for (let at = 0; at < items.length; at += 2_500) await sink.write(items.slice(at, at + 2_500))
    expect(influx.points.size).toBe(40_000)
    expect(statuses.at(-1)?.state).toBe('back')
  })

  test('without `onStatus` the first failure and the return are warnings', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    onTestFinished(() => warn.mockRestore())
    influx.play = (_, count) => count <= 2 ? { status: 503 } : 'pass'
    const sink = influxSink({ url: influx.url, token, org, bucket, kinds: ['reading'], deadLetters: memorySink() })
    await sink.open()
    await sink.write(many(1))
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining('waiting: '), expect.stringContaining('is back after ')])
  })

  test('told to stop while it waits: it waits no longer', async () => {
    const stop = new AbortController()
    influx.play = () => ({ status: 503, headers: { 'retry-after': '3600' } })
    const sink = await opened({ signal: stop.signal })
    const writing = messageOf(sink.write(many(2)))
    await vi.waitFor(() => expect(statuses.length).toBe(1))
    stop.abort()
    expect(await writing).toMatch(/^influx sink: http:\S+ has not taken 2 lines since \S+ \(it answers 503\); it was told to wait no longer, and what is not stored is written again by a run from the last checkpoint$/)
  })

  test('told to stop while a further attempt hangs: that is broken off', async () => {
    const stop = new AbortController()
    influx.play = (_, count) => count === 1 ? { status: 503 } : 'hang'
    const sink = await opened({ signal: stop.signal })
    const writing = messageOf(sink.write(many(2)))
    await vi.waitFor(() => expect(sizes()).toEqual([2, 2]))
    stop.abort()
    expect(await writing).toContain('it was told to wait no longer')
  })

  test('told to stop while all is well: the request in hand is finished', async () => {
    const stop = new AbortController()
    const sink = await opened({ signal: stop.signal })
    const writing = sink.write(many(7_000))
    stop.abort()
    await writing
    expect(influx.points.size).toBe(7_000)
  })

  test('closed while a request hangs: it is broken off', async () => {
    influx.play = () => 'hang'
    const sink = await opened()
    const writing = messageOf(sink.write(many(1)))
    await vi.waitFor(() => expect(sizes()).toEqual([1]))
    await sink.close(false)
    expect(await writing).toContain('has not taken 1 line since')
    await vi.waitFor(() => expect(influx.aborted()).toBe(1))
  })

  test('a run that is told to stop while the server is away ends, and the next one goes on: nothing lost, none twice', async () => {
    const items = many(300)
    const read = async (from: number, accept: (from: number) => Promise<void>, aborted: () => boolean): Promise<boolean> => {
      for (let at = from; at < items.length && !aborted(); at += 10) await accept(at)
      return !aborted()
    }
    let saved: unknown
    const store = { name: 'memory', load: async () => saved as never, peek: async () => undefined, save: async (checkpoint: unknown) => { saved = structuredClone(checkpoint) }, release: async () => {} }
    const once = (stop: AbortController): Promise<unknown> => run({
      source: {
        name: 'list',
        read: (accept, { from, signal }) => read((from ?? 0) as number, at => accept({ items: items.slice(at, at + 10), position: at + 10 }), () => signal.aborted),
      },
      pipeline: () => readings => readings,
      sinks: [sinkOf({ signal: stop.signal })],
      checkpoints: { store, every: 0 },
      signal: stop.signal,
    })
    const stop = new AbortController()
    influx.play = (_, count) => count < 10 ? 'pass' : 'reset'
    const ending = messageOf(once(stop))
    await vi.waitFor(() => expect(statuses.length).toBeGreaterThan(0))
    stop.abort()
    expect(await ending).toMatch(/^sink 'influx:motor_org\/motor_bucket': influx sink: .* has not taken 10 lines/)
    influx.play = () => 'pass'
    expect(await once(new AbortController())).toEqual({ ended: true, resumed: true })
    expect(influx.points.size).toBe(300)
  })
})

describe('refused points', () => {
  const conflict = 'field type conflict: input field "value" on measurement "sensor_reading" is type float, already exists as type string'

  test.prop([fc.uniqueArray(fc.nat(299), { maxLength: 12 }), fc.boolean(), fc.constantFrom(422, 400, 413)], { numRuns: 40 })(
    'exactly they are dead letters, and all others are stored', async (bad, partial, status) => {
      influx.points.clear()
      influx.partial = partial
      influx.writes.length = 0
      const isBad = (line: string): boolean => bad.some(index => line.includes(`value=${index} `))
      influx.refuses = line => status === 422 && isBad(line) ? conflict : undefined
      influx.play = lines => status !== 422 && lines.some(isBad) ? { status, message: 'unable to parse' } : 'pass'
      const sink = await opened()
      await sink.write(many(300))
      expect(sink.refused.map(({ reading }) => reading?.value)).toEqual([...bad].sort((a, b) => a - b))
      expect(influx.points.size).toBe(300 - bad.length)
      expect([...influx.points.values()].some(fields => bad.includes(fields.get('value') as number))).toBe(false)
      // two requests for each halving on the way to each of them
      expect(influx.writes.length).toBeLessThanOrEqual(1 + 2 * 9 * bad.length)
    })

  test('a dead letter says why, holds the reading and the line, and comes back from JSON', async () => {
    influx.refuses = () => conflict
    const sink = await opened()
    await sink.write([reading(T0, 5)])
    const [letter] = sink.refused as [Rejected]
    expect(letter).toEqual({
      kind: 'rejected', time: T0, reason: 'refused', reading: reading(T0, 5),
      detail: `influx motor_org/motor_bucket: failure writing points to database: partial write: ${conflict} dropped=1`,
      raw: 'sensor_reading,machine_id=M1,sensor_type=current quality="good",unit="A",value=5 1766059200000000000',
    })
    expect(decodeItem(JSON.parse(encodeItem(letter)))).toEqual({ _tag: 'Right', right: letter })
  })

  test('a long reason keeps its end, which says why', async () => {
    influx.play = () => ({ status: 400, message: `unable to parse '${'x'.repeat(2_000)}\n': missing fields` })
    const sink = await opened()
    await sink.write(many(1))
    expect(sink.refused[0]?.detail).toMatch(/^influx motor_org\/motor_bucket: unable to parse 'xxx.* \.\.\. xxx.* ': missing fields$/)
    expect(sink.refused[0]!.detail.length).toBeLessThan(340)
  })

  test('where the server has refused all, it is not asked again for each', async () => {
    influx.refuses = () => 'points beyond retention policy'
    const sink = await opened()
    await sink.write(many(6_000))
    expect(sizes()).toEqual([5_000, 1_000])
    expect(sink.refused.length).toBe(6_000)
    expect(influx.points.size).toBe(0)
  })

  test('a time that the server cannot hold is not sent to it', async () => {
    const sink = await opened()
    await sink.write([reading(T0), reading(253_402_300_799_000, 9)])
    expect(influx.points.size).toBe(1)
    expect(sink.refused).toMatchObject([{ time: 253_402_300_799_000, reading: { value: 9 }, detail: expect.stringContaining('time is 253402300799000; expected epoch milliseconds in the years 1678 to 2261') }])
  })

  test('the dead letters are saved, opened and closed with the sink', async () => {
    influx.refuses = line => line.includes('value=1 ') || line.includes('value=3 ') ? conflict : undefined
    const letters = memorySink<Rejected>()
    const closed: boolean[] = []
    const deadLetters: Sink<Rejected> = { ...letters, close: async (completed) => { closed.push(completed) } }
    const sink = await opened({ deadLetters })
    await sink.write(many(2))
    const saved = structuredClone(await sink.save())
    await sink.write(many(4).slice(2))
    expect(letters.items.length).toBe(2)
    const again = sinkOf({ deadLetters })
    await again.open(saved)
    expect(letters.items.length).toBe(1)
    await again.write(many(4).slice(2))
    expect(letters.items.map(({ reading }) => reading?.value)).toEqual([1, 3])
    await again.close(true)
    expect(closed).toEqual([true])
  })

  test('a write whose dead letters cannot be written rejects, and may be done again', async () => {
    influx.refuses = line => line.includes('value=1 ') ? conflict : undefined
    const letters = memorySink<Rejected>()
    let full = true
    const sink = await opened({ deadLetters: { ...letters, write: items => full ? Promise.reject(new Error('disk full')) : letters.write(items) } })
    const items = [reading(T0, 0), reading(T0, 1), reading(T0, 2)]
    expect(await messageOf(sink.write(items))).toBe('disk full')
    full = false
    await sink.write(items)
    expect(letters.items.length).toBe(1)
    expect(influx.points.size).toBe(2)
  })
})

describe('what is wrong is said at once, in one line', () => {
  test.each<readonly [string, Options, RegExp]>([
    ['token', { token: 'wrong-one' }, /^influx sink: the token is not valid there: make one that may write to the bucket 'motor_bucket' .*and give it as 'token' \(http:\S+ answers 401 unauthorized access\)$/],
    ['org', { org: 'nobody' }, /^influx sink: there is no org 'nobody', or the token is not of it: .*answers 404 organization name "nobody" not found\)$/],
    ['bucket with a misleading name', { bucket: 'the org' }, /^influx sink: there is no bucket 'the org'/],
    ['org with a misleading name', { org: 'my bucket' }, /^influx sink: there is no org 'my bucket'/],
    ['bucket', { bucket: 'none' }, /^influx sink: there is no bucket 'none' in the org 'motor_org'.*influx bucket create --org motor_org --name none.*answers 404 bucket "none" not found\)$/],
  ])('%s', async (_, options, expected) => {
    const message = await messageOf(opened(options))
    expect(message).toMatch(expected)
    expect(message).not.toContain('wrong-one')
    expect(statuses).toEqual([])
  })

  test.each<readonly [number, RegExp]>([
    [403, /the token may not write to the bucket 'motor_bucket' of the org 'motor_org'/],
    [401, /the token is not valid there/],
    [404, /look whether 'url' is that of the server itself/],
    [200, /that is no answer of InfluxDB 2 to a write, which is 204/],
    [301, /look whether 'url'/],
  ])('%d in the middle of a run', async (status, expected) => {
    const sink = await opened()
    influx.play = () => ({ status, message: '"of a proxy"' })
    expect(await messageOf(sink.write(many(1)))).toMatch(expected)
    expect(sizes()).toEqual([1])
  })

  test('a server that is none of HTTP is waited for, and says why', async () => {
    const server = createServer(socket => socket.end('220 smtp\r\n'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const stop = new AbortController()
    const opening = messageOf(opened({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, signal: stop.signal }))
    await vi.waitFor(() => expect(statuses.length).toBeGreaterThan(0))
    stop.abort()
    expect(await opening).toContain('Parse Error')
  })

  test.each<readonly [Options, string]>([
    [{ url: 'localhost' }, 'url is none'],
    [{ url: 'ftp://localhost' }, 'url begins with ftp://'],
    [{ url: 'http://me:hidden@localhost' }, 'url holds a user name or a password'],
    [{ token: '' }, 'token is empty'],
    [{ token: 'the-secret-token\n' }, 'token holds a space, a line break'],
    [{ org: '' }, 'org is empty'],
    [{ bucket: '' }, 'bucket is empty'],
    [{ create: { retention: 60_000 } }, 'create.retention is 60000 ms; expected whole seconds, an hour'],
    [{ timeout: 0 }, 'timeout is 0 ms'],
  ])('%j', (options, expected) => {
    expect(() => sinkOf(options)).toThrow(expected)
    expect(() => sinkOf(options)).not.toThrow(/hidden|the-secret-token/)
  })

  test('a state that is none', async () => {
    expect(await messageOf(sinkOf().open({ file: 3 }))).toContain('cannot resume in \'motor_bucket\': the saved state is {"file":3}')
  })
})

describe('the bucket', () => {
  test.each([[30 * 86_400_000, 2_592_000], [Infinity, 0]])('is made where it is not there, with a retention of %d ms', async (retention, seconds) => {
    const sink = await opened({ bucket: 'new one', create: { retention } })
    expect(influx.buckets.get('new one')).toBe(seconds)
    await sink.write(many(1))
    expect(influx.points.size).toBe(1)
  })

  test('one that is there stays as it is', async () => {
    influx.buckets.set(bucket, 7)
    await opened({ create: { retention: Infinity } })
    expect(influx.buckets).toEqual(new Map([[bucket, 7]]))
  })

  test('a wrong org is not taken for a bucket to be made', async () => {
    expect(await messageOf(opened({ org: 'nobody', create: { retention: Infinity } }))).toContain('there is no org \'nobody\'')
  })
})
