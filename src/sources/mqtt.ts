import { decoder, KEPT, standardSensors } from '../model/index.js'
import type { Reading, Rejected, Sensors, Source } from '../model/index.js'
import { describeWaiting, type Waiting } from '../net/waiting.js'
import type { BrokerOptions } from './mqtt/broker.js'
import { decodeMessage } from './mqtt/message.js'
import { receive } from './mqtt/receive.js'
import { type EdgeNode, sparkplugCodec } from './mqtt/sparkplug-codec.js'
import { rebirth } from './mqtt/sparkplug-payload.js'
import { openSpool, type Spool } from './mqtt/spool.js'
import { decodeTopic } from './mqtt/topic-codec.js'
import { SPARKPLUG, topicTemplate } from './mqtt/topic-template.js'

export { describeWaiting, type Waiting } from '../net/waiting.js'

export interface MqttSourceOptions extends BrokerOptions {
  /** `plant/{machine}/{sensor}`: what the topic names need not be in the payload. `+` and a last `#` as in MQTT. One that begins with `spBv1.0/` is of Sparkplug B: `spBv1.0/plant1/#`. */
  readonly topics: readonly string[]
  /** A directory for this source alone, on a disk of this machine: what has come is kept there until no checkpoint needs it. */
  readonly spool: string
  /** The sensors that are known; left out: `standardSensors`. */
  readonly sensors?: Sensors
  /** Told after each attempt to reach the broker that failed in passing, and undefined when it goes on; `describeWaiting` puts it in words. Left out: the first failure and the return are Node's warnings. */
  readonly onWaiting?: (waiting: Waiting | undefined) => void
}

interface MqttPosition {
  readonly spool: string
  readonly offset: number
  /** Of Sparkplug B: which metrics the aliases stand for. */
  readonly nodes?: readonly EdgeNode[]
}

const BATCH = 1_000
/** An edge node is not asked again for so many milliseconds. */
const ASKED = 10_000

/**
 * Readings from an MQTT broker, 3.1.1 or 5, with QoS 1 and a session that the broker keeps under `clientId`.
 *
 * A message is acknowledged when it is on this machine's disk, in the *spool*; from there it is handed over. The position is a place in the spool, so read again from a checkpoint the same items come in the same order:
 * killed at any moment, nothing that the broker has delivered is lost. What the broker sends again, because the acknowledgement was lost, is in the spool twice; with a time of its own it is the same reading, and `inOrder` drops it.
 * While the pipeline waits, the spool grows and memory does not. What lies before the last three checkpoints of a run is removed; a run without checkpoints keeps all, and reads all again.
 *
 * A payload is a bare number, or a JSON object as `decoder()` takes it: `{ "value": 61.2, "timestamp": "2026-01-05T06:00:00Z", "unit": "degC" }`. Without a time it is of the moment when it came, which is kept in the spool;
 * a retained message without one is rejected. What cannot be decoded, and what is empty, goes out as `rejected` with `topic@offset`.
 *
 * `read` rejects in a few seconds, in one line, where address, certificate, user, right, topic or client id is wrong, and where another client takes its place. A broker that goes away later is waited for. The data never end.
 * Throws a RangeError for options that cannot be.
 *
 * @example
 * run({
 *   source: mqttSource({ url: 'mqtt://localhost:1883', clientId: 'motorwatch-hall-1', topics: ['plant/{machine}/{sensor}'], spool: 'run/spool' }),
 *   pipeline,
 *   sinks,
 *   checkpoints: { store: 'run/checkpoints' },
 * })
 */
