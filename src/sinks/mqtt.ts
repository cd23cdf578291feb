import { connectAsync } from 'mqtt'
import type { MqttClient } from 'mqtt'
import { encodeItem } from '../model/index.js'
import type { Item, Sink } from '../model/index.js'
import { causes, describeFailure, failureOf } from '../net/failure.js'
import { topicOf } from './mqtt/topic.js'
import type { Message } from './notify/notification.js'
import { notifier } from './notify/notifier.js'
import type { NotifyOptions } from './notify/options.js'
import { Refused } from './notify/refused.js'

export type { Message, Notification } from './notify/notification.js'
export type { QuietHours } from './notify/quiet-hours.js'
export type { Waiting } from '../net/waiting.js'

export interface MqttSinkOptions extends Omit<NotifyOptions, 'group'> {
  /** `mqtt://host:1883`, `mqtts://` for TLS, `ws://` and `wss://` for WebSockets. */
  readonly url: string
  /** One for each job: whoever comes under it next takes its place. */
  readonly clientId: string
  /** `{machine}`, `{rule}`, `{class}` and `{severity}` stand for one level each, encoded as in an address. Left out: `motorwatch/alarms/{machine}/{rule}`. */
  readonly topic?: string
  /** The broker keeps the last notification of each topic, so that whoever subscribes later is told how each alarm stands. Left out: it does not. */
  readonly retain?: boolean
  /** Left out: `'5'`. */
  readonly version?: '5' | '3.1.1'
  readonly username?: string
  /** It is in no message. */
  readonly password?: string
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
}

const CONNECT = 5_000

/** Reason codes of MQTT 5 by which a broker does not take a message: not authorised, no such topic, packet too large, payload of another format. */
const REFUSALS: Readonly<Record<number, string>> = { 135: 'not authorised: give this user the right to publish there', 144: 'it has no such topic', 149: 'it is too large', 153: 'it wants another payload' }

/**
 * Tells of alarms on topics of MQTT, with QoS 1, each until the broker has acknowledged it. What is told, and when, and what is guaranteed: docs/notifications.md.
 * The payload is a notification as JSON: `{ key, status, repeat, missed, alarm }`. A broker sends what is not acknowledged to it again, so receivers go by `key`.
 *
 * What a broker of MQTT 5 refuses (not authorised, too large) is told to `onRefused` and not sent again; one of 3.1.1 cannot say so. All else is tried until it works, and told to `onWaiting`.
 * `write` never waits for the broker. `save` is what is still to be told; `open(saved)` goes on from it.
 *
 * @example
 * mqttSink({ url: 'mqtt://localhost:1883', clientId: 'motorwatch-alarms', topic: 'plant/{machine}/alarms/{rule}', retain: true, log: 'run/mqtt.log' })
 */
export function mqttSink<T extends Item = Item>({ url, clientId, topic = 'motorwatch/alarms/{machine}/{rule}', retain = false, version = '5', username, password, ca, ...options }: MqttSinkOptions): Sink<T> {
  if (!URL.canParse(url) || !/^(mqtts?|wss?):\/\//.test(url) || url.includes('@')) throw new RangeError('mqtt: url is none of mqtt://, mqtts://, ws:// or wss:// without user and password; expected an address such as mqtt://localhost:1883')
  const { host } = new URL(url)
  const place = topicOf(topic, retain)
  let client: MqttClient | undefined

  const leave = (): void => {
    client?.end(true)
    client = undefined
  }

  const connected = async (): Promise<MqttClient> => {
    if (client?.connected === true) return client
    leave()
    client = await connectAsync(url, {
      clientId, clean: true, reconnectPeriod: 0, connectTimeout: CONNECT, protocolVersion: version === '5' ? 5 : 4, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }), ...(ca === undefined ? {} : { ca, wsOptions: { ca } }),
    }, false)
    client.on('error', () => undefined)
    return client
  }

  const publish = async ({ notifications }: Message, closed: () => void): Promise<void> => {
    const to = await connected()
    to.once('close', closed)
    for (const notification of notifications) {
      const name = place(notification.alarm)
      const payload = JSON.stringify({ ...notification, alarm: JSON.parse(encodeItem(notification.alarm)) as unknown })
      await to.publishAsync(name, payload, { qos: 1, retain }).catch((error: unknown) => {
        const why = REFUSALS[Number((error as { readonly code?: unknown }).code)]
        throw why === undefined ? error : new Refused(`the broker at ${host} does not take what is published to ${name}: ${why}`, { cause: error })
      })
    }
    to.off('close', closed)
  }

  return notifier<T>({
    name: `mqtt:${host}`,
    server: `mqtt ${host}`,
    send: (message, signal) => new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        leave()
        reject(new Error(`no answer of ${host} in time`))
      }, { once: true })
      const closed = (): void => { reject(new Error(`the connection to ${host} was closed`)) }
      publish(message, closed).then(resolve, (error: unknown) => {
        if (!(error instanceof Refused)) leave()
        reject(error)
      })
    }),
    describe(error) {
      const failure = failureOf(error)
      if (failure !== undefined) return describeFailure(failure, { at: host, ca: '`ca` (MOTORWATCH_NOTIFY_MQTT_CA_FILE)', tls: `the s of ${new URL(url).protocol}//` })
      if ([4, 5, 134, 135].includes(Number((error as { readonly code?: unknown }).code))) return `the broker at ${host} does not let ${username === undefined ? 'a client without a user' : `the user '${username}'`} in: check \`username\` and \`password\` (MOTORWATCH_NOTIFY_MQTT_USERNAME, _PASSWORD)`
      return causes(error).map(({ message }) => message).findLast((message) => message !== '') ?? String(error)
    },
    async close() {
      await client?.endAsync().catch(() => undefined)
      client = undefined
    },
  }, options)
}
