import { setTimeout as sleep } from 'node:timers/promises'
import { patiently } from '../../net/patiently.js'
import type { Waiting } from '../../net/waiting.js'
import { type BrokerOptions, connectBroker, type Connection, Final } from './broker.js'
import { diagnoseMqtt } from './diagnose.js'
import type { Spool } from './spool.js'

export interface Receiver {
  /** Resolves when it was told to stop; rejects with what will not mend itself, in one line. */
  readonly done: Promise<void>
  /** Sends without an acknowledgement; nothing where there is no connection. */
  publish(topic: string, payload: Uint8Array): void
}

export interface ReceiveOptions {
  readonly signal: AbortSignal
  readonly onWaiting: (waiting: Waiting | undefined) => void
}

/** How long a broker that does not answer is tried at the start. */
const PATIENCE = 1_500
/** In milliseconds: a connection that does not last so long, so many times, is one that somebody else ends. */
const SHORT = 15_000
const TIMES = 5

/** Keeps a connection that writes into the spool, and begins another when one ends, with pauses that double to 10 s. */
export function receive(options: BrokerOptions, filters: readonly string[], spool: Spool, { signal, onWaiting }: ReceiveOptions): Receiver {
  const { host } = new URL(options.url)
  const began = Date.now()
  const known = spool.end > 0
  let connection: Connection | undefined

  const work = async (): Promise<void> => {
    let before = false
    let short = 0
    let waited = false
    while (!signal.aborted) {
      connection = await patiently('mqtt', () => connectBroker(options, filters, spool), {
        server: `mqtt ${host}`,
        diagnose: (error) => diagnoseMqtt(error, options, { before, late: Date.now() - began > PATIENCE }),
        signal,
        onWaiting: (waiting) => {
          short = 0
          // At the start it is told by the rejection; and that it goes on is told when it does.
          if (waiting === undefined || !before) return
          waited = true
          onWaiting(waiting)
        },
      })
      if (waited) onWaiting(undefined)
      waited = false
      if ((before || known) && !connection.kept)
        process.emitWarning(`mqtt: the broker at ${host} has forgotten the session of '${options.clientId}': what was sent meanwhile it has not kept. Is its persistence on, and was this client away for less than a week?`)
      before = true
      const since = Date.now()
      const why = await Promise.race([connection.closed, aborted(signal)])
      if (why === undefined) return connection.end()
      if (why instanceof Final) throw new Error(`mqtt: ${why.message}`, { cause: why })
      short = Date.now() - since < SHORT ? short + 1 : 0
      if (short === TIMES) throw new Error(`mqtt: the broker at ${host} has ended ${TIMES} connections in a row, each within ${SHORT / 1_000} s (${why.message}): is another client there as '${options.clientId}'? Each needs a client id of its own`, { cause: why })
      await sleep(200 + 300 * Math.random(), undefined, { signal }).catch(() => undefined) // told to stop
    }
  }

  return {
    done: work().catch((error: unknown) => { if (!signal.aborted) throw error }),
    publish(topic, payload) { connection?.publish(topic, payload) },
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> => new Promise((resolve) => {
  if (signal.aborted) resolve(undefined)
  else signal.addEventListener('abort', () => { resolve(undefined) }, { once: true })
})
