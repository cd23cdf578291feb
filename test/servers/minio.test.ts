import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compactLake, lakeSink, oldestS3Checkpoint, s3Checkpoints, type S3Connection } from '../../src/sinks/minio.js'
import { s3 } from '../../src/s3/s3.js'
import { READINGS, ROWS } from './lake-log.js'
import { needsToStart } from './needs.js'
import { type S3, startMinio, startSeaweedfs } from './start/index.js'

const TOPICS = ['sensor_pressure_stream', 'sensor_electrical_stream']
const bucket = 'test-lake'
const worker = new URL('lake-worker.ts', import.meta.url)
const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const servers = [
  { name: 'minio', start: startMinio, own: await needsToStart('minio') },
  { name: 'seaweedfs', start: startSeaweedfs, own: await needsToStart('seaweedfs') },
]

describe('S3', () => {
  describe.each(servers.filter(({ own }) => own.missing === undefined))('$name', ({ name: kind, start }) => {
    let server: S3
    let connection: S3Connection
    beforeAll(async () => {
      server = await start()
      const { hostname, port } = new URL(server.endpoint)
      connection = { endPoint: hostname, port: Number(port), useSSL: false, accessKey: server.accessKey, secretKey: server.secretKey }
    })
    afterAll(() => server?.stop())
    const of = (prefix: string) => s3('test', { ...connection, bucket, prefix })

    test('what is wrong is told at once; a bucket is made on request', async () => {
      const opened = (more: object): Promise<void> => lakeSink({ ...connection, bucket, ...more }).open()
      await expect(opened({})).rejects.toThrow(/there is no bucket 'test-lake' at http:/)
      await expect(opened({ create: true })).resolves.toBeUndefined()
      await expect(opened({ create: true })).resolves.toBeUndefined()
      await expect(opened({ secretKey: 'another-secret' })).rejects.toThrow(/check accessKey and secretKey/)
      await expect(opened({ accessKey: 'nobody' })).rejects.toThrow(/check accessKey and secretKey/)
      await expect(opened({ endPoint: 'no-such-host.invalid' })).rejects.toThrow(/no host of that name/)
      await expect(opened({ useSSL: true })).rejects.toThrow(/does not speak TLS: use its TLS port, or leave out `useSSL`/)
    })

    test('one epoch has one owner', async () => {
      const stores = Array.from({ length: 4 }, () => s3Checkpoints({ ...connection, bucket, prefix: 'checkpoints/race' }))
      await Promise.all(stores.map(store => store.load()))
      const checkpoint = { source: 's', position: 1, timeline: new Uint8Array(1), sinks: new Map(), pipeline: '', ended: false }
      const saves = await Promise.allSettled(stores.map(store => store.save(checkpoint)))
      expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(saves.filter(save => save.status === 'rejected' && /another run has taken over/.test(String(save.reason)))).toHaveLength(3)
    })

    /** Runs a worker until it ends, or is killed when it has come so far. */
    const work = async (prefix: string, topic: string, killAt = Infinity): Promise<boolean> => {
      const child = fork(worker, [JSON.stringify({ connection, bucket, prefix, topic })], { execArgv: ['--import', 'tsx'] })
      const exit = once(child, 'exit')
      let ended = false
      child.on('message', (message: { readonly position?: number, readonly ended?: boolean }) => {
        if ((message.position ?? 0) >= killAt) child.kill('SIGKILL')
        if (message.ended === true) ended = true
      })
      const [code, signal] = await exit as [number | null, string | null]
      if (!ended && signal !== 'SIGKILL') throw new Error(`the worker of ${topic} ended with ${code ?? signal}`)
      return ended
    }
    const objectsOf = async (prefix: string): Promise<Map<string, Uint8Array>> => {
      const store = of(prefix)
      const objects = new Map<string, Uint8Array>()
      for await (const path of store.list('')) objects.set(path, await store.get(path) ?? new Uint8Array())
      return objects
    }
    const marksOf = (objects: Map<string, Uint8Array>): string[] => [...objects].map(([path, bytes]) => `${path} ${createHash('sha256').update(bytes).digest('hex')}`).sort()

    test('killed, and its servers killed and stopped under it, it writes what it writes undisturbed: nothing is missing, in part, or twice', async () => {
      let [kills, outages, working] = [0, 0, true]
      const disturb = async (): Promise<void> => {
        for (; working && outages < 4; outages++) {
          await sleep(4_000)
          const signal = outages % 3 === 1 ? 'SIGSTOP' : 'SIGKILL'
          await server.kill(signal)
          await sleep(4_000)
          if (signal === 'SIGSTOP') await server.kill('SIGCONT')
          else await server.restart()
        }
      }
      const disturbed = disturb()
      await Promise.all(TOPICS.map(async topic => {
        for (let at = 1; !(await work('storm', topic, at * 2_500)); at++) kills += 1
      })).finally(() => { working = false })
      await disturbed
      for (const topic of TOPICS) await work('calm', topic)

      const objects = await objectsOf('storm')
      expect(kills).toBeGreaterThanOrEqual(10)
      expect(objects.size).toBeGreaterThanOrEqual(300)
      expect(marksOf(objects)).toEqual(marksOf(await objectsOf('calm')))
      console.log(`${kind}: ${kills} kills of a worker, ${outages} outages of the server, ${objects.size} objects`)

      const dir = await mkdtemp(join(tmpdir(), 'motorwatch-s3-'))
      try {
        const counts = { raw: 0, reading: 0, summary: 0 }
        for (const [path, bytes] of objects) {
          await mkdir(join(dir, dirname(path)), { recursive: true })
          await writeFile(join(dir, path), bytes)
          const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer })
          expect(rows.length).toBeLessThanOrEqual(ROWS)
          counts[path.split('/')[0] as keyof typeof counts] += rows.length
        }
        const all = READINGS * TOPICS.length
        expect(counts).toEqual({ raw: all, reading: all, summary: all / 10 })
        const duckdb = await (await DuckDBInstance.create()).connect()
        const ask = async (sql: string): Promise<unknown> => (await duckdb.runAndReadAll(sql.replace(/FROM (\w+)/, (_, folder: string) => `FROM read_parquet('${dir}/${folder}/**/*.parquet', hive_partitioning = true)`))).getRowObjectsJson()
        expect(await ask(`SELECT topic, partition, count(*) AS n, count(DISTINCT "offset") AS d, min("offset") AS a, max("offset") AS z FROM raw GROUP BY ALL ORDER BY topic, partition`)).toEqual(
          TOPICS.toSorted().flatMap(topic => ['0', '1', '2'].map(partition => ({ topic, partition, n: String(READINGS / 3), d: String(READINGS / 3), a: '0', z: String(READINGS / 3 - 1) }))))
        expect(await ask(`SELECT count(*) AS n, count(DISTINCT (topic, value)) AS d, sum(value) AS s, sum(CASE WHEN quality = 'suspect' THEN 1 END) AS q FROM raw`))
          .toEqual([{ n: String(all), d: String(all), s: all / 2 * (READINGS - 1), q: String(Math.ceil(READINGS / 11) * TOPICS.length) }])
        for (const [folder, step] of [['reading', 1], ['summary', 10]] as const) {
          const value = folder === 'reading' ? 'value' : 'mean'
          expect(await ask(`SELECT count(*) AS n, count(DISTINCT ${value}) AS d, sum(${value}) AS s FROM ${folder}`))
            .toEqual([{ n: String(all / step), d: String(READINGS / step), s: all / step / 2 * (READINGS - step) }])
        }
        await duckdb.run("SET TimeZone = 'UTC'")
        for (const folder of ['raw', 'reading', 'summary']) expect(await ask(`SELECT count(*) AS n FROM ${folder} WHERE CAST(day AS TEXT) <> strftime(time, '%Y-%m-%d') OR hour <> date_part('hour', time)`)).toEqual([{ n: '0' }])
      } finally {
        await rm(dir, { recursive: true, force: true })
      }

      const checkpoints = await Promise.all(TOPICS.map(topic => oldestS3Checkpoint({ ...connection, bucket, prefix: `checkpoints/storm/${topic}` })))
      const { from, into } = await compactLake({ ...connection, bucket, prefix: 'storm', checkpoints: checkpoints.filter(checkpoint => checkpoint !== undefined), rows: 1_000 })
      const compacted = await objectsOf('storm')
      expect(into).toBeGreaterThan(10)
      expect(compacted.size).toBe(objects.size - from + into)
      const valuesOf = async (objects: Map<string, Uint8Array>): Promise<string[]> => (await Promise.all([...objects].filter(([path]) => !path.startsWith('raw/')).map(async ([path, bytes]) =>
        (await parquetReadObjects({ file: new Uint8Array(bytes).buffer })).map(row => `${path.split('/').slice(0, 3).join('/')} ${JSON.stringify(row)}`)))).flat().sort()
      expect(await valuesOf(compacted)).toEqual(await valuesOf(objects))
      console.log(`${kind}: ${from} objects compacted into ${into}`)
    })
  })
})
