import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { duration } from '../time/duration.js'
import type { Duration } from '../time/duration.js'

const Text = new t.Type<string, string, unknown>('a text that is not empty', (value): value is string => typeof value === 'string' && value !== '', (value, context) => (typeof value === 'string' && value !== '' ? t.success(value) : t.failure(value, context)), t.identity)

const Flag = new t.Type<boolean, string, unknown>('true or false', (value): value is boolean => typeof value === 'boolean', (value, context) => (value === 'true' ? t.success(true) : value === 'false' ? t.success(false) : t.failure(value, context)), String)

/** `brokers`, each `host:port`. */
const Brokers = new t.Type<readonly string[], string, unknown>("host:port, or several of them with commas between", (value): value is readonly string[] => Array.isArray(value), (value, context) => {
  const brokers = String(value).split(',').map((each) => each.trim())
  return brokers.every((each) => /^[^\s:/]+:\d{1,5}$/.test(each)) ? t.success(brokers) : t.failure(value, context)
}, (brokers) => brokers.join(','))

/** Names with commas between, or a pattern between slashes. */
const KafkaTopics = new t.Type<readonly string[] | RegExp, string, unknown>('names of topics with commas between, or a pattern such as /sensor_.*_stream/', (value): value is readonly string[] | RegExp => Array.isArray(value) || value instanceof RegExp, (value, context) => {
  const text = String(value)
  const pattern = /^\/(.+)\/$/.exec(text)?.[1]
  if (pattern !== undefined) {
    try {
      return t.success(new RegExp(pattern))
    } catch {
      return t.failure(value, context)
    }
  }
  const names = text.split(',').map((each) => each.trim())
  return names.every((name) => /^[\w.-]{1,249}$/.test(name)) ? t.success(names) : t.failure(value, context)
}, String)

const Url = new t.Type<URL, string, unknown>('an address such as http://localhost:9000', (value): value is URL => value instanceof URL, (value, context) => {
  const text = String(value)
  return /^https?:\/\//.test(text) && URL.canParse(text) ? t.success(new URL(text)) : t.failure(value, context)
}, String)

const MqttUrl = new t.Type<string, string, unknown>('an address such as mqtt://localhost:1883, mqtts://, ws:// or wss://, without user and password', (value): value is string => typeof value === 'string', (value, context) => {
  const text = String(value)
  return /^(mqtts?|wss?):\/\//.test(text) && URL.canParse(text) && !text.includes('@') ? t.success(text) : t.failure(value, context)
}, t.identity)

const SmtpUrl = new t.Type<string, string, unknown>('an address such as smtp://user:password@mail.example.com:587, or smtps://', (value): value is string => typeof value === 'string', (value, context) => {
  const text = String(value)
  return /^smtps?:\/\/./.test(text) && URL.canParse(text) ? t.success(text) : t.failure(value, context)
}, t.identity)

const Addresses = new t.Type<readonly string[], string, unknown>('an e-mail address, or several of them with commas between', (value): value is readonly string[] => Array.isArray(value), (value, context) => {
  const addresses = String(value).split(',').map((each) => each.trim())
  return addresses.every((each) => /^[^\s@]+@[^\s@]+$/.test(each)) ? t.success(addresses) : t.failure(value, context)
}, (addresses) => addresses.join(','))

const lengthOr = (word: string, example: string): t.Type<string, string, unknown> => new t.Type(`a length of time such as '${example}' or '1h30m', or '${word}'`, (value): value is string => typeof value === 'string', (value, context) => {
  const text = String(value)
  try {
    if (text !== word) duration(text as Duration)
    return t.success(text)
  } catch {
    return t.failure(value, context)
  }
}, t.identity)

const GROUP_LABELS = ['machine', 'rule', 'class', 'severity'] as const
type GroupLabels = readonly (typeof GROUP_LABELS)[number][]
const GroupBy = new t.Type<GroupLabels, string, unknown>(`some of ${GROUP_LABELS.join(', ')}, with commas between`, (value): value is GroupLabels => Array.isArray(value), (value, context) => {
  const labels = String(value).split(',').map((each) => each.trim())
  return labels.every((each) => GROUP_LABELS.includes(each as (typeof GROUP_LABELS)[number])) ? t.success(labels as unknown as GroupLabels) : t.failure(value, context)
}, (labels) => labels.join(','))

