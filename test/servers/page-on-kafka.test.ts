import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Alarm, Answer } from '../../src/model/index.js'
import type { AlarmView } from '../../src/page/index.js'
import { simulatedMachines, simulatedNameplate } from '../../src/sources/simulator.js'
import { committed, createTopics, send } from './kafka/topic.js'
import { needsToStart } from './needs.js'
import { pageEvents } from './page-events.js'
import type { PageEvents } from './page-events.js'
import { startKafka } from './start/index.js'
import type { Kafka } from './start/index.js'

const own = await needsToStart('kafka')
const root = join(import.meta.dirname, '../..')

interface Job {
  readonly child: ChildProcess
  readonly output: () => string
  /** Of a worker: the lines that it has printed of what happens. */
  readonly told: () => readonly { readonly event?: string; readonly partition?: string; readonly alarm?: Alarm }[]
  kill(signal?: NodeJS.Signals): Promise<void>
}

function job(brokers: readonly string[], args: readonly string[], env: Readonly<Record<string, string>> = {}): Job {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'examples/factory.ts'), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, MOTORWATCH_KAFKA_BROKERS: brokers.join(), ...env } })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
  const running: Job = {
    child,
    output: () => output,
    told: () => output.split('\n').slice(0, -1).map((line) => JSON.parse(line) as ReturnType<Job['told']>[number]),
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    },
  }
  onTestFinished(() => running.kill())
  return running
}

async function page(brokers: readonly string[], args: readonly string[]): Promise<{ readonly process: Job; readonly seen: PageEvents }> {
  const process = job(brokers, ['--page', '--port', '0', ...args])
  for (const end = Date.now() + 60_000; !process.output().includes('the page is at'); await sleep(100)) if (Date.now() > end || process.child.exitCode !== null) throw new Error(`no page; it printed:\n${process.output()}`)
  const seen = pageEvents(/the page is at (\S+)/.exec(process.output())![1]!)
  onTestFinished(() => { seen.close() })
  return { process, seen }
}

/** Those of the rules of the test. */
const ours = ({ alarms }: PageEvents): readonly AlarmView[] => alarms.filter(({ rule }) => rule.startsWith('voltage-'))

/** What stands by the topic alone: the last transition of each alarm that has not gone back to normal. */
async function standing(brokers: readonly string[]): Promise<readonly string[]> {
  const last = new Map<string, Alarm>()
  for (const { value } of await committed(brokers, 'anomaly_events')) {
    const alarm = JSON.parse(value) as Alarm
    last.set(`${alarm.machine} ${alarm.rule}`, alarm)
  }
  return [...last.values()].filter(({ status }) => status !== 'normal').map(({ occurrence, status, by = '' }) => `${occurrence} ${status} ${by}`).sort()
}

const { Partitioners } = kafkajs

/** Where Kafka's own clients place a name. */
const placeOf = (name: string, partitions: number): number =>
  Partitioners.DefaultPartitioner()({ topic: 't', partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] })), message: { key: name, value: '' } })

const shown = (alarms: readonly AlarmView[]): readonly string[] => alarms.map(({ occurrence, status, by = '' }) => `${occurrence} ${status} ${by}`).sort()

