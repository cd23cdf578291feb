import { Kafka, logLevel } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { random } from '../random.js'

const SENSORS = [['temperature_coil', 120], ['vibration_rotor', 5], ['current', 50], ['pressure', 5_000]] as const

export interface FeedOptions {
  readonly brokers: readonly string[]
  /** One for each sensor, in this order: temperature, vibration, current, pressure. */
  readonly topics: readonly string[]
  readonly commands: string
  readonly partitions: number
  readonly machines: number
  readonly seed: number
}

export interface Feed {
  /** How many messages Kafka has acknowledged, commands apart. */
  readonly sent: () => number
  /** Resolves when all is acknowledged. */
  stop(): Promise<void>
}

/** Every so many seconds, a partition has nothing to tell for some: its time must go on by ticks. */
const [EVERY, SILENT] = [40, 9]

/**
 * Readings of now, four a second of each machine, with gaps, values beyond limits, doubles, some damage, and now and then a command; one partition a send, each tried until it is acknowledged.
 * It uses none of the library.
 */
export async function feed({ brokers, topics, commands, partitions, machines, seed }: FeedOptions): Promise<Feed> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, connectionTimeout: 1_000, requestTimeout: 5_000, retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 60 } })
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const next = random(seed)
  let going = true
  let acknowledged = 0
  const chains = new Map<string, Promise<void>>()
  const send = (topic: string, partition: number, values: readonly { readonly key: string; readonly value: string }[]): void => {
    const place = `${topic}/${partition}`
    const work = async (): Promise<void> => {
      for (;;) {
        try {
          await producer.send({ topic, acks: -1, messages: values.map((value) => ({ ...value, partition })) })
          if (topic !== commands) acknowledged += values.length
          return
        } catch {
          await sleep(200)
        }
      }
    }
    chains.set(place, (chains.get(place) ?? Promise.resolve()).then(work))
  }
  /** By machine and sensor: until when it lies beyond its limit. */
  const beyond = new Map<string, number>()

  const second = (now: number, count: number): void => {
    for (let partition = 0; partition < partitions; partition++) {
      const turn = (count + partition * Math.floor(EVERY / partitions)) % EVERY
      if (count > EVERY / 2 && turn < SILENT) continue
      for (const [i, [sensor, limit]] of SENSORS.entries()) {
        const values: { key: string; value: string }[] = []
        for (let machine = partition; machine < machines; machine += partitions) {
          if (next() < 0.02) continue
          const name = `${machine}/${sensor}`
          if (next() < 0.002) beyond.set(name, count + 1 + Math.floor(5 * next()))
          const value = limit * ((beyond.get(name) ?? 0) > count ? 1.05 + 0.1 * next() : 0.6 + 0.2 * next())
          const reading = { timestamp: new Date(now + Math.floor(1_000 * next()) - 1_000).toISOString(), machine_id: `M${machine}`, sensor_type: sensor, value: Number(value.toFixed(2)) }
          const text = next() < 0.0005 ? '{damaged' : JSON.stringify(reading)
          values.push({ key: `M${machine}`, value: text })
          if (next() < 0.001) values.push({ key: `M${machine}`, value: text })
        }
        if (values.length > 0) send(topics[i]!, partition, values)
      }
      if (next() < 0.2) {
        const machine = partition + partitions * Math.floor(next() * machines / partitions)
        const name = next() < 0.7 ? 'acknowledge' : 'shelve'
        send(commands, partition, [{ key: `M${machine}`, value: JSON.stringify({ kind: 'command', time: 0, name, machine: `M${machine}`, by: 'chaos', ...(name === 'shelve' ? { until: now + 20_000 } : {}) }) }])
      }
    }
  }
  const working = (async () => {
    for (let count = 0, at = Date.now(); going; count++, at += 1_000) {
      second(at, count)
      await sleep(Math.max(0, at + 1_000 - Date.now()))
    }
  })()
  return {
    sent: () => acknowledged,
    async stop() {
      going = false
      await working
      await Promise.all(chains.values())
      await producer.disconnect()
    },
  }
}
