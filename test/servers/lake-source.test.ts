import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { above, below, decoder, detected, rule } from 'motorwatch'
import type { Item, Reading } from 'motorwatch'
import { wearChart } from 'motorwatch/detectors'
import { lakeSink, rawSink } from 'motorwatch/sinks/minio'
import type { S3Connection } from 'motorwatch/sinks/minio'
import { lakeSource } from 'motorwatch/sources/minio'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { s3 } from '../../src/s3/s3.js'
import { ranIn } from '../cli/ran.js'
import { collected } from '../sources/collected.js'
import { needsToStart } from './needs.js'
import { type S3, startMinio } from './start/index.js'

const bucket = 'test-lake-source'
const referenceFile = join(import.meta.dirname, '../../../shared/data/reference-sensor-data.jsonl')
const absent = existsSync(referenceFile) ? '' : ' (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'
const own = await needsToStart('minio')

describe.skipIf(own.missing)('a lake on S3 as a source', () => {
  let server: S3
  let connection: S3Connection
  let folder = ''
  const at = (name: string): string => join(folder, name)
  beforeAll(async () => {
    server = await startMinio()
    const { hostname, port } = new URL(server.endpoint)
    connection = { endPoint: hostname, port: Number(port), useSSL: false, accessKey: server.accessKey, secretKey: server.secretKey }
    folder = await mkdtemp(join(tmpdir(), 'motorwatch-lake-source-'))
    vi.stubEnv('MOTORWATCH_S3_ENDPOINT', server.endpoint)
    vi.stubEnv('MOTORWATCH_S3_ACCESS_KEY', server.accessKey)
    vi.stubEnv('MOTORWATCH_S3_SECRET_KEY', server.secretKey)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
    await server?.stop()
  })

  const at3 = (prefix: string) => ({ ...connection, bucket, prefix, create: true, rows: 1_000 })
  const written = async (sink: ReturnType<typeof lakeSink<Item>>, items: readonly Item[]): Promise<void> => {
    await sink.open()
    await sink.write(items)
    await sink.close(true)
  }
  /** By the last figure of the machine. */
  const inPartitions = (readings: readonly Reading[]): readonly (readonly [partition: string, readings: readonly Reading[]])[] =>
    [...new Set(readings.map(({ machine }) => machine.slice(-1)))].map((partition) => [partition, readings.filter(({ machine }) => machine.endsWith(partition))])

  describe.skipIf(absent !== '')(`the reference file, and what is in a lake of it${absent}`, () => {
    const wear = detected(wearChart, 'vibration_rotor', { every: '10s', params: { warmup: 30, persistence: 1 } })
    const lakes = ['passed-on', 'raw'] as const
    let readings: readonly Reading[] = []
    beforeAll(async () => {
      const { decodeLine } = decoder()
      readings = (await readFile(referenceFile, 'utf8')).split('\n').flatMap((line) => {
        const decoded = decodeLine(line)
        return decoded._tag === 'Right' ? [decoded.right] : []
      })
      await writeFile(at('rules.json'), JSON.stringify({ rules: [rule({ id: 'wears', when: above(wear, 1), clear: below(wear, 0.6) }), rule({ id: 'hot', when: above('temperature_coil', 62), onDelay: '30s', offDelay: '1m' })] }))
      await writeFile(at('truth.json'), JSON.stringify({ events: [{ machine: 'LINE_01_MOTOR_01', from: '2025-12-18T12:30:00Z', to: '2025-12-18T13:20:00Z' }] }))
      for (const [partition, each] of inPartitions(readings)) {
        await written(lakeSink<Item>({ ...at3('passed-on'), partition }), each)
        await written(rawSink<Item>(at3('raw')), each.map((reading, offset) => ({ ...reading, origin: { topic: 'sensor_stream', partition: Number(partition), offset } })))
      }
    })

    const asLines = (out: string): string => out.replace(/ readings read/, ' lines read')
    const learned = async (input: string) => {
      const out = at('learned.json')
      await rm(out, { force: true })
      const { code, out: said, error } = await ranIn(folder, ['learn', input, '--rules', at('rules.json'), '--out', out])
      return { code, error, said: asLines(said), register: JSON.parse(await readFile(out, 'utf8')) as unknown }
    }
    const replayed = async (input: string, ...more: readonly string[]) => {
      const { code, out, error } = await ranIn(folder, ['replay', input, '--rules', 'reference', '--against', at('rules.json'), ...more])
      return { code, error, said: asLines(out) }
    }

    test.each(lakes)('%s: learn, replay and evaluate give the same of both', async (prefix) => {
      const input = `s3://${bucket}/${prefix}`
      const file = await learned(referenceFile)
      expect(file.said).toContain('15141 lines read\n3 detectors of 3 machines')
      expect(await learned(input)).toEqual(file)

      const replay = await replayed(referenceFile)
      expect(replay.said).toMatch(/\d+ alarms: .*\n15141 lines read\n/)
      expect(await replayed(input)).toEqual(replay)

      const evaluated = async (of: string) => asLines((await ranIn(folder, ['evaluate', of, '--rules', at('rules.json'), '--truth', at('truth.json')])).out)
      expect(await evaluated(input)).toBe(await evaluated(referenceFile))
    })

    test.each(lakes)('%s: of a range, as of the same lines alone', async (prefix) => {
      const [from, until] = ['2025-12-18T12:45:00Z', '2025-12-18T13:10:00Z']
      const some = readings.filter(({ time }) => time >= Date.parse(from) && time < Date.parse(until))
      const range = ['--from', from, '--until', until]
      const [lake, file] = [await replayed(`s3://${bucket}/${prefix}`, ...range), await replayed(referenceFile, ...range)]
      expect(lake.said).toContain(`\n${some.length} lines read\n`)
      expect(file.said).toContain(`\n15141 lines read, ${15_141 - some.length} outside --from and --until\n`)
      expect(lake.said.split('\n').slice(0, -2)).toEqual(file.said.split('\n').slice(0, -2))
    })

    test('raw readings come with where they lay in the log', async () => {
      const { items } = await collected(lakeSource({ ...connection, bucket, prefix: 'raw' }))
      expect(items).toHaveLength(readings.length)
      for (const [partition, each] of inPartitions(items as readonly Reading[])) {
        expect(each.map(({ origin }) => origin)).toEqual(each.map((_, offset) => ({ topic: 'sensor_stream', partition: Number(partition), offset })))
      }
    })

    test('an object that is broken is named, the others are read', async () => {
      const store = s3('test', at3('passed-on'))
      await store.open()
      let path = ''
      for await (const each of store.list('reading/')) path = each
      const bytes = await store.get(path)
      await store.put(path, bytes!.subarray(0, 500))
      const { code, said } = await replayed(`s3://${bucket}/passed-on`)
      await store.put(path, bytes!)
      expect(code).toBe(0)
      expect(said).toContain(' lines read, 1 rejected: undecodable 1\n')
      expect(said).toContain(`the first that is undecodable: ${server.endpoint}/${bucket}/passed-on/${path}: this is no Parquet object of readings`)
      expect((await replayed(`s3://${bucket}/passed-on`)).said).toContain('15141 lines read\n')
    })
  })

  test('killed and started again while it is read, it is read on: all of it, once, and from each position the rest', async () => {
    const readings = Array.from({ length: 20_000 }, (_, i): Reading => ({ kind: 'reading', time: Date.UTC(2026, 0, 5) + i * 2_000, machine: `M${i % 4}`, sensor: 'current', value: i, quality: 'good' }))
    for (const [partition, each] of inPartitions(readings)) await written(lakeSink<Item>({ ...at3('killed'), partition }), each)
    const waits: string[] = []
    const source = lakeSource({ ...connection, bucket, prefix: 'killed', timeout: 1_000, onWaiting: (waiting) => { waits.push(waiting?.why ?? 'on') } })
    const items: Item[] = []
    const positions: unknown[] = []
    let away: Promise<void> | undefined
    const ended = await source.read(async (batch) => {
      items.push(...batch.items)
      positions.push(batch.position)
      if (positions.length % 8 !== 3) return
      await away
      const stopped = positions.length % 16 === 3
      await server.kill(stopped ? 'SIGSTOP' : 'SIGKILL')
      away = sleep(2_000).then(() => (stopped ? server.kill('SIGCONT') : server.restart()))
    }, { signal: new AbortController().signal })
    await away
    expect(ended).toBe(true)
    expect(items).toEqual(readings)
    expect(waits.filter((why) => why === 'on').length).toBeGreaterThanOrEqual(2)
    for (const [i, from] of [...positions.entries()].filter(([i]) => i % 5 === 0)) {
      const before = (positions.slice(0, i + 1) as readonly { readonly hour: string; readonly rows: number }[]).reduce((rows, each) => rows.set(each.hour, each.rows), new Map<string, number>())
      const { items: rest } = await collected(source, { from })
      expect(rest).toEqual(readings.slice([...before.values()].reduce((sum, rows) => sum + rows, 0)))
    }
  })

  describe('what is wrong is one line, and exit code 2', () => {
    const wrong = async (input: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
      const before = Object.keys(env).map((name) => [name, process.env[name]!] as const)
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
      const { code, error } = await ranIn(folder, ['replay', input, '--rules', 'reference', '--against', 'reference'])
      for (const [name, value] of before) vi.stubEnv(name, value)
      expect(code).toBe(2)
      expect(error.split('\n')).toHaveLength(3)
      for (const secret of [server.accessKey, server.secretKey, 'another-secret-key']) expect(error).not.toContain(secret)
      return error
    }

    test('the bucket, the prefix, the keys, the address', async () => {
      await s3('test', at3('')).open()
      expect(await wrong('s3://no-such-bucket/x')).toContain(`there is no bucket 'no-such-bucket' at ${server.endpoint}: check its name and the address`)
      expect(await wrong(`s3://${bucket}/nothing-here`)).toContain(`s3://${bucket}/nothing-here: there are no readings in '${server.endpoint}/${bucket}/nothing-here/'; expected objects in folders reading/day=`)
      expect(await wrong(`s3://${bucket}`, { MOTORWATCH_S3_SECRET_KEY: 'another-secret-key' })).toContain('check accessKey and secretKey (MOTORWATCH_S3_ACCESS_KEY, MOTORWATCH_S3_SECRET_KEY)')
      expect(await wrong(`s3://${bucket}`, { MOTORWATCH_S3_ENDPOINT: server.endpoint.replace('http:', 'https:') })).toContain('does not speak TLS')
      expect(await wrong(`s3://${bucket}`, { MOTORWATCH_S3_ENDPOINT: 'http://127.0.0.1:9' })).toContain('no server answers at http://127.0.0.1:9')
    })
  })
})
