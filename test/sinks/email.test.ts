import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Alarm } from '../../src/model/index.js'
import { emailSink } from '../../src/sinks/email.js'
import type { EmailSinkOptions } from '../../src/sinks/email.js'
import { subjectOf, textOf } from '../../src/sinks/email/text-of.js'
import { messageOf } from '../../src/sinks/notify/notification.js'
import type { Notification } from '../../src/sinks/notify/notification.js'
import { alarm } from './notify/alarms.js'

const refusal = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code })

/** A mail server; `says` is its answer to the nth mail, or to a recipient: nothing takes it. */
async function mailServer(says: (n: number) => Error | undefined = () => undefined, recipient: (address: string) => Error | undefined = () => undefined) {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true,
    onAuth: (_, __, done) => { done(refusal(535, 'no such user')) },
    onRcptTo: ({ address }, _, done) => { done(recipient(address) ?? null) },
    onData(stream, _, done) {
      let text = ''
      stream.setEncoding('utf8').on('data', (part: string) => { text += part }).once('end', () => {
        mails.push(text)
        done(says(mails.length) ?? null)
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => { server.close(() => { resolve() }) }))
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails }
}

async function opened(options: Pick<EmailSinkOptions, 'url'> & Partial<EmailSinkOptions>) {
  const sink = emailSink({ from: 'motors@example.com', to: ['night@example.com'], onWaiting: () => undefined, ...options })
  await sink.open()
  onTestFinished(() => sink.close(false))
  return sink
}

const until = (is: () => boolean): Promise<unknown> => vi.waitFor(() => { expect(is()).toBe(true) }, { timeout: 10_000, interval: 5 })
const at = (raisedAt: number): Partial<Alarm> => ({ raisedAt: raisedAt * 1_000 })
const idOf = (mail: string): string | undefined => /^Message-ID: <([^>]+)>/mi.exec(mail)?.[1]

test('a mail is tried again until the server takes it, under the same Message-ID; its end is another one', async () => {
  const { url, mails } = await mailServer((n) => (n === 1 ? refusal(451, 'come back later') : undefined))
  const waits: (string | undefined)[] = []
  const sink = await opened({ url, onWaiting: (waiting) => { waits.push(waiting?.why) } })
  await sink.write([alarm('raised', 1)])
  await until(() => waits.at(-1) === undefined && waits.length > 0)
  await sink.write([alarm('cleared', 2, at(1))])
  await until(() => mails.length === 3)
  expect(waits[0]).toContain('come back later')
  expect(mails.map((mail) => /^Subject: (.*)\r$/m.exec(mail)?.[1])).toEqual(['[HIGH] M1: hot', '[HIGH] M1: hot', '[resolved] M1: hot'])
  expect(new Set(mails.map(idOf)).size).toBe(2)
  expect(idOf(mails[0]!)).toMatch(/^[0-9a-f]{32}@example\.com$/)
  expect(mails[0]).toMatch(/^From: motors@example\.com\r$[^]*^To: night@example\.com\r$/m)
})

test('what the server refuses for good is told of and not sent again', async () => {
  const { url, mails } = await mailServer(undefined, (address) => (address.startsWith('nobody') ? refusal(550, 'no such mailbox') : undefined))
  const refused: string[] = []
  const sink = await opened({ url, to: 'nobody@example.com', onRefused: (_, why) => { refused.push(why) } })
  await sink.write([alarm('raised', 1)])
  await until(() => refused.length === 1)
  expect(refused[0]).toMatch(/answers .*no such mailbox.*: look whether it takes mail from motors@example\.com to nobody@example\.com/)
  expect(mails).toEqual([])
})

test('a user is signed in over TLS alone, and the password is in no message', async () => {
  const { url } = await mailServer()
  const waits: string[] = []
  const sink = await opened({ url: url.replace('//', '//ana:s3cret@'), onWaiting: (waiting) => { waits.push(waiting?.why ?? '') } })
  await sink.write([alarm('raised', 1)])
  await until(() => waits.length > 0)
  expect(waits[0]).toMatch(/STARTTLS/i)
  expect(waits.join()).not.toContain('s3cret')
  expect(() => emailSink({ url: 'http://ana:s3cret@host', from: 'a@b', to: 'c@d' })).toThrow(/^email: url is none of smtp:\/\/ or smtps:\/\/; expected an address such as/)
  expect(() => emailSink({ url, from: 'a@b', to: 'c@d', zone: 'Jakarta' })).toThrow('email: zone: got "Jakarta"')
})

describe('the text', () => {
  const T = Date.UTC(2026, 0, 5, 20)
  const firing: Notification = {
    key: 'k', status: 'firing', repeat: 0, missed: 0,
    alarm: alarm('raised', T / 1_000, { message: 'M1: temperature_coil is 131.5\r\nBcc: x', sensor: 'temperature_coil', value: 131.5, limit: 120, unit: 'degC', since: T - 30_000, clears: 'temperature_coil below 115 for 1m' }),
  }

  test('says what is wrong, on which motor, since when by the clock there, why, and what would clear it', () => {
    const text = textOf(messageOf({}, [firing]), { zone: 'Asia/Jakarta', page: 'https://motors.example.com/' })
    expect(text).toBe(`M1: temperature_coil is 131.5 Bcc: x

Motor   M1
Alarm   hot, high, thermal
Raised  2026-01-06 03:00:00 GMT+7
Why     temperature_coil is 131.5 degC, the limit is 120 degC
Since   2026-01-06 02:59:30 GMT+7
Clears  temperature_coil below 115 for 1m

https://motors.example.com/
`)
  })

  test('says that it is over and why, how often it was told, and what was missed', () => {
    const over: Notification = { key: 'l', status: 'resolved', repeat: 0, missed: 2, alarm: alarm('shelved', T / 1_000 + 60, { raisedAt: T, by: 'ana', why: 'cleaning', value: NaN }) }
    const text = textOf(messageOf({}, [over, { ...firing, repeat: 2 }]), {})
    expect(text).toContain('Over    2026-01-05 20:01:00 UTC: shelved, cleaning (ana)\nBefore  it came and went 2 times, which could not be told')
    expect(text).toContain('Told    2 times before, and nobody has acknowledged it')
    expect(text).not.toContain('NaN')
  })

  test('has a subject of one line', () => {
    expect(subjectOf(messageOf({}, [{ ...firing, repeat: 1, alarm: { ...firing.alarm, machine: 'M1\nBcc: x' } }]))).toBe('[HIGH, still] M1\\u000aBcc: x: hot')
    expect(subjectOf(messageOf({}, [firing, firing]))).toBe('[HIGH] 2 alarms on M1')
    expect(subjectOf(messageOf({}, [firing, { ...firing, alarm: { ...firing.alarm, machine: 'M2' } }]))).toBe('[HIGH] 2 alarms on 2 machines')
  })
})
