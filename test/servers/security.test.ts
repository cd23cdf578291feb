import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { factoryRun } from './factory-run.js'
import { committed } from './kafka/topic.js'
import { needsToStart } from './needs.js'
import { freePorts } from './start/free-ports.js'
import { authority, startSecureKafka } from './start/index.js'
import type { Authority, SecureKafka } from './start/index.js'

const own = await needsToStart('kafka')
const { AclOperationTypes: May, AclPermissionTypes, AclResourceTypes: Of, Kafka, logLevel, ResourcePatternTypes } = kafkajs

type Env = Readonly<Record<string, string>>

let dir: string
let ours: Authority
let others: Authority
/** An address that shows a certificate of ours for another host. */
let elsewhere: string
let closed: string
const closing: (() => Promise<unknown> | void)[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-security-'))
  closing.push(() => rm(dir, { recursive: true, force: true }))
  ours = await authority(dir)
  others = await authority(dir, 'other')
  const { cert, key } = await ours.issue('elsewhere', 'DNS:elsewhere.example')
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }).on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
  closing.push(() => { server.close() })
  await new Promise((resolve) => { server.once('listening', resolve) })
  elsewhere = `127.0.0.1:${(server.address() as AddressInfo).port}`
  closed = `127.0.0.1:${(await freePorts(1))[0]}`
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

/** One line, on standard error, soon, and exit code 1. */
async function fails(env: Env, words: RegExp, args: readonly string[] = []): Promise<void> {
  const { code, out, err, milliseconds } = await factoryRun([...args, '--out', join(dir, `failed-${Math.random()}`)], env, 30_000)
  console.log(`${(milliseconds / 1_000).toFixed(1)} s  ${err.trimEnd()}`)
  expect(err, out).toMatch(words)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  for (const [name, value] of Object.entries(env)) if (/PASSWORD|TOKEN|SECRET_KEY/.test(name) && !name.endsWith('_FILE')) expect(err).not.toContain(value)
  expect(code).toBe(1)
  expect(milliseconds).toBeLessThan(5_000)
}

