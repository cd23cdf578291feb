import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'
import { arrows as table } from '../lint/arrows.js'

const arrows: Readonly<Record<string, readonly string[]>> = table
const root = fileURLToPath(new URL('..', import.meta.url))

const untyped = ['motorwatch/arrows', 'motorwatch/import-forms', 'no-restricted-globals', 'no-restricted-properties', 'no-restricted-syntax', 'no-restricted-imports']
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => untyped.includes(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
})

/** What the linter says to a file that need not exist. */
const said = async (filePath: string, code: string): Promise<string[]> => {
  const [result] = await eslint.lintText(code, { filePath: `${root}${filePath}` })
  return result!.messages.map((message) => `${message.ruleId}: ${message.message}`)
}

const rooms = Object.keys(arrows)

describe('the arrows between the rooms', () => {
  test('every room of src/ has its line in the table', () => {
    const found = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    expect(found.filter((room) => !rooms.includes(room))).toEqual([])
  })

  test('the table has no cycle, and sources and sinks know the model alone, and how servers are reached; sinks lengths of time too', () => {
    const reach = (room: string, seen: readonly string[] = []): readonly string[] =>
      seen.includes(room) ? seen : (arrows[room] ?? []).reduce<readonly string[]>((all, next) => reach(next, all), [...seen, room])
    for (const room of rooms) {
      for (const next of arrows[room]!) expect(reach(next), `${next} leads back to ${room}`).not.toContain(room)
    }
    expect(arrows['model']).toEqual([])
    expect(arrows['sources']).toEqual(['model', 'net', 'kafka', 'lake', 's3'])
    expect(arrows['sinks']).toEqual(['model', 'time', 'net', 'kafka', 'lake', 's3'])
    expect(arrows['kafka']).toEqual(['model', 'net'])
    expect(arrows['lake']).toEqual(['model'])
    expect(arrows['s3']).toEqual(['net', 'lake'])
    expect(arrows['net']).toEqual([])
  })

  for (const from of rooms) {
    for (const to of rooms.filter((room) => room !== from)) {
      const allowed = arrows[from]!.includes(to)
      test(`src/${from} ${allowed ? 'may' : 'may not'} import src/${to}`, async () => {
        const messages = await said(`src/${from}/x.ts`, `import { y } from '../${to}/y.js'\ny()`)
        if (allowed) expect(messages).toEqual([])
        else expect(messages).toEqual([expect.stringContaining(`motorwatch/arrows: src/${from} may not import src/${to}`)])
      })
    }
  }

  test.each([
    ['a type import', "import type { Y } from '../rules/y.js'\nexport type X = Y"],
    ['a re-export', "export { y } from '../rules/y.js'"],
    ['a re-export of all', "export * from '../rules/index.js'"],
    ['a dynamic import', "export const x = () => import('../rules/y.js')"],
    ['an import type', "export type X = import('../rules/y.js').Y"],
  ])('%s is seen', async (_, code) => {
    expect(await said('src/time/x.ts', code)).toEqual([expect.stringContaining('src/time may not import src/rules')])
  })

  test('the depth of a file makes no difference', async () => {
    expect(await said('src/rules/motor/x.ts', "import '../signal.js'\nimport '../index.js'\nimport '../../time/index.js'")).toEqual([])
    expect(await said('src/rules/motor/x.ts', "import '../../operators/keyed.js'")).toEqual([expect.stringContaining('src/rules may not import src/operators')])
  })

  test('a room imports neither the root nor the name of the package', async () => {
    expect(await said('src/rules/x.ts', "import '../index.js'")).toEqual([expect.stringContaining('may not import the root')])
    expect(await said('src/rules/x.ts', "import 'motorwatch/time'")).toEqual([expect.stringContaining('by relative path')])
  })

  test('a new room has to be entered in the table', async () => {
    expect(await said('src/attic/x.ts', "import '../model/index.js'")).toEqual([expect.stringContaining('src/attic is a new room')])
  })

  test.each(['examples/factory.js', 'test/x.js', 'bench/run.js'])('src/ never imports %s', async (path) => {
    expect(await said('src/pipelines/x.ts', `import '../../${path}'`)).toEqual([expect.stringContaining('never imports from outside src/')])
    expect(await said('src/index.ts', `import '../${path}'`)).toEqual([expect.stringContaining('never imports from outside src/')])
  })

  test("a server's client and a server's own file are out of reach of all other rooms", async () => {
    expect(await said('src/pipelines/x.ts', "import { Kafka } from 'kafkajs'\nKafka")).toEqual([expect.stringContaining('its own subpath')])
    expect(await said('src/testing/x.ts', "import { InfluxDB } from '@influxdata/influxdb-client'\nInfluxDB")).toHaveLength(1)
    expect(await said('src/cli/x.ts', "import '../sources/kafka.js'")).toEqual([expect.stringContaining("load a server's client")])
    expect(await said('src/index.ts', "export * from './sinks/influx.js'")).toEqual([expect.stringContaining('by their own subpath')])
    expect(await said('src/sources/kafka.ts', "import { Kafka } from 'kafkajs'\nKafka")).toEqual([])
    expect(await said('src/cli/x.ts', "import '../sinks/memory.js'")).toEqual([])
  })

  test('an example imports the package by its name', async () => {
    const good = "import 'motorwatch'\nimport 'motorwatch/rules'\nimport 'rxjs'\nimport './plant.js'"
    expect(await said('examples/factory.ts', good)).toEqual([])
    expect(await said('examples/factory.ts', "import '../src/index.js'")).toEqual([expect.stringContaining('examples import what users import')])
    expect(await said('examples/factory.ts', "import 'motorwatch/sources/jsonl/pacer'")).toEqual([expect.stringContaining('not among the exports')])
    expect(await said('examples/factory.ts', "import 'motorwatch/sources/jsonl'")).toEqual([])
    expect(await said('examples/deep/x.ts', "import '../../src/index.js'\nimport '../plant.js'")).toHaveLength(1)
  })
})

