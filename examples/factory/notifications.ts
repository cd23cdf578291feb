import { join } from 'node:path'
import type { Sink } from 'motorwatch'
import { alertmanagerConnection, emailConnection, mqttAlarmsConnection, notifyOptions, webhookConnection } from 'motorwatch/configuration'
import type { Configuration } from 'motorwatch/configuration'
import type { Waiting } from 'motorwatch/sinks/webhook'
import { configured } from './configured.js'
import { together } from './together.js'

/** The parts of the environment that say who is told of alarms. */
export const notifying = ['alertmanager', 'webhook', 'email', 'mqttAlarms', 'notify'] as const

export interface NotifyingOptions {
  /** Where what was told is kept; left out: nowhere. */
  readonly out?: string | undefined
  /** Of the partition, for a client id of its own. */
  readonly partition?: string
  readonly onWaiting?: (target: 'alertmanager' | 'webhook' | 'email' | 'mqtt', waiting: Waiting | undefined) => void
}

type Made = (options: NotifyingOptions) => readonly Sink[]

const NAME = 'notifications'

/** What tells people of alarms, as the environment names them; asked for once for each partition. Loads what is needed for those alone. Throws `WrongOption`. */
export async function notifications({ alertmanager, webhook, email, mqttAlarms, notify }: Configuration): Promise<(options: NotifyingOptions) => Sink> {
  const when = notifyOptions(notify)
  const age = when.maxAge === undefined ? {} : { maxAge: when.maxAge }
  const page = notify?.NOTIFY_PAGE === undefined ? {} : { page: notify.NOTIFY_PAGE.href }
  const zone = notify?.NOTIFY_ZONE === undefined ? {} : { zone: notify.NOTIFY_ZONE }
  const alone = (name: string, { out }: NotifyingOptions): { readonly log?: string } => (out === undefined ? {} : { log: join(out, `told-${name}.log`) })
  const made: Made[] = []
  if (alertmanager !== undefined) {
    const { alertmanagerSink } = await import('motorwatch/sinks/alertmanager')
    const connection = configured(() => alertmanagerConnection(alertmanager))
    made.push(({ onWaiting }) => [alertmanagerSink({ ...connection, ...age, ...page, ...(onWaiting && { onWaiting: (waiting) => { onWaiting('alertmanager', waiting) } }) })])
  }
  if (webhook !== undefined) {
    const { mustacheBody, webhookSink } = await import('motorwatch/sinks/webhook')
    const { connection, template } = configured(() => webhookConnection(webhook))
    const body = template === undefined ? {} : configured(() => ({ body: mustacheBody(template) }))
    made.push((options) => [webhookSink({ ...connection, ...when, ...body, ...alone('webhook', options), ...(options.onWaiting && { onWaiting: (waiting) => { options.onWaiting!('webhook', waiting) } }) })])
  }
  if (email !== undefined) {
    const { emailSink } = await import('motorwatch/sinks/email')
    const connection = configured(() => emailConnection(email))
    made.push((options) => [emailSink({ ...connection, ...when, ...page, ...zone, ...alone('email', options), ...(options.onWaiting && { onWaiting: (waiting) => { options.onWaiting!('email', waiting) } }) })])
  }
  if (mqttAlarms !== undefined) {
    const { mqttSink } = await import('motorwatch/sinks/mqtt')
    const { group: _, ...how } = when
    const connection = configured(() => mqttAlarmsConnection(mqttAlarms))
    made.push((options) => [mqttSink({
      ...connection, ...how, ...(options.partition === undefined ? {} : { clientId: `${connection.clientId}-${options.partition}` }), ...alone('mqtt', options), ...(options.onWaiting && { onWaiting: (waiting) => { options.onWaiting!('mqtt', waiting) } }),
    })])
  }
  const all = (options: NotifyingOptions): Sink => together(NAME, made.flatMap((one) => one(options)))
  // What is wrong is told before anything runs.
  configured(() => all({}))
  return all
}
