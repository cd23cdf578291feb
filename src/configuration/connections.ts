import { readFileSync } from 'node:fs'
import type { KafkaConnection } from '../kafka/client.js'
import type { Duration } from '../time/duration.js'
import type { Configuration } from './from-environment.js'

export interface InfluxConnection {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
  readonly ca?: string
}

const PEM = '-----BEGIN CERTIFICATE-----'

/** The certificates in a file. Throws a RangeError that names the variable where there are none. */
function authority(variable: string, path: string): string {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    throw new RangeError(`MOTORWATCH_${variable}=${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}; expected the certificate of the authority, in PEM`)
  }
  if (!pem.includes(PEM)) throw new RangeError(`MOTORWATCH_${variable}=${path}: there is no '${PEM}' in it; expected the certificate of the authority, in PEM`)
  return pem
}

/** As `kafkaSource` and `kafkaSink` take it. */
export function kafkaConnection({ KAFKA_BROKERS: brokers, KAFKA_TLS: tls, KAFKA_CA_FILE: ca, KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password }: NonNullable<Configuration['kafka']>): KafkaConnection {
  return {
    brokers,
    ...(ca !== undefined ? { ssl: { ca: authority('KAFKA_CA_FILE', ca) } } : tls === true ? { ssl: true } : {}),
    ...(mechanism === undefined || username === undefined || password === undefined ? {} : { sasl: { mechanism, username, password } }),
  }
}

/** As `influxSink` takes it. */
export const influxConnection = ({ INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org = 'motor_org', INFLUX_BUCKET: bucket = 'motor_bucket', INFLUX_CA_FILE: ca }: NonNullable<Configuration['influx']>): InfluxConnection =>
  ({ url: url.href, token, org, bucket, ...(ca === undefined ? {} : { ca: authority('INFLUX_CA_FILE', ca) }) })

/** As `mqttSource` takes it, but for the spool. */
export const mqttConnection = ({ MQTT_URL: url, MQTT_TOPICS: topics, MQTT_CLIENT_ID: clientId = 'motorwatch', MQTT_VERSION: version, MQTT_USERNAME: username, MQTT_PASSWORD: password, MQTT_CA_FILE: ca }: NonNullable<Configuration['mqtt']>) => ({
  url,
  topics,
  clientId,
  ...(version === undefined ? {} : { version }),
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(ca === undefined ? {} : { ca: authority('MQTT_CA_FILE', ca) }),
})

/** As the sinks of S3 take it. */
export const s3Connection = ({ S3_ENDPOINT: url, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey, S3_BUCKET: bucket = 'motor-data-lake', S3_REGION: region, S3_CA_FILE: ca }: NonNullable<Configuration['s3']>) => ({
  endPoint: url.hostname,
  ...(url.port === '' ? {} : { port: Number(url.port) }),
  useSSL: url.protocol === 'https:',
  accessKey,
  secretKey,
  bucket,
  ...(region === undefined ? {} : { region }),
  ...(ca === undefined ? {} : { ca: authority('S3_CA_FILE', ca) }),
})

/** As `alertmanagerSink` takes it. */
export const alertmanagerConnection = ({ ALERTMANAGER_URL: url, ALERTMANAGER_CA_FILE: ca }: NonNullable<Configuration['alertmanager']>) =>
  ({ url: url.href, ...(ca === undefined ? {} : { ca: authority('ALERTMANAGER_CA_FILE', ca) }) })

/** As `webhookSink` takes it; `template` is for `mustacheBody`. */
export const webhookConnection = ({ WEBHOOK_URL: url, WEBHOOK_SECRET: secret, WEBHOOK_TEMPLATE: template, WEBHOOK_CA_FILE: ca }: NonNullable<Configuration['webhook']>) => ({
  connection: { url: url.href, ...(secret === undefined ? {} : { secret }), ...(ca === undefined ? {} : { ca: authority('WEBHOOK_CA_FILE', ca) }) },
  template,
})

/** As `emailSink` takes it. */
export const emailConnection = ({ SMTP_URL: url, SMTP_FROM: from, SMTP_TO: to, SMTP_CA_FILE: ca }: NonNullable<Configuration['email']>) =>
  ({ url, from, to, ...(ca === undefined ? {} : { ca: authority('SMTP_CA_FILE', ca) }) })

/** As `mqttSink` takes it. */
export const mqttAlarmsConnection = ({ NOTIFY_MQTT_URL: url, NOTIFY_MQTT_TOPIC: topic, NOTIFY_MQTT_RETAIN: retain, NOTIFY_MQTT_CLIENT_ID: clientId = 'motorwatch-alarms', NOTIFY_MQTT_VERSION: version, NOTIFY_MQTT_USERNAME: username, NOTIFY_MQTT_PASSWORD: password, NOTIFY_MQTT_CA_FILE: ca }: NonNullable<Configuration['mqttAlarms']>) => ({
  url,
  clientId,
  ...(topic === undefined ? {} : { topic }),
  ...(retain === undefined ? {} : { retain }),
  ...(version === undefined ? {} : { version }),
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(ca === undefined ? {} : { ca: authority('NOTIFY_MQTT_CA_FILE', ca) }),
})

/** When people are told, as the sinks that tell them take it. `never` is the end of repeats, `any` an age without end. */
export const notifyOptions = ({ NOTIFY_REPEAT: repeat, NOTIFY_GROUP_BY: by, NOTIFY_QUIET: quiet, NOTIFY_ZONE: zone, NOTIFY_MAX_AGE: maxAge }: NonNullable<Configuration['notify']> = {}) => ({
  ...(repeat === undefined ? {} : { repeat: repeat === 'never' ? Infinity : (repeat as Duration) }),
  ...(maxAge === undefined ? {} : { maxAge: maxAge === 'any' ? Infinity : (maxAge as Duration) }),
  ...(by === undefined ? {} : { group: { by } }),
  ...(quiet === undefined || zone === undefined ? {} : { quiet: { from: quiet.from, to: quiet.to, zone } }),
})
