import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from './start/free-ports.js'
import { startKafka } from './start/index.js'
import type { Kafka } from './start/index.js'
import { factoryRun } from './factory-run.js'
import { committed, createTopics, send } from './kafka/topic.js'
import { needsToStart } from './needs.js'

const own = await needsToStart('kafka')
const root = join(import.meta.dirname, '../..')

describe.skipIf(own.missing !== undefined)('the main job on Kafka', () => {
  let dir: string
  let kafka: Kafka
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-job-'))
    kafka = await startKafka()
  })
  afterAll(async () => {
    await kafka.stop()
    await rm(dir, { recursive: true, force: true })
  })

  test('serves metrics and health while it runs, and prints lines for machines', async () => {
    const [port] = await freePorts(1)
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'examples/factory.ts'), '--out', join(dir, 'run')], {
      cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, MOTORWATCH_KAFKA_BROKERS: kafka.brokers.join(), MOTORWATCH_HTTP: String(port), MOTORWATCH_LOG: 'json' },
    })
    const exited = once(child, 'exit')
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
    const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
      for (const end = Date.now() + 60_000; !(await what()); await sleep(200)) if (Date.now() > end || child.exitCode !== null) throw new Error(`it did not come to that; it printed:\n${output}`)
    }
    const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`)
    try {
      await until(() => (output.match(/"partition-taken"/g) ?? []).length === 6)
      const topics = ['sensor_temperature_stream', 'sensor_vibration_stream', 'sensor_electrical_stream', 'sensor_pressure_stream']
      const sensors = [['temperature_coil', 130], ['vibration_rotor', 1], ['current', 20], ['pressure', 2_000]] as const
      const at = Date.now() - 60_000
      for (const [i, [sensor, value]] of sensors.entries())
        await send(kafka.brokers, topics[i]!, 0, [...Array.from({ length: 20 }, (_, second) => JSON.stringify({ timestamp: new Date(at + second * 1_000).toISOString(), machine_id: 'm', sensor_type: sensor, value })), 'damaged'])
      const metric = async (line: string): Promise<boolean> => (await (await ask('/metrics')).text()).includes(`${line}\n`)
      await until(() => metric('motorwatch_alarms{status="unacknowledged",severity="high"} 1'))
      expect(await metric('messaging_client_consumed_messages_total{partition="0"} 84')).toBe(true)
      expect(await metric('motorwatch_rejected_total{reason="undecodable"} 4')).toBe(true)
      expect(await metric('motorwatch_lag_messages{partition="0"} 0')).toBe(true)
      const health = await ask('/health')
      expect([health.status, await health.json()]).toEqual([200, { state: 'healthy', waits: [], text: 'healthy' }])
    } finally {
      child.kill('SIGTERM')
      await exited
    }
    expect(child.exitCode).toBe(0)
    const lines = output.trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly event?: string; readonly alarm?: { readonly state: string; readonly machine: string } })
    expect(lines.find(({ event }) => event === 'alarm')).toMatchObject({ alarm: { state: 'raised', machine: 'm' }, partition: '0' })
    expect(lines.filter(({ event }) => event === 'partition-left')).toHaveLength(6)

    const next = (...args: readonly string[]) => factoryRun([...args, '--out', join(dir, 'run')], { MOTORWATCH_KAFKA_BROKERS: kafka.brokers.join() })
    const dry = await next('--dry-run', '--rules', 'reference')
    expect([dry.code, dry.err, dry.out]).toEqual([0, '', expect.stringMatching(/^dry run, nothing is written: Kafka at .*\ndone: nothing was written\n$/s)])
    expect(dry.out).not.toMatch(/high-temperature/) // which was told of before the checkpoint
    const rewound = await next('--rewind', 'earliest')
    expect([rewound.code, rewound.err]).toEqual([0, ''])
    expect(rewound.out).toMatch(/-- partition 0 begins at sensor_temperature_stream 0, /)
    const wet = await next('--dry-run')
    expect([wet.code, wet.err]).toEqual([0, ''])
    expect(wet.out).toMatch(/m.*temperature_coil.*120/)
    const repaired = await next('--repair')
    expect([repaired.code, repaired.err]).toEqual([0, ''])
    const events = (await committed(kafka.brokers, 'anomaly_events')).length
    expect(await next('--until', 'caught-up')).toMatchObject({ code: 0, err: '' })
    expect(await committed(kafka.brokers, 'anomaly_events')).toHaveLength(events)
  })

  test('judges machines by the nameplates of its register', async () => {
    const [rules, register] = [join(dir, 'rules.json'), join(dir, 'machines.json')]
    await writeFile(rules, JSON.stringify({ rules: [{ id: 'over', severity: 'high', class: 'electrical', when: { op: 'above', signal: 'current', limit: '$ratedCurrent' } }] }))
    await writeFile(register, JSON.stringify({ machines: [{ id: 'small', nameplate: { ratedCurrent: 20 } }, { id: 'large', nameplate: { ratedCurrent: 30 } }, { id: 'silent', expectedSince: '2026-01-05T06:00:00Z' }] }))
    const at = Date.now() - 60_000
    await createTopics(kafka.brokers, ['sensor_electrical_stream'], 6)
    for (const machine of ['small', 'large', 'unknown'])
      await send(kafka.brokers, 'sensor_electrical_stream', 1, Array.from({ length: 20 }, (_, second) => JSON.stringify({ timestamp: new Date(at + second * 1_000).toISOString(), machine_id: machine, sensor_type: 'current', value: 25 })))
    const run = await factoryRun(['--until', 'caught-up', '--rules', rules, '--register', register, '--out', join(dir, 'registered')], { MOTORWATCH_KAFKA_BROKERS: kafka.brokers.join(), MOTORWATCH_KAFKA_GROUP: 'registered' }, 120_000)
    expect([run.code, run.err], run.out).toEqual([0, ''])
    expect(run.out).toContain('-- expectedSince of silent is not looked at')
    const raised = (await committed(kafka.brokers, 'anomaly_events')).map(({ value }) => JSON.parse(value) as { readonly rule: string; readonly machine: string; readonly state: string }).filter(({ rule }) => rule === 'over')
    expect(raised.map(({ machine, state }) => [machine, state])).toEqual([['small', 'raised']])
  })
})
