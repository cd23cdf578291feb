import { createHmac } from 'node:crypto'
import { encodeItem } from '../model/index.js'
import type { Item, Sink } from '../model/index.js'
import type { Message } from './notify/notification.js'
import { notifier } from './notify/notifier.js'
import type { NotifyOptions } from './notify/options.js'
import { describePost, httpUrl, post } from './notify/post.js'
import { Refused } from './notify/refused.js'

export type { GroupLabel, Message, Notification } from './notify/notification.js'
export type { GroupOptions, NotifyOptions } from './notify/options.js'
export type { QuietHours } from './notify/quiet-hours.js'
export type { Waiting } from '../net/waiting.js'
export { mustacheBody } from './notify/mustache-body.js'

export interface WebhookSinkOptions extends NotifyOptions {
  /** It may hold a secret: messages name its host only. */
  readonly url: string
  /** Of the signature: `whsec_` and Base64, or any text, which is taken as it is. Left out: nothing is signed. */
  readonly secret?: string
  /** What is sent, as JSON; a text is sent as it is. Left out: the message, `version: 1` before it. */
  readonly body?: (message: Message) => unknown
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
}

const bodyOf = (message: Message): unknown =>
  ({ version: 1, ...message, notifications: message.notifications.map((notification) => ({ ...notification, alarm: JSON.parse(encodeItem(notification.alarm)) as unknown })) })

const PREFIX = 'whsec_'

function keyFrom(secret: string): Buffer {
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret)
  if (key.length === 0) throw new RangeError(`webhook: the secret is empty; expected a text, or ${PREFIX} and Base64`)
  return key
}

/**
 * Tells of alarms by POST, each message until it is acknowledged by 2xx. What is told, and when, and what is guaranteed: docs/notifications.md.
 *
 * The headers are those of Standard Webhooks: `webhook-id` (the message's key, in `Idempotency-Key` too), `webhook-timestamp` and, with a secret, `webhook-signature`.
 * 5xx, 408, 425, 429 and no answer within 10 seconds are tried again until it works; any other status is told to `onRefused`, and that message is not sent again.
 * `write` never waits for the target. `save` is what is still to be told; `open(saved)` goes on from it.
 *
 * @example
 * webhookSink({
 *   url: 'https://hooks.example.com/motors',
 *   secret: process.env['WEBHOOK_SECRET'] ?? '',
 *   group: { by: ['machine'], wait: '30s' },
 *   quiet: { from: '22:00', to: '06:00', zone: 'Asia/Jakarta' },
 *   log: 'run/webhook.log',
 *   body: ({ status, notifications }) => ({ text: notifications.map(({ alarm }) => `${status}: ${alarm.message}`).join('\n') }),
 * })
 */
export function webhookSink<T extends Item = Item>({ url: text, secret, body = bodyOf, ca, ...options }: WebhookSinkOptions): Sink<T> {
  const url = httpUrl('webhook', text)
  const key = secret === undefined ? undefined : keyFrom(secret)

  const written = (message: Message): string => {
    try {
      const value = body(message)
      const json: unknown = typeof value === 'string' ? value : JSON.stringify(value)
      if (typeof json === 'string') return json
    } catch (error) {
      throw new Refused(`its body could not be made: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    throw new Refused('its body could not be made: `body` returned nothing; expected what is JSON, or a text')
  }

  return notifier<T>({
    name: `webhook:${url.host}`,
    server: `webhook ${url.host}`,
    async send(message, signal) {
      const json = written(message)
      const timestamp = String(Math.floor(Date.now() / 1_000))
      await post(url, {
        body: json,
        headers: {
          'idempotency-key': message.key,
          'webhook-id': message.key,
          'webhook-timestamp': timestamp,
          ...(key === undefined ? {} : { 'webhook-signature': `v1,${createHmac('sha256', key).update(`${message.key}.${timestamp}.${json}`).digest('base64')}` }),
        },
        ca,
        signal,
      })
    },
    describe: (error) => describePost(error, url, '`ca` (MOTORWATCH_WEBHOOK_CA_FILE)'),
  }, options)
}
