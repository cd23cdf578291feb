import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { alertmanagerConnection, configurationText, emailConnection, fromEnvironment, influxConnection, kafkaConnection, mqttAlarmsConnection, mqttConnection, notifyOptions, s3Connection, webhookConnection } from '../../src/configuration/index.js'

const dir = mkdtempSync(join(tmpdir(), 'motorwatch-configuration-'))
const file = (name: string, text: string): string => {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}
afterAll(() => { rmSync(dir, { recursive: true, force: true }) })

const CA = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n'
const ca = file('ca.pem', CA)
const brokers = { MOTORWATCH_KAFKA_BROKERS: 'broker:9093' }
const user = { MOTORWATCH_KAFKA_SASL: 'scram-sha-512', MOTORWATCH_KAFKA_USERNAME: 'app', MOTORWATCH_KAFKA_PASSWORD: 'pass-word' }
const influx = { MOTORWATCH_INFLUX_URL: 'https://influx:8086', MOTORWATCH_INFLUX_TOKEN: 'to-ken' }
const mqtt = { MOTORWATCH_MQTT_URL: 'mqtt://broker', MOTORWATCH_MQTT_TOPICS: 'plant/{machine}/{sensor}' }
const s3 = { MOTORWATCH_S3_ENDPOINT: 'https://minio:9000', MOTORWATCH_S3_ACCESS_KEY: 'access', MOTORWATCH_S3_SECRET_KEY: 'se-cret' }

test('of all three servers', () => {
  const configuration = fromEnvironment({ ...brokers, ...user, MOTORWATCH_KAFKA_CA_FILE: ca, ...influx, MOTORWATCH_INFLUX_CA_FILE: ca, ...s3, MOTORWATCH_S3_CA_FILE: ca, HOME: '/' })
  expect(kafkaConnection(configuration.kafka!)).toEqual({ brokers: ['broker:9093'], ssl: { ca: CA }, sasl: { mechanism: 'scram-sha-512', username: 'app', password: 'pass-word' } })
  expect(influxConnection(configuration.influx!)).toEqual({ url: 'https://influx:8086/', token: 'to-ken', org: 'motor_org', bucket: 'motor_bucket', ca: CA })
  expect(s3Connection(configuration.s3!)).toEqual({ endPoint: 'minio', port: 9000, useSSL: true, accessKey: 'access', secretKey: 'se-cret', bucket: 'motor-data-lake', ca: CA })
})

test('a secret may be in a file, with a line break behind it', () => {
  const { kafka } = fromEnvironment({ ...brokers, ...user, MOTORWATCH_KAFKA_PASSWORD: '', MOTORWATCH_KAFKA_PASSWORD_FILE: file('password', 'from-file\r\n') })
  expect(kafka?.KAFKA_PASSWORD).toBe('from-file')
})

test('TLS without an authority of one\'s own', () => {
  expect(kafkaConnection(fromEnvironment({ ...brokers, MOTORWATCH_KAFKA_TLS: 'true' }).kafka!)).toEqual({ brokers: ['broker:9093'], ssl: true })
})

test('of a broker of MQTT', () => {
  const mqtt = { MOTORWATCH_MQTT_URL: 'mqtts://broker:8883', MOTORWATCH_MQTT_TOPICS: 'plant/{machine}/{sensor}, spBv1.0/plant1/#', MOTORWATCH_MQTT_USERNAME: 'app', MOTORWATCH_MQTT_PASSWORD: 'pass-word', MOTORWATCH_MQTT_VERSION: '3.1.1', MOTORWATCH_MQTT_CA_FILE: ca }
  const configuration = fromEnvironment(mqtt)
  expect(mqttConnection(configuration.mqtt!)).toEqual({ url: 'mqtts://broker:8883', topics: ['plant/{machine}/{sensor}', 'spBv1.0/plant1/#'], clientId: 'motorwatch', username: 'app', password: 'pass-word', version: '3.1.1', ca: CA })
  expect(configurationText(configuration)).toContain('MOTORWATCH_MQTT_PASSWORD=(set, not shown)')
})