const Hours = new t.Type<{ readonly from: string; readonly to: string }, string, unknown>('two times of day such as 22:00-06:00', (value): value is { readonly from: string; readonly to: string } => typeof value === 'object', (value, context) => {
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(String(value)) ?? []
  return from !== undefined && to !== undefined && from !== to ? t.success({ from, to, toString: () => String(value) }) : t.failure(value, context)
}, ({ from, to }) => `${from}-${to}`)

const Zone = new t.Type<string, string, unknown>('an IANA name such as Asia/Jakarta', (value): value is string => typeof value === 'string', (value, context) => {
  try {
    return t.success(new Intl.DateTimeFormat('en', { timeZone: String(value) }) && String(value))
  } catch {
    return t.failure(value, context)
  }
}, t.identity)

const Topics = new t.Type<readonly string[], string, unknown>('a topic such as plant/{machine}/{sensor}, or several of them with commas between', (value): value is readonly string[] => Array.isArray(value), (value, context) => {
  const topics = String(value).split(',').map((each) => each.trim())
  return topics.every((each) => each !== '') ? t.success(topics) : t.failure(value, context)
}, (topics) => topics.join(','))

const MqttVersion = t.keyof({ '5': null, '3.1.1': null }, '5 or 3.1.1')

/** Where metrics and health are served. */
const Place = new t.Type<string, string, unknown>('host:port such as 0.0.0.0:9464, or a port of 127.0.0.1', (value): value is string => typeof value === 'string', (value, context) => {
  const port = Number(/^(?:[^\s:/]+:)?(\d{1,5})$/.exec(String(value))?.[1] ?? NaN)
  return port <= 65_535 ? t.success(String(value)) : t.failure(value, context)
}, t.identity)

/** `seed`: as the reference project writes them. */
const EventFormat = t.keyof({ alarms: null, seed: null }, 'alarms or seed')

const LogFormat = t.keyof({ text: null, json: null }, 'text or json')

const Mechanism = t.keyof({ 'plain': null, 'scram-sha-256': null, 'scram-sha-512': null }, 'plain, scram-sha-256 or scram-sha-512')

/** Of each server, and of the job itself: the variables without which it is not used, and those that may be left out. Their names are `MOTORWATCH_` and these. */
const parts = {
  kafka: { wanted: { KAFKA_BROKERS: Brokers }, more: { KAFKA_GROUP: Text, KAFKA_TOPICS: KafkaTopics, KAFKA_TLS: Flag, KAFKA_CA_FILE: Text, KAFKA_SASL: Mechanism, KAFKA_USERNAME: Text, KAFKA_PASSWORD: Text, KAFKA_EVENTS: EventFormat } },
  influx: { wanted: { INFLUX_URL: Url, INFLUX_TOKEN: Text }, more: { INFLUX_ORG: Text, INFLUX_BUCKET: Text, INFLUX_CA_FILE: Text } },
  s3: { wanted: { S3_ENDPOINT: Url, S3_ACCESS_KEY: Text, S3_SECRET_KEY: Text }, more: { S3_BUCKET: Text, S3_REGION: Text, S3_CA_FILE: Text } },
  mqtt: { wanted: { MQTT_URL: MqttUrl, MQTT_TOPICS: Topics }, more: { MQTT_CLIENT_ID: Text, MQTT_VERSION: MqttVersion, MQTT_USERNAME: Text, MQTT_PASSWORD: Text, MQTT_CA_FILE: Text } },
  alertmanager: { wanted: { ALERTMANAGER_URL: Url }, more: { ALERTMANAGER_CA_FILE: Text } },
  webhook: { wanted: { WEBHOOK_URL: Url }, more: { WEBHOOK_SECRET: Text, WEBHOOK_TEMPLATE: Text, WEBHOOK_CA_FILE: Text } },
  email: { wanted: { SMTP_URL: SmtpUrl, SMTP_FROM: Text, SMTP_TO: Addresses }, more: { SMTP_CA_FILE: Text } },
  mqttAlarms: { wanted: { NOTIFY_MQTT_URL: MqttUrl }, more: { NOTIFY_MQTT_TOPIC: Text, NOTIFY_MQTT_RETAIN: Flag, NOTIFY_MQTT_CLIENT_ID: Text, NOTIFY_MQTT_VERSION: MqttVersion, NOTIFY_MQTT_USERNAME: Text, NOTIFY_MQTT_PASSWORD: Text, NOTIFY_MQTT_CA_FILE: Text } },
  notify: { wanted: {}, more: { NOTIFY_REPEAT: lengthOr('never', '4h'), NOTIFY_MAX_AGE: lengthOr('any', '1d'), NOTIFY_GROUP_BY: GroupBy, NOTIFY_QUIET: Hours, NOTIFY_ZONE: Zone, NOTIFY_PAGE: Url } },
  job: { wanted: {}, more: { HTTP: Place, LOG: LogFormat } },
} as const