describe.skipIf(own.missing !== undefined)('the page on Kafka', () => {
  let dir: string
  let kafka: Kafka
  let settings: { readonly rules: readonly string[]; readonly page: readonly string[] }
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motorwatch-page-'))
    const voltage = (id: string, limit: number): object => ({ id, severity: 'medium', when: { op: 'above', signal: 'voltage', limit } })
    const machines = simulatedMachines(6, 1).map((machine) => ({ id: machine.id, nameplate: simulatedNameplate(machine) }))
    const [rules, register] = [join(dir, 'rules.json'), join(dir, 'machines.json')]
    await writeFile(register, JSON.stringify({ machines }))
    await writeFile(rules, JSON.stringify({ rules: [voltage('voltage-present', 300), voltage('voltage-high', 350)] }))
    settings = { rules: ['--rules', rules], page: ['--rules', rules, '--register', register] }
    kafka = await startKafka()
  })
  afterAll(async () => {
    await kafka.stop()
    await rm(dir, { recursive: true, force: true })
  })

  test('two workers are one plant, commands are answered, and what stands is there whatever is killed', { timeout: 300_000 }, async () => {
    const { brokers } = kafka
    const { process: first, seen } = await page(brokers, settings.page)
    await seen.until('there is no worker', () => seen.pulse?.alarms?.state === 'unwatched')
    expect(seen.pulse?.alarms?.why).toMatch(/there is no topic .*anomaly_events.*: no worker has run/)
    expect((await seen.post({ name: 'acknowledge', machine: 'm', by: 'Sri' }))[1]).toContain('there is no such topic')

    const workers = [0, 1].map(() => job(brokers, [...settings.rules, '--out', join(dir, 'run')], { MOTORWATCH_LOG: 'json' }))
    job(brokers, ['--feed', '--machines', '6', '--speed', '10', '--duration', '10h'])
    await seen.until('two workers are at work', () => seen.pulse?.alarms?.state === 'known' && seen.pulse.alarms.workers === 2)
    await seen.until('each machine has both alarms, runs or stands still, and has its nearest limit', () => ours(seen).filter(({ status }) => status === 'unacknowledged').length === 12 && seen.machines.length === 6
      && seen.machines.every(({ state, nearest, sensors }) => state !== 'unknown' && nearest !== undefined && sensors['voltage'] !== undefined), 90_000)
    expect(new Set(seen.alarms.map(({ machine }) => machine)).size).toBe(6)
    expect(seen.machines.some(({ state }) => state === 'running')).toBe(true)
    const makers = workers.map(({ told }) => new Set(told().flatMap(({ alarm }) => (alarm?.state === 'raised' ? [alarm.machine] : []))))
    expect(makers.map(({ size }) => size > 0)).toEqual([true, true])

    const machine = [...makers[0]!][0]!
    const which = { machine, rule: 'voltage-present' }
    const is = (rule: string, status: string): boolean => seen.alarms.some((alarm) => alarm.machine === machine && alarm.rule === rule && alarm.status === status)
    const answers = (): readonly (readonly [name: string, accepted: boolean, reason: string | undefined])[] => seen.events.flatMap((event) => (event.is === 'answer' ? [[event.command.name, event.accepted, event.reason] as const] : []))
    expect(await seen.post({ name: 'acknowledge', ...which, by: 'Sri' })).toEqual([202, expect.stringContaining('taken')])
    await seen.until('it is acknowledged and answered', () => is('voltage-present', 'acknowledged') && answers().length === 1)
    expect(answers()).toEqual([['acknowledge', true, undefined]])
    expect(seen.alarms.find((alarm) => alarm.machine === machine && alarm.rule === 'voltage-present')).toMatchObject({ by: 'Sri', commands: true })
    expect((await seen.post({ name: 'acknowledge', ...which, by: 'Budi' }))[0]).toBe(202)
    await seen.until('the second one is refused', () => answers().length === 2)
    expect(answers()[1]).toEqual(['acknowledge', false, expect.stringMatching(/acknowledged/)])

    await workers[0]!.kill()
    expect(is('voltage-present', 'acknowledged')).toBe(true)
    expect((await seen.post({ name: 'shelve', machine, rule: 'voltage-high', by: 'Sri', for: 3_600_000 }))[0]).toBe(202)
    await seen.until('the other worker has taken over, and shelved it', () => is('voltage-high', 'shelved') && answers().length === 3, 90_000)
    expect(is('voltage-present', 'acknowledged')).toBe(true)

    const before = shown(ours(seen))
    expect(before).toHaveLength(12)
    await first.kill()
    const { seen: again } = await page(brokers, settings.page)
    await again.until('all that stands is there again', () => again.pulse?.alarms?.state === 'known' && ours(again).length === 12)
    expect(shown(ours(again))).toEqual(before)
    expect(again.events.filter((event) => event.is === 'answer')).toHaveLength(3)
    await again.until('what machines do is known again', () => again.machines.length === 6 && again.machines.every(({ state }) => state !== 'unknown'))

    await workers[1]!.kill()
    await again.until('nobody watches', () => again.pulse?.alarms?.state === 'unwatched', 60_000)
    await again.until('what was not judged is counted', () => again.pulse!.alarms!.behind > 0)
    expect(shown(again.alarms)).toEqual(await standing(brokers))
    // Each command went to one worker alone.
    expect((await committed(brokers, 'motorwatch_answers')).map(({ value }) => (JSON.parse(value) as Answer).command.by)).toEqual(['Sri', 'Budi', 'Sri'])

    await kafka.kill('SIGKILL')
    await again.until('Kafka does not answer', () => again.pulse?.alarms?.state === 'lost', 20_000)
    expect(ours(again)).toHaveLength(12)
    const [status, words] = await again.post({ name: 'reset', ...which, by: 'Sri' })
    expect([status, words]).toEqual([500, expect.stringMatching(/it could not be kept: kafka: .*ECONNREFUSED/)])
    const { readings } = again.pulse!
    await kafka.restart()
    await again.until('Kafka is back', () => again.pulse?.alarms?.state === 'unwatched', 60_000)
    await again.until('readings come again', () => again.pulse!.readings > readings + 1_000, 60_000)
    job(brokers, [...settings.rules, '--out', join(dir, 'run')], { MOTORWATCH_LOG: 'json' })
    await again.until('a worker is at work again', () => again.pulse?.alarms?.state === 'known' && again.pulse.alarms.workers === 1, 90_000)
    expect((await again.post({ name: 'unshelve', machine, rule: 'voltage-high', by: 'Sri' }))[0]).toBe(202)
    await again.until('it is answered', () => again.events.filter((event) => event.is === 'answer').length === 4, 90_000)
  })

  test('a command goes to the partition that its machine is in, wherever Kafka would have placed its name', { timeout: 180_000 }, async () => {
    const { brokers } = kafka
    const topics = [['sensor_temperature_stream', 'temperature_coil', 60], ['sensor_vibration_stream', 'vibration_rotor', 1], ['sensor_electrical_stream', 'voltage', 400], ['sensor_pressure_stream', 'pressure', 2_000]] as const
    await createTopics(brokers, topics.map(([topic]) => topic), 6) // those that are there stay
    const machine = 'moved'
    const partition = (placeOf(machine, 6) + 1) % 6
    const start = Date.UTC(2027, 0, 5)
    const feed = async (from: number, to: number): Promise<void> => {
      for (const [topic, sensor, value] of topics)
        await send(brokers, topic, partition, Array.from({ length: to - from }, (_, i) => JSON.stringify({ timestamp: new Date(start + (from + i) * 1_000).toISOString(), machine_id: machine, sensor_type: sensor, value })), machine)
    }
    const { seen } = await page(brokers, settings.page)
    job(brokers, [...settings.rules, '--out', join(dir, 'run')], { MOTORWATCH_LOG: 'json' })
    await seen.until('a worker is at work', () => seen.pulse?.alarms?.state === 'known' && seen.pulse.alarms.workers === 1, 90_000)
    await feed(0, 120)
    await seen.until('its alarm stands', () => seen.alarms.some((alarm) => alarm.machine === machine && alarm.rule === 'voltage-high'))
    expect((await seen.post({ name: 'acknowledge', machine, rule: 'voltage-high', by: 'Sri' }))[0]).toBe(202)
    await feed(120, 240)
    await seen.until('it is answered', () => seen.events.some((event) => event.is === 'answer' && event.machine === machine))
    expect(seen.events.filter((event) => event.is === 'answer' && event.machine === machine)).toMatchObject([{ accepted: true, command: { by: 'Sri' } }])
    expect(seen.alarms.find((alarm) => alarm.machine === machine && alarm.rule === 'voltage-high')).toMatchObject({ status: 'acknowledged' })
  })
})