test('of who is told of alarms, and when', () => {
  const env = {
    MOTORWATCH_ALERTMANAGER_URL: 'https://alerts:9093', MOTORWATCH_ALERTMANAGER_CA_FILE: ca, MOTORWATCH_WEBHOOK_URL: 'https://hooks/pa-th', MOTORWATCH_WEBHOOK_SECRET: 'se-cret', MOTORWATCH_WEBHOOK_TEMPLATE_FILE: file('template', '{ "text": "{{key}}" }'),
    MOTORWATCH_SMTP_URL: 'smtp://ana:pass-word@mail:587', MOTORWATCH_SMTP_FROM: 'motors@example.com', MOTORWATCH_SMTP_TO: 'a@example.com, b@example.com', MOTORWATCH_NOTIFY_MQTT_URL: 'mqtt://broker', MOTORWATCH_NOTIFY_MQTT_RETAIN: 'true',
    MOTORWATCH_NOTIFY_REPEAT: 'never', MOTORWATCH_NOTIFY_MAX_AGE: 'any', MOTORWATCH_NOTIFY_GROUP_BY: 'machine, severity', MOTORWATCH_NOTIFY_QUIET: '22:00-06:00', MOTORWATCH_NOTIFY_ZONE: 'Asia/Jakarta',
  }
  const configuration = fromEnvironment(env)
  expect(alertmanagerConnection(configuration.alertmanager!)).toEqual({ url: 'https://alerts:9093/', ca: CA })
  expect(webhookConnection(configuration.webhook!)).toEqual({ connection: { url: 'https://hooks/pa-th', secret: 'se-cret' }, template: '{ "text": "{{key}}" }' })
  expect(emailConnection(configuration.email!)).toEqual({ url: 'smtp://ana:pass-word@mail:587', from: 'motors@example.com', to: ['a@example.com', 'b@example.com'] })
  expect(mqttAlarmsConnection(configuration.mqttAlarms!)).toEqual({ url: 'mqtt://broker', clientId: 'motorwatch-alarms', retain: true })
  expect(notifyOptions(configuration.notify)).toEqual({ repeat: Infinity, maxAge: Infinity, group: { by: ['machine', 'severity'] }, quiet: { from: '22:00', to: '06:00', zone: 'Asia/Jakarta' } })
  const text = configurationText(configuration)
  expect(text).toContain('MOTORWATCH_NOTIFY_QUIET=22:00-06:00\n')
  for (const secret of ['pa-th', 'se-cret', 'pass-word']) expect(text).not.toContain(secret)
})

test('the topics of Kafka are names, or those that match a pattern', () => {
  const topicsOf = (text: string) => fromEnvironment({ ...brokers, MOTORWATCH_KAFKA_TOPICS: text }).kafka?.KAFKA_TOPICS
  expect(topicsOf('a, b.c')).toEqual(['a', 'b.c'])
  expect(topicsOf('/sensor_.*/')).toEqual(/sensor_.*/)
  for (const wrong of ['a b', '/(/', ',', '/']) expect(() => topicsOf(wrong)).toThrow(`MOTORWATCH_KAFKA_TOPICS=${wrong}: expected names of topics with commas between, or a pattern`)
})

test('what is printed has no secret', () => {
  const text = configurationText(fromEnvironment({ ...brokers, ...user, ...influx, ...s3 }))
  expect(text).toContain('MOTORWATCH_KAFKA_USERNAME=app\nMOTORWATCH_KAFKA_PASSWORD=(set, not shown)\n')
  for (const secret of ['pass-word', 'to-ken', 'se-cret', 'access']) expect(text).not.toContain(secret)
})

