import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { factoryRun } from './factory-run.js'
import { influxApi } from './influx-api.js'
import { committed } from './kafka/topic.js'
import { needsToStart } from './needs.js'
import { freePorts } from './start/free-ports.js'
import { authority, startInflux, startKafka, startMinio, startSecureKafka } from './start/index.js'
import type { Authority, Influx, Kafka, S3, SecureKafka } from './start/index.js'
import { minioUser } from './start/minio-user.js'
import { s3Client } from './start/s3.js'

const own = await needsToStart('kafka')
const ownInflux = await needsToStart('influx')
const ownMinio = await needsToStart('minio')
const { AclOperationTypes: May, AclPermissionTypes, AclResourceTypes: Of, Kafka: Client, logLevel, ResourcePatternTypes } = kafkajs

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
    const admin = new Client({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin()
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
    expect((await committed(kafka.brokers, `motorwatch_journal_${mechanism}`)).length).toBeGreaterThan(0)
  })

  test('the page of workers reads over TLS as a user, and says soon what is wrong', async () => {
    const page = await factoryRun(['--page', '--port', '0'], settings({ MOTORWATCH_KAFKA_GROUP: 'plain' }), 15_000)
    expect(page.out).toContain('all alarms are known')
    expect([page.code, page.err]).toEqual([null, '']) // it was killed
    for (const [env, words] of [
      [settings({ MOTORWATCH_KAFKA_BROKERS: closed }), /kafka: no broker answers at/],
      [settings({}, 'memberless'), /kafka: the user 'memberless' has no right to the consumer group.* \(GROUP_AUTHORIZATION_FAILED\)/],
    ] as const) {
      const { code, err, milliseconds } = await factoryRun(['--page', '--port', '0'], env)
      expect(err).toMatch(words)
      expect(err.trimEnd().split('\n')).toHaveLength(1)
      expect([code, milliseconds < 5_000]).toEqual([1, true])
    }
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

const withInflux = ownInflux.missing === undefined && own.missing === undefined
describe.skipIf(!withInflux)('InfluxDB', () => {
  let kafka: Kafka
  let influx: Influx
  let plain: Influx
  const tokens: Record<string, string> = {}

  beforeAll(async () => {
    const { cert, key } = await ours.issue('influx', 'IP:127.0.0.1')
    ;[kafka, influx, plain] = await Promise.all([startKafka(), startInflux({ tls: { cert, key, ca: ours.ca } }), startInflux()])
    closing.push(() => Promise.all([kafka.stop(), influx.stop(), plain.stop()]))
    const { api } = influxApi(plain)
    const { orgs } = await api<{ readonly orgs: readonly { readonly id: string; readonly name: string }[] }>('GET', '/api/v2/orgs')
    const { buckets } = await api<{ readonly buckets: readonly { readonly id: string; readonly name: string }[] }>('GET', `/api/v2/buckets?name=${plain.bucket}`)
    for (const [name, action] of [['reads', 'read'], ['writes', 'write']] as const)
      tokens[name] = (await api<{ readonly token: string }>('POST', '/api/v2/authorizations', { orgID: orgs[0]!.id, permissions: [{ action, resource: { type: 'buckets', id: buckets[0]!.id, orgID: orgs[0]!.id } }] })).token
  })

  const at = ({ url, token, org, bucket }: Influx, more: Env = {}): Env => ({
    MOTORWATCH_KAFKA_BROKERS: kafka.brokers.join(','), MOTORWATCH_INFLUX_URL: url, MOTORWATCH_INFLUX_TOKEN: token, MOTORWATCH_INFLUX_ORG: org, MOTORWATCH_INFLUX_BUCKET: bucket,
    ...(url.startsWith('https') ? { MOTORWATCH_INFLUX_CA_FILE: ours.file } : {}), ...more,
  })

  test('the job writes points over TLS', async () => {
    const env = at(influx)
    expect(await factoryRun(['--feed', '--duration', '10m', '--speed', 'max'], env)).toMatchObject({ code: 0, err: '' })
    expect(await factoryRun(['--until', 'caught-up', '--out', join(dir, 'influx')], env)).toMatchObject({ code: 0, err: '' })
  })

  test.each<[string, () => Env, RegExp]>([
    ['a wrong address', () => at(plain, { MOTORWATCH_INFLUX_URL: 'http://nowhere.invalid:8086' }), /influx: there is no host of that name: http:\/\/nowhere\.invalid:8086; check the address/],
    ['a closed port', () => at(plain, { MOTORWATCH_INFLUX_URL: `http://${closed}` }), /influx: no server answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\): is it running, and is the address right\?/],
    ['an authority that is not trusted', () => at(influx, { MOTORWATCH_INFLUX_CA_FILE: others.file }), /the certificate of https:.* is signed by nobody known here: give .*MOTORWATCH_INFLUX_CA_FILE/],
    ['no authority of one\'s own', () => at(influx, { MOTORWATCH_INFLUX_CA_FILE: '' }), /is signed by nobody known here/],
    ['a certificate for another host', () => at(influx, { MOTORWATCH_INFLUX_URL: `https://${elsewhere}` }), /the certificate of https:.* is for another host/],
    ['TLS to a plain port', () => at(plain, { MOTORWATCH_INFLUX_URL: plain.url.replace('http', 'https') }), /https:.* does not speak TLS: use its TLS port, or leave out the s of https/],
    ['no TLS to a TLS port', () => at(influx, { MOTORWATCH_INFLUX_URL: influx.url.replace('https', 'http'), MOTORWATCH_INFLUX_CA_FILE: '' }), /influx sink: http:.* speaks TLS only: write https/],
    ['a wrong token', () => at(plain, { MOTORWATCH_INFLUX_TOKEN: 'wrong-token' }), /influx sink: the token is not valid there/],
    ['a token without the right to write', () => at(plain, { MOTORWATCH_INFLUX_TOKEN: tokens['reads']! }), /influx sink: the token may not write to the bucket|or the token may not see it/],
    ['a wrong org', () => at(plain, { MOTORWATCH_INFLUX_ORG: 'no_such_org' }), /influx sink: there is no org 'no_such_org', or the token is not of it/],
    ['a bucket that is not there, and that the token may not make', () => at(plain, { MOTORWATCH_INFLUX_BUCKET: 'no_such_bucket', MOTORWATCH_INFLUX_TOKEN: tokens['writes']! }), /influx sink: cannot make the bucket 'no_such_bucket'|there is no bucket 'no_such_bucket'/],
  ])('%s', async (_name, env, words) => {
    await fails(env(), words)
  })
})

const withMinio = ownMinio.missing === undefined && own.missing === undefined
describe.skipIf(!withMinio)('S3', () => {
  let kafka: Kafka
  let minio: S3
  let plain: S3
  const users: Record<string, { readonly accessKey: string; readonly secretKey: string }> = {}

  beforeAll(async () => {
    const { cert, key } = await ours.issue('minio', 'IP:127.0.0.1')
    ;[kafka, minio, plain] = await Promise.all([startKafka(), startMinio({ tls: { cert, key, ca: ours.ca } }), startMinio()])
    closing.push(() => Promise.all([kafka.stop(), minio.stop(), plain.stop()]))
    for (const [name, actions] of [['rightless', []], ['reads', ['s3:ListBucket', 's3:GetObject', 's3:GetBucketLocation']]] as const)
      users[name] = await minioUser(s3Client(plain), plain.secretKey, name, actions)
  })

  const at = ({ endpoint, accessKey, secretKey, bucket }: S3, more: Env = {}): Env => ({
    MOTORWATCH_KAFKA_BROKERS: kafka.brokers.join(','), MOTORWATCH_S3_ENDPOINT: endpoint, MOTORWATCH_S3_ACCESS_KEY: accessKey, MOTORWATCH_S3_SECRET_KEY: secretKey, MOTORWATCH_S3_BUCKET: bucket,
    ...(endpoint.startsWith('https') ? { MOTORWATCH_S3_CA_FILE: ours.file } : {}), ...more,
  })
  const as = (name: string): Env => at(plain, { MOTORWATCH_S3_ACCESS_KEY: users[name]!.accessKey, MOTORWATCH_S3_SECRET_KEY: users[name]!.secretKey })

  test('the job writes the lake over TLS', async () => {
    const env = at(minio)
    expect(await factoryRun(['--feed', '--duration', '10m', '--speed', 'max'], env)).toMatchObject({ code: 0, err: '' })
    expect(await factoryRun(['--until', 'caught-up', '--out', join(dir, 's3')], env)).toMatchObject({ code: 0, err: '' })
    const keys: string[] = []
    for await (const { name } of s3Client({ ...minio, ca: ours.ca }).listObjectsV2(minio.bucket, '', true) as AsyncIterable<{ readonly name: string }>) keys.push(name)
    expect(keys.some((key) => key.startsWith('raw/'))).toBe(true)
  })

  test.each<[string, () => Env, RegExp]>([
    ['a wrong address', () => at(plain, { MOTORWATCH_S3_ENDPOINT: 'http://nowhere.invalid:9000' }), /s3: .*there is no host of that name: http:\/\/nowhere\.invalid:9000; check the address/],
    ['a closed port', () => at(plain, { MOTORWATCH_S3_ENDPOINT: `http://${closed}` }), /s3: no server answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\): is it running, and is the address right\?/],
    ['an authority that is not trusted', () => at(minio, { MOTORWATCH_S3_CA_FILE: others.file }), /the certificate of https:.* is signed by nobody known here: give .*MOTORWATCH_S3_CA_FILE/],
    ['no authority of one\'s own', () => at(minio, { MOTORWATCH_S3_CA_FILE: '' }), /is signed by nobody known here/],
    ['a certificate for another host', () => at(minio, { MOTORWATCH_S3_ENDPOINT: `https://${elsewhere}` }), /the certificate of https:.* is for another host/],
    ['TLS to a plain port', () => at(plain, { MOTORWATCH_S3_ENDPOINT: plain.endpoint.replace('http', 'https') }), /https:.* does not speak TLS: use its TLS port, or leave out/],
    ['no TLS to a TLS port', () => at(minio, { MOTORWATCH_S3_ENDPOINT: minio.endpoint.replace('https', 'http'), MOTORWATCH_S3_CA_FILE: '' }), /http:.* speaks TLS only: set useSSL/],
    ['an unknown access key', () => at(plain, { MOTORWATCH_S3_ACCESS_KEY: 'nobody' }), /does not know this access key/],
    ['a wrong secret key', () => at(plain, { MOTORWATCH_S3_SECRET_KEY: 'wrong-secret' }), /the secret key does not belong to it|does not know this access key/],
    ['no right to the bucket', () => as('rightless'), /refuses access to the bucket '.*': check .* that they may list, read, write and delete there/],
    ['the right to read, and not to write', () => as('reads'), /cannot write '.*': .* refuses access to the bucket/],
    ['a bucket that is not there, and that the user may not make', () => ({ ...as('reads'), MOTORWATCH_S3_BUCKET: 'no-such-bucket' }), /refuses access to the bucket 'no-such-bucket'|there is no bucket 'no-such-bucket'/],
    ['a name that no bucket can have', () => at(plain, { MOTORWATCH_S3_BUCKET: 'No_Bucket' }), /'No_Bucket' is no name for a bucket|No_Bucket/],
  ])('%s', async (_name, env, words) => {
    await fails(env(), words)
  })
})
