import { createTransport } from 'nodemailer'
import type { Item, Sink } from '../model/index.js'
import { show } from '../model/show.js'
import { causes, describeFailure, failureOf } from '../net/failure.js'
import { clockIn, subjectOf, textOf } from './email/text-of.js'
import type { Message } from './notify/notification.js'
import { notifier } from './notify/notifier.js'
import type { NotifyOptions } from './notify/options.js'
import { Refused } from './notify/refused.js'

export type { GroupLabel, Message, Notification } from './notify/notification.js'
export type { GroupOptions, NotifyOptions } from './notify/options.js'
export type { QuietHours } from './notify/quiet-hours.js'
export type { Waiting } from '../net/waiting.js'

export interface EmailSinkOptions extends NotifyOptions {
  /** Of the mail server: `smtp://host:587` (TLS by STARTTLS), `smtps://host:465` (TLS from the start); `smtp://user:password@host:587` signs in, over TLS alone. Messages name its host only. */
  readonly url: string
  readonly from: string
  readonly to: string | readonly string[]
  /** The plant's time zone, in which times are told: an IANA name. Left out: that of `quiet`, or UTC. */
  readonly zone?: string
  /** The address of the live page, which is below the text. */
  readonly page?: string
  /** What is sent. Left out: what is wrong, on which motor, since when, why it fired and what would clear it. */
  readonly mail?: (message: Message) => { readonly subject: string; readonly text: string }
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
}

/** Of the connection, of its greeting, and of silence after that. */
const SILENCE = 15_000
/** Servers that look for spam take their time. */
const LIMIT = 60_000

/**
 * Tells of alarms by e-mail, as plain text, until a mail server has taken it. What is told, and when, and what is guaranteed: docs/notifications.md.
 *
 * The `Message-ID` is the message's key: what is sent twice, because the answer was lost, is the same mail to those who look for that.
 * What the server refuses for good (5xx, of an address or of the mail) is told to `onRefused` and not sent again; all else, a wrong password too, is tried until it works, and told to `onWaiting`.
 * `write` never waits for the server. `save` is what is still to be told; `open(saved)` goes on from it.
 *
 * @example
 * emailSink({
 *   url: process.env['SMTP_URL'] ?? 'smtp://localhost:25',
 *   from: 'motors@example.com',
 *   to: ['maintenance@example.com'],
 *   group: { by: ['machine'] },
 *   quiet: { from: '22:00', to: '06:00', zone: 'Asia/Jakarta' },
 *   page: 'https://motors.example.com/',
 *   log: 'run/email.log',
 * })
 */
export function emailSink<T extends Item = Item>({ url, from, to, zone, page, mail, ca, ...options }: EmailSinkOptions): Sink<T> {
  const { hostname, port, protocol, username, password } = smtpUrl(url)
  const at = `${hostname}:${port === '' ? (protocol === 'smtps:' ? 465 : 587) : port}`
  const here = zone ?? options.quiet?.zone
  if (here !== undefined) checkZone(here)
  const signsIn = username !== ''
  const transport = createTransport({
    host: hostname, port: Number(at.split(':').at(-1)), secure: protocol === 'smtps:', requireTLS: signsIn,
    ...(signsIn ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: SILENCE, greetingTimeout: SILENCE, socketTimeout: SILENCE, disableFileAccess: true, disableUrlAccess: true,
  })
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'motorwatch'

  const written = (message: Message): { readonly subject: string; readonly text: string } => {
    try {
      return mail?.(message) ?? { subject: subjectOf(message), text: textOf(message, { zone: here, page }) }
    } catch (error) {
      throw new Refused(`it could not be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }

  const send = async (message: Message): Promise<void> => {
    const { subject, text } = written(message)
    try {
      const { rejected } = await transport.sendMail({ from, to: [...[to].flat()], subject, text, messageId: `<${message.key}@${domain}>` }) as { readonly rejected: readonly unknown[] }
      if (rejected.length > 0) process.emitWarning(`email ${at}: the server refuses ${rejected.map(String).join(', ')}; the others have got it`)
    } catch (error) {
      const { code = '', responseCode = 0, message: failed, response = failed } = error as Error & { readonly code?: string; readonly responseCode?: number; readonly response?: string }
      if (responseCode >= 500 && ['EENVELOPE', 'EMESSAGE'].includes(code)) throw new Refused(`${at} answers ${show(response)}: look whether it takes mail from ${from} to ${[to].flat().join(', ')}`, { cause: error })
      throw error
    }
  }

  return notifier<T>({
    name: `email:${at}`,
    server: `email ${at}`,
    limit: LIMIT,
    send: (message, signal) => new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => { reject(new Error(`no answer of ${at} in time`)) }, { once: true })
      send(message).then(resolve, reject)
    }),
    describe(error) {
      const { code, originalCode } = error as { readonly code?: unknown; /** Of Node: what is in `code` is of nodemailer. */ readonly originalCode?: unknown }
      const failure = failureOf({ code: originalCode, cause: error })
      if (failure !== undefined) return describeFailure(failure, { at, ca: '`ca` (MOTORWATCH_SMTP_CA_FILE)', tls: 'the s of smtps://' })
      if (code === 'EAUTH') return `${at} does not take this user and password: check those in the address (MOTORWATCH_SMTP_URL)`
      return causes(error).map(({ message }) => message).findLast((message) => message !== '') ?? String(error)
    },
    async close() { transport.close() },
  }, options)
}

/** Does not repeat the text, which may hold a password. */
function smtpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw new RangeError('email: url is none of smtp:// or smtps://; expected an address such as smtp://user:password@mail.example.com:587')
  return url
}

function checkZone(zone: string): void {
  try {
    clockIn(zone)
  } catch {
    throw new RangeError(`email: zone: got ${show(zone)}, expected an IANA name such as 'Asia/Jakarta'`)
  }
}
