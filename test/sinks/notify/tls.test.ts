import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as httpsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as tlsServer } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Sink } from '../../../src/model/index.js'
import { describeWaiting } from '../../../src/net/waiting.js'
import type { Waiting } from '../../../src/net/waiting.js'
import { alertmanagerSink } from '../../../src/sinks/alertmanager.js'
import { emailSink } from '../../../src/sinks/email.js'
import { mqttSink } from '../../../src/sinks/mqtt.js'
import { webhookSink } from '../../../src/sinks/webhook.js'
import { authority } from '../../servers/start/certificates.js'
import type { Authority } from '../../servers/start/certificates.js'
import { alarm } from './alarms.js'

interface Credentials { readonly cert: string; readonly key: string }
interface How { readonly ca?: string; readonly onWaiting: (waiting: Waiting | undefined) => void }
interface Target {
  /** Takes what is told; `got` is called for each that has come over TLS. */
  serve(credentials: Credentials, got: () => void): Server
  sink(at: string, how: How): Sink
  readonly variable: string
  readonly server: string
}

const https = ({ cert, key }: Credentials, got: () => void): Server => httpsServer({ cert, key }, (request, response) => {
  request.resume()
  got()
  response.writeHead(200).end()
})

const smtp = (secure: boolean) => ({ cert, key }: Credentials, got: () => void): Server => {
  const mail = new SMTPServer({
    secure, cert, key, disableReverseLookup: true,
    onAuth: (_, { secure: over }, done) => { done(over ? null : new Error('in the clear'), { user: 'ana' }) },
    onData(stream, _, done) {
      stream.resume().once('end', () => {
        got()
        done()
      })
    },
  })
  mail.on('error', () => undefined)
  return mail.server
}

const mailTo = (url: string, how: How): Sink => emailSink({ url, from: 'motors@example.com', to: 'night@example.com', ...how })

const targets: Readonly<Record<string, Target>> = {
  'a webhook': { serve: https, variable: 'MOTORWATCH_WEBHOOK_CA_FILE', server: 'webhook', sink: (at, how) => webhookSink({ url: `https://${at}/hook/s3cret?token=s3cret`, secret: 's3cret', ...how }) },
  'an Alertmanager': { serve: https, variable: 'MOTORWATCH_ALERTMANAGER_CA_FILE', server: 'alertmanager', sink: (at, how) => alertmanagerSink({ url: `https://${at}/s3cret`, ...how }) },
  'a mail server, by STARTTLS': { serve: smtp(false), variable: 'MOTORWATCH_SMTP_CA_FILE', server: 'email', sink: (at, how) => mailTo(`smtp://ana:s3cret@${at}`, how) },
  'a mail server, with TLS from the start': { serve: smtp(true), variable: 'MOTORWATCH_SMTP_CA_FILE', server: 'email', sink: (at, how) => mailTo(`smtps://ana:s3cret@${at}`, how) },
}

/** No broker is needed to see that it is not trusted; one that is, is in test/servers/notify-mqtt.test.ts. */
const broker: Target = {
  serve: ({ cert, key }) => tlsServer({ cert, key }), variable: 'MOTORWATCH_NOTIFY_MQTT_CA_FILE', server: 'mqtt',
  sink: (at, how) => mqttSink({ url: `mqtts://${at}`, clientId: 'alarms', username: 'ana', password: 's3cret', ...how }),
}

describe.skipIf(spawnSync('openssl', ['version']).error !== undefined)('over TLS', () => {
  let folder: string
  let ours: Authority
  let others: Authority
  let certificates: Readonly<Record<'right' | 'expired' | 'elsewhere', Credentials>>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'motorwatch-notify-tls-'))
    ;[ours, others] = await Promise.all([authority(folder), authority(folder, 'other')])
    const issued = async (name: string, host: string, days?: number): Promise<Credentials> => {
      const { cert, key } = await ours.issue(name, host, days)
      return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
    }
    certificates = { right: await issued('right', 'IP:127.0.0.1'), expired: await issued('expired', 'IP:127.0.0.1', -1), elsewhere: await issued('elsewhere', 'DNS:elsewhere.example') }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function tell({ serve, sink: of }: Target, certificate: keyof typeof certificates, ca?: string) {
    let got = 0
    const server = serve(certificates[certificate], () => { got++ }).on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const waits: Waiting[] = []
    const sink = of(at, { ...(ca === undefined ? {} : { ca }), onWaiting: (waiting) => { if (waiting !== undefined) waits.push(waiting) } })
    onTestFinished(async () => {
      await sink.close(false)
      server.close()
    })
    await sink.open()
    await sink.write([alarm('raised', 1)])
    await vi.waitFor(() => { expect(got + waits.length).toBeGreaterThan(0) }, 20_000)
    return { at, got, waits }
  }

  test.each(Object.keys(targets))('%s whose authority is given is told', async (name) => {
    expect(await tell(targets[name]!, 'right', ours.ca)).toMatchObject({ got: 1, waits: [] })
  })

  const all = { ...targets, 'a broker of MQTT': broker }
  test.each(Object.keys(all).flatMap((name) => [
    { name, what: 'of an authority that is not known', certificate: 'right', ca: () => undefined, why: 'is signed by nobody known here: give the certificate of its authority as `ca` (VARIABLE)' },
    { name, what: 'of another authority than was given', certificate: 'right', ca: () => others.ca, why: 'is signed by nobody known here: give the certificate of its authority as `ca` (VARIABLE)' },
    { name, what: 'that has run out', certificate: 'expired', ca: () => ours.ca, why: 'is out of date: renew it, or set the clock of this machine' },
    { name, what: 'for another host', certificate: 'elsewhere', ca: () => ours.ca, why: 'is for another host: use the name that is in it, or have one made for this one' },
  ] as const))('$name with a certificate $what is told nothing, and waited for: one line, with its address and why', async ({ name, certificate, ca, why }) => {
    const target = all[name as keyof typeof all]
    const { at, got, waits: [first] } = await tell(target, certificate, ca())
    expect(got).toBe(0)
    expect(first!.why).toBe(`the certificate of ${at} ${why.replace('VARIABLE', target.variable)}`)
    const line = describeWaiting(first!)
    expect(line).toMatch(new RegExp(`^waiting for ${target.server} ${at} since .*$`))
    expect(line).not.toContain('s3cret')
  })

  test.each([
    ['a webhook', 'https', targets['a webhook']!],
    ['a mail server', 'smtps', targets['a mail server, with TLS from the start']!],
  ])('%s that speaks no TLS is waited for, and this is said', async (_, scheme, target) => {
    const { at, waits } = await tell({ ...target, serve: () => createServer((socket) => { socket.on('error', () => undefined).end('220 hello\r\n') }) }, 'right', ours.ca)
    expect(waits[0]!.why).toBe(`${at} does not speak TLS: use its TLS port, or leave out the s of ${scheme}://`)
  })
})