export function mqttSource(options: MqttSourceOptions): Source<Reading | Rejected> {
  checkOptions(options)
  const { clientId, topics, sensors = standardSensors, onWaiting = warnOnce() } = options
  const templates = topics.map(topicTemplate)
  const plain = templates.filter(({ sparkplug }) => !sparkplug)
  const sparkplug = plain.length < templates.length
  const readings = decoder({ sensors })
  let open: Spool | undefined
  let saved: number[] = []

  return {
    name: `mqtt:${clientId}`,
    async read(accept, { from, signal }) {
      const spool = await openSpool(options.spool)
      const over = new AbortController()
      const told = AbortSignal.any([signal, over.signal])
      let failure: { readonly error: unknown } | undefined
      try {
        const start: Omit<MqttPosition, 'spool'> = from === undefined ? { offset: spool.start } : asPosition(from, spool, options.spool)
        open = spool
        const receiver = receive(options, templates.map(({ filter }) => filter), spool, { signal: told, onWaiting })
        const received = receiver.done.catch((error: unknown) => {
          failure = { error }
          over.abort()
        })
        const asked = new Map<string, number>()
        const codec = sparkplugCodec({
          sensors, decoder: readings, saved: start.nodes ?? [],
          ask(group, node) {
            const topic = `${SPARKPLUG}${group}/NCMD/${node}`
            if (Date.now() - (asked.get(topic) ?? -Infinity) < ASKED) return
            asked.set(topic, Date.now())
            receiver.publish(topic, rebirth(Date.now()))
          },
        })

        let items: (Reading | Rejected)[] = []
        const handOver = async (offset: number): Promise<void> => {
          const batch = { items, position: { spool: spool.id, offset, ...(sparkplug ? { nodes: codec.save() } : {}) } satisfies MqttPosition }
          items = []
          await accept(batch)
        }
        try {
          for (let { offset } = start; !told.aborted; ) {
            const records = await spool.read(offset)
            if (records.length === 0) await spool.beyond(offset, told)
            for (const { offset: at, next, record } of records) {
              const message = decodeMessage(record)
              if (sparkplug && message.topic.startsWith(SPARKPLUG)) items.push(...codec.decode(message, at))
              else items.push(decodeTopic(message, at, plain, readings))
              offset = next
              if (items.length >= BATCH) await handOver(offset)
              if (told.aborted) break
            }
            if (items.length > 0 && !told.aborted) await handOver(offset)
          }
        } finally {
          over.abort()
          await received
        }
        if (failure !== undefined) throw failure.error
        return false
      } finally {
        open = undefined
        await spool.close()
      }
    },
    async saved(position) {
      saved = [...saved, (position as MqttPosition | undefined)?.offset ?? 0].slice(-KEPT)
      if (saved.length === KEPT) await open?.trim(Math.min(...saved))
    },
  }
}

function checkOptions({ url, clientId, topics, username, password, ca }: MqttSourceOptions): void {
  const wrong = (why: string): never => { throw new RangeError(`mqtt source: ${why}`) }
  if (!URL.canParse(url) || !/^(mqtts?|wss?):\/\//.test(url)) wrong('`url` is none; expected one such as mqtt://localhost:1883, mqtts://, ws:// or wss://')
  const address = new URL(url)
  if (address.username !== '' || address.password !== '') wrong('`url` holds a user or a password; give them as `username` and `password`')
  if (ca !== undefined && !/s:$/.test(address.protocol)) wrong(`\`ca\` is for TLS, and the address is ${address.protocol}//${address.host}: write ${address.protocol === 'ws:' ? 'wss' : 'mqtts'}://, or leave it out`)
  if (password !== undefined && username === undefined) wrong('`password` is given, and `username` is not')
  if (clientId === '' || clientId.length > 256) wrong('`clientId` is empty or too long; expected a name of its own, for the broker keeps what comes under it')
  if (topics.length === 0) wrong('`topics` is empty; expected one such as plant/{machine}/{sensor}')
}

function asPosition(from: unknown, spool: Spool, dir: string): MqttPosition {
  const { spool: id, offset, nodes } = (from ?? {}) as Partial<Record<keyof MqttPosition, unknown>>
  if (typeof id !== 'string' || !Number.isSafeInteger(offset)) throw new Error(`mqtt source: cannot resume: the saved position is ${JSON.stringify(from)?.slice(0, 200)}; expected { spool, offset }, as a batch of this source had it`)
  const lost = id !== spool.id ? 'is another one than that of the checkpoint' : (offset as number) < spool.start || (offset as number) > spool.end ? `has the offsets ${spool.start} to ${spool.end}, and the checkpoint was taken at ${offset as number}` : undefined
  if (lost !== undefined) throw new Error(`mqtt source: cannot resume: the spool in ${dir} ${lost}: bring the right one back, or start afresh with other checkpoints, which reads all that is in it`)
  return { spool: id, offset: offset as number, ...(Array.isArray(nodes) ? { nodes: nodes as readonly EdgeNode[] } : {}) }
}

function warnOnce(): (waiting: Waiting | undefined) => void {
  return (waiting) => {
    if (waiting === undefined) process.emitWarning('mqtt: the broker is back')
    else if (waiting.attempts === 1) process.emitWarning(describeWaiting(waiting))
  }
}
