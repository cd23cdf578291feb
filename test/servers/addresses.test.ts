import { expect, test } from 'vitest'
import { addressOf, fromEnvironment, toEnvironment } from './addresses.js'

const influx = { url: 'http://127.0.0.1:8086', token: 'token', org: 'org', bucket: 'bucket' }
const kafka = { brokers: ['127.0.0.1:9092', '127.0.0.1:9093'] }

test('an address is the same after the way through the environment', () => {
  expect(fromEnvironment('influx', toEnvironment('influx', influx))).toEqual(influx)
  expect(toEnvironment('kafka', kafka)).toEqual({ MOTORWATCH_KAFKA_BROKERS: '127.0.0.1:9092,127.0.0.1:9093' })
  expect(fromEnvironment('kafka', toEnvironment('kafka', kafka))).toEqual(kafka)
})

test('nothing is known of a server that the environment does not name, and half of it is an error', () => {
  expect(fromEnvironment('minio', {})).toBeUndefined()
  expect(fromEnvironment('minio', { MOTORWATCH_S3_ENDPOINT: '' })).toBeUndefined()
  expect(() => fromEnvironment('influx', { MOTORWATCH_INFLUX_URL: influx.url, MOTORWATCH_INFLUX_ORG: 'org' }))
    .toThrow('the environment has some of what influx needs, but not MOTORWATCH_INFLUX_TOKEN, MOTORWATCH_INFLUX_BUCKET: set all or none')
})

test('of a server, only its address', () => {
  expect(addressOf('influx', { ...influx, pid: 1 } as typeof influx)).toEqual(influx)
})
