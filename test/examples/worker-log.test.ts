import { expect, test } from 'vitest'
import { fromEnvironment, SECRETS } from 'motorwatch/configuration'
import { loggable, workerLog } from '../../examples/factory/worker-log.js'

const environment = {
  MOTORWATCH_KAFKA_BROKERS: 'broker:9093', MOTORWATCH_KAFKA_SASL: 'plain', MOTORWATCH_KAFKA_USERNAME: 'ana', MOTORWATCH_KAFKA_PASSWORD: 'hidden-1',
  MOTORWATCH_INFLUX_URL: 'http://influx:8086', MOTORWATCH_INFLUX_TOKEN: 'hidden-2',
  MOTORWATCH_S3_ENDPOINT: 'http://minio:9000', MOTORWATCH_S3_ACCESS_KEY: 'hidden-3', MOTORWATCH_S3_SECRET_KEY: 'hidden-4', MOTORWATCH_HTTP: '9464', MOTORWATCH_LOG: 'json',
  MOTORWATCH_MQTT_URL: 'mqtt://broker', MOTORWATCH_MQTT_TOPICS: 'plant/{machine}/{sensor}', MOTORWATCH_MQTT_USERNAME: 'ana', MOTORWATCH_MQTT_PASSWORD: 'hidden-5',
  MOTORWATCH_WEBHOOK_URL: 'https://hooks/hidden-6', MOTORWATCH_WEBHOOK_SECRET: 'hidden-7', MOTORWATCH_SMTP_URL: 'smtp://ana:hidden-8@mail', MOTORWATCH_SMTP_FROM: 'a@b', MOTORWATCH_SMTP_TO: 'c@d',
  MOTORWATCH_NOTIFY_MQTT_URL: 'mqtt://broker', MOTORWATCH_NOTIFY_MQTT_USERNAME: 'ana', MOTORWATCH_NOTIFY_MQTT_PASSWORD: 'hidden-9',
}

test('lines of JSON say when, how grave and what; no secret of the configuration is in them', () => {
  const lines: string[] = []
  const log = workerLog('json', (line) => { lines.push(line) })
  const configuration = fromEnvironment(environment)
  log('started', { event: 'started', configuration: loggable(configuration) })
  log('waiting', { level: 'warn', server: 'influx' })
  expect(SECRETS).toHaveLength(9)
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(lines.join()).not.toContain(`hidden-${n}`)
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(first).toMatchObject({ level: 'info', msg: 'started', event: 'started', configuration: { kafka: { KAFKA_BROKERS: ['broker:9093'], KAFKA_PASSWORD: '(set, not shown)' }, influx: { INFLUX_URL: 'http://influx:8086/' }, job: { HTTP: '9464' } } })
  expect(Date.parse(String(first!['time']))).not.toBeNaN()
  expect(second).toMatchObject({ level: 'warn', msg: 'waiting', server: 'influx' })
})

test('lines of text are as they are', () => {
  const lines: string[] = []
  workerLog(undefined, (line) => { lines.push(line) })('-- 3 partitions', { event: 'status' })
  expect(lines).toEqual(['-- 3 partitions'])
})