describe('imports that plain Node does not take', () => {
  test.each([
    ["import * as E from 'fp-ts/Either'", "'fp-ts/lib/Either.js'"],
    ["import * as E from 'fp-ts/lib/Either'", "'fp-ts/lib/Either.js'"],
    ["import * as E from 'fp-ts/es6/Either.js'", "'fp-ts/lib/Either.js'"],
    ["import type { Either } from 'fp-ts/Either'", "'fp-ts/lib/Either.js'"],
    ["import { PathReporter } from 'io-ts/PathReporter'", "'io-ts/lib/PathReporter.js'"],
    ["import { KafkaJSError } from 'kafkajs'", 'const { KafkaJSError } = kafkajs'],
    ["import { Kafka, KafkaJSProtocolError, ConfigResourceTypes } from 'kafkajs'", 'const { KafkaJSProtocolError, ConfigResourceTypes } = kafkajs'],
    ["export { KafkaJSError } from 'kafkajs'", 'const { KafkaJSError } = kafkajs'],
    ["import Minio from 'minio'", "import { Client } from 'minio'"],
    ["import { default as Minio } from 'minio'", "import { Client } from 'minio'"],
    ["import { x } from './x'", "'./x.js'"],
    ["import { x } from './x.ts'", "'./x.js'"],
    ["import { x } from '.'", "'./index.js'"],
    ["export * from './x'", "'./x.js'"],
    ["export const x = () => import('./x')", "'./x.js'"],
  ])('%s', async (code, right) => {
    expect(await said('src/sinks/x.ts', code)).toEqual([expect.stringMatching(/^motorwatch\/import-forms: /)])
    expect((await said('src/sinks/x.ts', code))[0]).toContain(right)
  })

  test.each([
    "import * as E from 'fp-ts/lib/Either.js'",
    "import { either } from 'fp-ts'",
    "import * as t from 'io-ts'",
    "import { PathReporter } from 'io-ts/lib/PathReporter.js'",
    "import { Kafka, logLevel } from 'kafkajs'",
    "import kafkajs from 'kafkajs'",
    "import { type EachBatchPayload, Kafka } from 'kafkajs'",
    "import type { KafkaJSError } from 'kafkajs'",
    "import { Client } from 'minio'",
    "import type Minio from 'minio'",
    "import { x } from './x.js'",
  ])('%s is fine', async (code) => {
    expect(await said('src/sinks/x.ts', code)).toEqual([])
  })
})

describe('what is computed depends on the data alone', () => {
  const leaks = [
    'Date.now()', 'new Date()', 'Date()', 'setTimeout(f, 1)', 'setInterval(f, 1)', 'setImmediate(f)', 'performance.now()', 'process.hrtime.bigint()',
    'globalThis.setTimeout(f, 1)', 'Math.random()', 'crypto.randomUUID()',
  ]
  test.each(leaks)('%s', async (leak) => {
    const code = `export const x = (f: () => void): unknown => { f(); return ${leak} }`
    for (const room of ['model', 'time', 'rules', 'operators']) expect(await said(`src/${room}/x.ts`, code), room).not.toEqual([])
    for (const room of ['pipelines', 'sources', 'sinks']) expect(await said(`src/${room}/x.ts`, code), room).toEqual([])
  })

  test('a timer that is imported', async () => {
    expect(await said('src/time/x.ts', "import { setTimeout } from 'node:timers/promises'\nexport const x = setTimeout")).toHaveLength(1)
  })

  test('the date of a given time is fine', async () => {
    expect(await said('src/time/x.ts', 'export const x = (time: number): string => new Date(time).toISOString()')).toEqual([])
  })
})
