import mustache from 'mustache'
import { encodeItem } from '../../model/index.js'
import type { Message } from './notification.js'

/** As it stands between the quotes of JSON. */
const escape = (value: unknown): string => JSON.stringify(String(value)).slice(1, -1)

const SAMPLE: Message = {
  key: '0'.repeat(32),
  status: 'firing',
  group: { machine: 'M1' },
  notifications: [{
    key: 'rule/M1/2026-01-05T06:00:00Z/raised', status: 'firing', repeat: 0, missed: 0,
    alarm: { kind: 'alarm', id: 'rule/M1/2026-01-05T06:00:00Z/raised', occurrence: 'rule/M1/2026-01-05T06:00:00Z', time: 0, machine: 'M1', rule: 'rule', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'said "so"\nor so', raisedAt: 0, value: 1, limit: 0 },
  }],
}

/**
 * A template of Mustache as the `body` of a webhook: it is filled with the message, each value escaped as JSON wants it between quotes.
 * Throws a `RangeError` where it is no template, or does not make JSON.
 *
 * @example
 * webhookSink({
 *   url: 'https://hooks.example.com/motors',
 *   body: mustacheBody('{ "text": "{{#notifications}}{{status}}: {{alarm.message}}\\n{{/notifications}}" }'),
 * })
 */
export function mustacheBody(template: string): (message: Message) => string {
  const fill = (message: Message): string =>
    mustache.render(template, { ...message, notifications: message.notifications.map((each) => ({ ...each, alarm: JSON.parse(encodeItem(each.alarm)) as unknown })) }, undefined, { escape })
  let filled: string
  try {
    filled = fill(SAMPLE)
  } catch (error) {
    throw new RangeError(`webhook: the template is none of Mustache: ${(error as Error).message}`, { cause: error })
  }
  try {
    JSON.parse(filled)
  } catch (error) {
    throw new RangeError(`webhook: the template does not make JSON (${(error as Error).message}); expected it to stand around the values, with quotes around texts`, { cause: error })
  }
  return fill
}
