import { connect } from 'mqtt'
import type { IClientOptions, IConnackPacket, MqttClient } from 'mqtt'
import { encodeMessage } from './message.js'
import type { Spool } from './spool.js'

export interface BrokerOptions {
  /** `mqtt://host:1883`, `mqtts://` for TLS, `ws://` and `wss://` for WebSockets. */
  readonly url: string
  /** The broker keeps what it has for this name while it is away. One at a time: whoever comes under it next takes its place. */
  readonly clientId: string
  /** Left out: `'5'`. */
  readonly version?: '5' | '3.1.1'
  readonly username?: string
  /** It is in no message. */
  readonly password?: string
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
}

/** A connection that has been subscribed. */
export interface Connection {
  /** The broker has kept what came while nobody was there. */
  readonly kept: boolean
  /** Resolves when it has come to its end, with why, and what it had taken in is durable; `Final` where another one would not help. */
  readonly closed: Promise<Error>
  publish(topic: string, payload: Uint8Array): void
  /** What has come is made durable and acknowledged first. */
  end(): Promise<void>
}

/** An answer that trying again would not change. */
export class Final extends Error {
  override readonly name = 'Final'
}

const ATTEMPT = 5_000
const KEEP_ALIVE = 15
/** For how long the broker is to keep the session: a week. */
const EXPIRY = 7 * 86_400
const TAKEN_OVER = 142
const NO_RIGHT = 135

const settings = ({ clientId, version = '5', username, password, ca }: BrokerOptions): IClientOptions => ({
  clientId, clean: false, reconnectPeriod: 0, resubscribe: false, connectTimeout: ATTEMPT, keepalive: KEEP_ALIVE, protocolVersion: version === '5' ? 5 : 4,
  ...(version === '5' ? { properties: { sessionExpiryInterval: EXPIRY } } : {}),
  ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }),
  ...(ca === undefined ? {} : { ca, wsOptions: { ca } }),
})

/**
 * Connects, subscribes, and writes what comes into the spool. A message is acknowledged when it is durable: what the client sends, acknowledgements among it, is held back (`cork`)
 * from the first message on until all that has been taken in is synced; so one sync is for all that has come at once, and meanwhile nothing more is taken from the connection.
 * Rejects where that fails, with the client's own error, or `Final` where a subscription is refused.
 */
export async function connectBroker(options: BrokerOptions, filters: readonly string[], spool: Spool): Promise<Connection> {
  const client = connect(options.url, settings(options))
  let why: Error | undefined
  let over = false
  let gathering = false
  let syncing: Promise<void> | undefined
  let idle = (): void => undefined

  const fail = (error: Error): void => {
    why ??= error
    over = true
    client.end(true)
  }
  const flush = async (): Promise<void> => {
    gathering = false
    try {
      await (syncing = spool.sync())
      client.stream.uncork()
    } catch (error) {
      fail(new Final((error as Error).message, { cause: error }))
    }
    syncing = undefined
    idle()
  }
  client.handleMessage = ({ topic, payload, retain }, done) => {
    const take = (): void => {
      if (over) return
      spool.append(encodeMessage({ arrived: Date.now(), retained: retain, topic, payload: Buffer.from(payload) }))
      if (!gathering) {
        gathering = true
        client.stream.cork()
        setImmediate(() => { void flush() })
      }
      done()
    }
    if (syncing === undefined) take()
    else void syncing.then(take, () => undefined)
  }
  const settled = async (): Promise<void> => {
    while (gathering || syncing !== undefined) await new Promise<void>((resolve) => { idle = resolve })
  }
  const closed = new Promise<Error>((resolve) => {
    client.once('close', () => {
      over = true
      void settled().then(() => { resolve(why ?? new Error('the connection was closed by the other side, without a word')) })
    })
  })
  client.on('error', (error) => { why ??= error })
  client.on('disconnect', ({ reasonCode = 0 }) => {
    why ??= reasonCode === TAKEN_OVER
      ? new Final(`another client has come as '${options.clientId}' and taken over its session (reason 142): each needs a client id of its own; stop one of them, or give it another`)
      : new Error(`the broker has ended the connection (reason ${reasonCode})`)
  })

  try {
    const connack = await Promise.race([connected(client), closed.then((error) => { throw error })])
    await Promise.race([subscribed(client, filters, options), closed.then((error) => { throw error })])
    return {
      kept: connack.sessionPresent,
      closed,
      publish(topic, payload) { if (!over) client.publish(topic, Buffer.from(payload), { qos: 0 }) },
      async end() {
        over = true
        await settled()
        const timer = setTimeout(() => { client.stream.destroy() }, 1_000)
        client.end()
        await closed
        clearTimeout(timer)
      },
    }
  } catch (error) {
    over = true
    client.end(true)
    client.stream.destroy()
    await closed
    throw error
  }
}

const connected = (client: MqttClient): Promise<IConnackPacket> => new Promise((resolve) => { client.once('connect', resolve) })

const subscribed = (client: MqttClient, filters: readonly string[], { version = '5', username }: BrokerOptions): Promise<void> => new Promise((resolve, reject) => {
  client.subscribe(Object.fromEntries(filters.map((filter) => [filter, { qos: 1 as const, ...(version === '5' ? { rh: 1 } : {}) }])), (error, _, packet) => {
    const codes = packet?.granted as readonly number[] | undefined
    if (codes === undefined) {
      reject(error ?? new Error('the subscription was not answered'))
      return
    }
    const refused = filters.flatMap((filter, i) => (codes[i] === 1 ? [] : [`'${filter}'${codes[i] === 0 ? ' with QoS 1, only without acknowledgements' : codes[i] === NO_RIGHT ? ' (not authorised)' : ` (reason ${codes[i]})`}`]))
    if (refused.length === 0) resolve()
    else reject(new Final(`the broker refuses to subscribe ${username === undefined ? 'a client without a user' : `the user '${username}'`} to ${refused.join(', ')}: give that user the right to read there, or take other topics`))
  })
})