/** In no message, and not in `configurationText`. */
export const SECRETS: readonly string[] = ['KAFKA_PASSWORD', 'INFLUX_TOKEN', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'MQTT_PASSWORD', 'WEBHOOK_URL', 'WEBHOOK_SECRET', 'SMTP_URL', 'NOTIFY_MQTT_PASSWORD']
const PREFIX = 'MOTORWATCH_'

type Values<P extends keyof typeof parts> =
  & { readonly [K in keyof (typeof parts)[P]['wanted']]: (typeof parts)[P]['wanted'][K] extends t.Type<infer A, string, unknown> ? A : never }
  & { readonly [K in keyof (typeof parts)[P]['more']]?: (typeof parts)[P]['more'][K] extends t.Type<infer A, string, unknown> ? A : never }

/** The servers that the environment names, and what it says of the job; of each, its variables without `MOTORWATCH_`. */
export type Configuration = { readonly [P in keyof typeof parts]?: Values<P> }

export type Environment = Readonly<Record<string, string | undefined>>

/** The text of a variable, or what is in the file that `<name>_FILE` names, without its last line break: so containers hand over secrets. */
function textOf(env: Environment, name: string): string | undefined {
  const file = name.endsWith('_FILE') ? undefined : env[`${PREFIX}${name}_FILE`]
  const text = env[`${PREFIX}${name}`]
  if (file === undefined || file === '') return text === '' ? undefined : text
  if (text !== undefined && text !== '') throw new RangeError(`${PREFIX}${name} and ${PREFIX}${name}_FILE are both set: leave one of them out`)
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new RangeError(`${PREFIX}${name}_FILE: ${(error as Error).message}`)
  }
}