describe('is refused in one line, without secrets', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a variable that nobody knows', { ...brokers, MOTORWATCH_KAFKA_PASWORD: 'pass-word' }, 'MOTORWATCH_KAFKA_PASWORD: no such variable; there are MOTORWATCH_KAFKA_BROKERS'],
    ['half of what a user is', { ...brokers, MOTORWATCH_KAFKA_USERNAME: 'app' }, 'MOTORWATCH_KAFKA_SASL, MOTORWATCH_KAFKA_USERNAME, MOTORWATCH_KAFKA_PASSWORD belong together, and MOTORWATCH_KAFKA_SASL and MOTORWATCH_KAFKA_PASSWORD are not set'],
    ['a mechanism that there is not', { ...brokers, ...user, MOTORWATCH_KAFKA_SASL: 'gssapi' }, 'MOTORWATCH_KAFKA_SASL=gssapi: expected plain, scram-sha-256 or scram-sha-512'],
    ['an authority without TLS', { ...brokers, MOTORWATCH_KAFKA_TLS: 'false', MOTORWATCH_KAFKA_CA_FILE: ca }, 'MOTORWATCH_KAFKA_CA_FILE is for TLS, and MOTORWATCH_KAFKA_TLS is false'],
    ['an authority of an address without TLS', { ...influx, MOTORWATCH_INFLUX_URL: 'http://influx:8086', MOTORWATCH_INFLUX_CA_FILE: ca }, 'MOTORWATCH_INFLUX_CA_FILE is for TLS, and the address is http://influx:8086: write https://'],
    ['the same of S3', { ...s3, MOTORWATCH_S3_ENDPOINT: 'http://minio:9000', MOTORWATCH_S3_CA_FILE: ca }, 'MOTORWATCH_S3_CA_FILE is for TLS'],
    ['a secret twice', { ...influx, MOTORWATCH_INFLUX_TOKEN_FILE: ca }, 'MOTORWATCH_INFLUX_TOKEN and MOTORWATCH_INFLUX_TOKEN_FILE are both set'],
    ['a file of a secret that is not there', { MOTORWATCH_INFLUX_URL: 'http://influx:8086', MOTORWATCH_INFLUX_TOKEN_FILE: join(dir, 'none') }, 'MOTORWATCH_INFLUX_TOKEN_FILE: ENOENT'],
    ['a password of MQTT without a user', { ...mqtt, MOTORWATCH_MQTT_PASSWORD: 'pass-word' }, 'MOTORWATCH_MQTT_PASSWORD is set, and MOTORWATCH_MQTT_USERNAME is not'],
    ['an address of MQTT that is none', { ...mqtt, MOTORWATCH_MQTT_URL: 'http://broker' }, 'MOTORWATCH_MQTT_URL=http://broker: expected an address such as mqtt://localhost:1883'],
    ['a version of MQTT that there is not', { ...mqtt, MOTORWATCH_MQTT_VERSION: '4' }, 'MOTORWATCH_MQTT_VERSION=4: expected 5 or 3.1.1'],
    ['an authority of MQTT without TLS', { ...mqtt, MOTORWATCH_MQTT_CA_FILE: ca }, 'MOTORWATCH_MQTT_CA_FILE is for TLS, and the address is mqtt://broker'],
    ['quiet hours by nobody\'s clock', { MOTORWATCH_NOTIFY_QUIET: '22:00-06:00' }, 'MOTORWATCH_NOTIFY_QUIET is set, and MOTORWATCH_NOTIFY_ZONE is not'],
    ['quiet hours that are none', { MOTORWATCH_NOTIFY_QUIET: '22-6' }, 'MOTORWATCH_NOTIFY_QUIET=22-6: expected two times of day such as 22:00-06:00'],
    ['a zone that there is not', { MOTORWATCH_NOTIFY_ZONE: 'Jakarta' }, 'MOTORWATCH_NOTIFY_ZONE=Jakarta: expected an IANA name'],
    ['an age that is none', { MOTORWATCH_NOTIFY_MAX_AGE: 'never' }, "MOTORWATCH_NOTIFY_MAX_AGE=never: expected a length of time such as '1d' or '1h30m', or 'any'"],
    ['a group by what there is not', { MOTORWATCH_NOTIFY_GROUP_BY: 'hall' }, 'MOTORWATCH_NOTIFY_GROUP_BY=hall: expected some of machine, rule, class, severity'],
    ['an address of mail that is none', { MOTORWATCH_SMTP_URL: 'http://ana:pass-word@mail', MOTORWATCH_SMTP_FROM: 'a@b', MOTORWATCH_SMTP_TO: 'c@d' }, 'MOTORWATCH_SMTP_URL: expected an address such as smtp://'],
    ['mail to nobody', { MOTORWATCH_SMTP_URL: 'smtp://mail', MOTORWATCH_SMTP_FROM: 'a@b' }, 'MOTORWATCH_SMTP_URL, MOTORWATCH_SMTP_FROM are set, and MOTORWATCH_SMTP_TO not'],
    ['part of a server', { MOTORWATCH_S3_SECRET_KEY: 'se-cret' }, 'MOTORWATCH_S3_SECRET_KEY is set, and MOTORWATCH_S3_ENDPOINT, MOTORWATCH_S3_ACCESS_KEY not'],
  ])('%s', (_, env, words) => {
    let message = 'not refused'
    try {
      fromEnvironment(env)
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
      message = (error as Error).message
    }
    expect(message).toContain(words)
    expect(message).not.toMatch(/\n|pass-word|to-ken|se-cret/)
  })

  test('a file of an authority that is not there, and one that is none', () => {
    const of = (path: string) => () => kafkaConnection(fromEnvironment({ ...brokers, MOTORWATCH_KAFKA_CA_FILE: path }).kafka!)
    expect(of('/nowhere/ca.pem')).toThrow('MOTORWATCH_KAFKA_CA_FILE=/nowhere/ca.pem: there is no such file; expected the certificate of the authority, in PEM')
    expect(of(file('no.pem', 'no certificate'))).toThrow('there is no \'-----BEGIN CERTIFICATE-----\' in it')
  })
})