describe.skipIf(own.missing !== undefined)('Kafka', () => {
  let kafka: SecureKafka
  const rights: Readonly<Record<string, readonly (readonly [type: number, name: string])[]>> = {
    app: [[Of.TOPIC, '*'], [Of.GROUP, '*'], [Of.TRANSACTIONAL_ID, '*']],
    nobody: [],
    memberless: [[Of.TOPIC, '*'], [Of.TRANSACTIONAL_ID, '*']],
    writeless: [[Of.TOPIC, '*'], [Of.GROUP, '*']],
  }

  beforeAll(async () => {
    kafka = await startSecureKafka(ours, Object.keys(rights))
    closing.push(() => kafka.stop())
    const admin = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createAcls({ acl: Object.entries(rights).flatMap(([user, all]) => all.map(([resourceType, resourceName]) => ({
      resourceType, resourceName, resourcePatternType: ResourcePatternTypes.LITERAL, principal: `User:${user}`, host: '*', operation: May.ALL, permissionType: AclPermissionTypes.ALLOW,
    }))) })
    await admin.disconnect()
  })

  const settings = (more: Env = {}, user = 'app'): Env => ({
    MOTORWATCH_KAFKA_BROKERS: kafka.saslSsl,
    MOTORWATCH_KAFKA_CA_FILE: ours.file,
    MOTORWATCH_KAFKA_SASL: 'scram-sha-512',
    MOTORWATCH_KAFKA_USERNAME: user,
    MOTORWATCH_KAFKA_PASSWORD: kafka.users[user] ?? 'unknown',
    ...more,
  })
  const without = (env: Env, ...names: readonly string[]): Env => Object.fromEntries(Object.entries(env).filter(([name]) => !names.some((each) => name.startsWith(`MOTORWATCH_KAFKA_${each}`))))

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('the job reads and writes over TLS as a user by %s', async (mechanism) => {
    const env = settings({ MOTORWATCH_KAFKA_SASL: mechanism, MOTORWATCH_KAFKA_GROUP: mechanism })
    const fed = await factoryRun(['--feed', '--duration', '5m', '--speed', 'max'], env)
    expect(fed.err).toBe('')
    expect(fed.code).toBe(0)
    const { code, out, err } = await factoryRun(['--until', 'caught-up', '--out', join(dir, mechanism)], env)
    expect(err).toBe('')
    expect(out).toContain('done: all that was there has been read')
    expect(code).toBe(0)
    expect((await committed(kafka.brokers, 'motorwatch_journal')).length).toBeGreaterThan(0)
  })

  test('a password may be in a file, as containers have it', async () => {
    const file = join(dir, 'password')
    await writeFile(file, `${kafka.users['app']}\n`)
    const env = { ...without(settings(), 'PASSWORD'), MOTORWATCH_KAFKA_PASSWORD_FILE: file }
    expect(await factoryRun(['--feed', '--duration', '10s', '--speed', 'max'], env)).toMatchObject({ code: 0, err: '' })
  })

  test.each<[string, () => Env, RegExp]>([
    ['a wrong address', () => settings({ MOTORWATCH_KAFKA_BROKERS: 'nowhere.invalid:9092' }), /kafka: there is no host of that name: nowhere\.invalid:9092; check the address/],
    ['a closed port', () => settings({ MOTORWATCH_KAFKA_BROKERS: closed }), /kafka: no broker answers at 127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\): is it running, and is the address right\?/],
    ['a wrong password (SCRAM)', () => settings({ MOTORWATCH_KAFKA_PASSWORD: 'wrong-password' }), /kafka: .* refuses the user 'app' or its password \(scram-sha-512\)/],
    ['a wrong password (PLAIN)', () => settings({ MOTORWATCH_KAFKA_PASSWORD: 'wrong-password', MOTORWATCH_KAFKA_SASL: 'plain' }), /kafka: .* refuses the user 'app' or its password \(plain\)/],
    ['an unknown user', () => settings({}, 'stranger'), /kafka: .* refuses the user 'stranger' or its password/],
    ['a mechanism that the listener does not have', () => without(settings({ MOTORWATCH_KAFKA_BROKERS: kafka.saslPlain, MOTORWATCH_KAFKA_SASL: 'plain' }), 'CA_FILE'), /kafka: .* does not offer the SASL mechanism plain/],
    ['an authority that is not trusted', () => settings({ MOTORWATCH_KAFKA_CA_FILE: others.file }), /kafka: the certificate of .* is signed by nobody known here: give the certificate of its authority as .*MOTORWATCH_KAFKA_CA_FILE/],
    ['no authority of one\'s own', () => without(settings({ MOTORWATCH_KAFKA_TLS: 'true' }), 'CA_FILE'), /is signed by nobody known here/],
    ['a certificate for another host', () => settings({ MOTORWATCH_KAFKA_BROKERS: elsewhere }), /kafka: the certificate of .* is for another host/],
    ['TLS to a plain port', () => settings({ MOTORWATCH_KAFKA_BROKERS: kafka.saslPlain }), /kafka: .* does not speak TLS: use its TLS port, or leave out/],
    ['no TLS to a TLS port', () => without(settings(), 'CA_FILE'), /kafka: .* closes the connection: it is a listener of TLS: give `ssl`/],
    ['no user for a listener of users', () => without(settings(), 'SASL', 'USERNAME', 'PASSWORD'), /kafka: .* it asks for a user: give `sasl`/],
    ['a user for a listener without', () => settings({ MOTORWATCH_KAFKA_BROKERS: kafka.ssl }), /kafka: .* asks for no user: leave out `sasl`/],
    ['no right to the topics', () => settings({}, 'nobody'), /kafka: the user 'nobody' has no right to a topic.* \(TOPIC_AUTHORIZATION_FAILED\): grant it by an ACL/],
    ['no right to the group', () => settings({}, 'memberless'), /kafka: the user 'memberless' has no right to the consumer group.* \(GROUP_AUTHORIZATION_FAILED\)/],
    ['no right to the transactional ids', () => settings({}, 'writeless'), /kafka: the user 'writeless' has no right to the transactional ids.* \(TRANSACTIONAL_ID_AUTHORIZATION_FAILED\)/],
  ])('%s', async (_, env, words) => {
    await fails(env(), words)
  })
})