const CREDENTIALS = ['KAFKA_SASL', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const

/** What is right by itself, and makes no sense together. */
function checkTogether({ kafka, influx, s3, mqtt, alertmanager, webhook, mqttAlarms, notify }: Configuration): void {
  if (notify?.NOTIFY_QUIET !== undefined && notify.NOTIFY_ZONE === undefined) throw new RangeError(`${PREFIX}NOTIFY_QUIET is set, and ${PREFIX}NOTIFY_ZONE is not: say by whose clock, such as Asia/Jakarta`)
  const brokers = [['NOTIFY_MQTT', mqttAlarms?.NOTIFY_MQTT_URL, mqttAlarms?.NOTIFY_MQTT_USERNAME, mqttAlarms?.NOTIFY_MQTT_PASSWORD, mqttAlarms?.NOTIFY_MQTT_CA_FILE], ['MQTT', mqtt?.MQTT_URL, mqtt?.MQTT_USERNAME, mqtt?.MQTT_PASSWORD, mqtt?.MQTT_CA_FILE]] as const
  for (const [name, url, username, password, ca] of brokers) {
    if (password !== undefined && username === undefined) throw new RangeError(`${PREFIX}${name}_PASSWORD is set, and ${PREFIX}${name}_USERNAME is not: set both, or none`)
    if (ca !== undefined && !/^\w+s:/.test(url ?? '')) throw new RangeError(`${PREFIX}${name}_CA_FILE is for TLS, and the address is ${url ?? ''}: write mqtts:// or wss://, or leave the file out`)
  }
  if (kafka !== undefined) {
    const unset = CREDENTIALS.filter((name) => kafka[name] === undefined)
    if (unset.length > 0 && unset.length < CREDENTIALS.length) throw new RangeError(`${CREDENTIALS.map((name) => PREFIX + name).join(', ')} belong together, and ${unset.map((name) => PREFIX + name).join(' and ')} ${unset.length > 1 ? 'are' : 'is'} not set: set all of them, or none`)
    if (kafka.KAFKA_TLS === false && kafka.KAFKA_CA_FILE !== undefined) throw new RangeError(`${PREFIX}KAFKA_CA_FILE is for TLS, and ${PREFIX}KAFKA_TLS is false: leave one of them out`)
  }
  for (const [name, url, ca] of [['INFLUX_CA_FILE', influx?.INFLUX_URL, influx?.INFLUX_CA_FILE], ['S3_CA_FILE', s3?.S3_ENDPOINT, s3?.S3_CA_FILE], ['ALERTMANAGER_CA_FILE', alertmanager?.ALERTMANAGER_URL, alertmanager?.ALERTMANAGER_CA_FILE], ['WEBHOOK_CA_FILE', webhook?.WEBHOOK_URL, webhook?.WEBHOOK_CA_FILE]] as const)
    if (ca !== undefined && url?.protocol === 'http:') throw new RangeError(`${PREFIX}${name} is for TLS, and the address is ${url.origin}: write https://, or leave the file out`)
}

/** Throws a RangeError, in one line and without secrets, where a variable is wrong, is missing beside others, or is one that nobody knows. */
export function fromEnvironment(env: Environment): Configuration {
  const known = Object.values(parts).flatMap(({ wanted, more }) => [...Object.keys(wanted), ...Object.keys(more)])
  const strange = Object.keys(env).filter((name) => /^MOTORWATCH_(KAFKA|INFLUX|S3|MQTT|ALERTMANAGER|WEBHOOK|SMTP|NOTIFY|HTTP|LOG)(_|$)/.test(name) && !known.includes(name.slice(PREFIX.length)) && !known.includes(name.slice(PREFIX.length).replace(/_FILE$/, '')))
  if (strange.length > 0) throw new RangeError(`${strange.join(', ')}: no such variable; there are ${known.map((name) => PREFIX + name).join(', ')}`)
  const configuration: Configuration = Object.fromEntries(Object.entries(parts).flatMap(([part, { wanted, more }]) => {
    const given = Object.entries({ ...wanted, ...more }).flatMap(([name, type]) => {
      const text = textOf(env, name)
      return text === undefined ? [] : [{ name, text, type: type as t.Type<unknown, string, unknown> }]
    })
    if (given.length === 0) return []
    const missing = Object.keys(wanted).filter((name) => !given.some((each) => each.name === name))
    if (missing.length > 0) throw new RangeError(`${given.map(({ name }) => PREFIX + name).join(', ')} ${given.length > 1 ? 'are' : 'is'} set, and ${missing.map((name) => PREFIX + name).join(', ')} not: set all of them, or none`)
    return [[part, Object.fromEntries(given.map(({ name, text, type }) => {
      const value = type.decode(text)
      if (E.isLeft(value)) throw new RangeError(`${PREFIX}${name}${SECRETS.includes(name) || /\/\/[^/]*@/.test(text) ? '' : `=${text}`}: expected ${type.name}`)
      return [name, value.right]
    }))]]
  }))
  checkTogether(configuration)
  return configuration
}

/** As it is taken, a variable a line; secrets are not shown. */
export const configurationText = (configuration: Configuration): string =>
  Object.values(configuration).flatMap((values) => Object.entries(values as Readonly<Record<string, unknown>>)
    .map(([name, value]) => `${PREFIX}${name}=${SECRETS.includes(name) ? '(set, not shown)' : String(value)}\n`)).join('')
