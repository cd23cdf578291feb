import { Kafka, logLevel } from 'kafkajs'
import type { KafkaConfig, SASLOptions } from 'kafkajs'
import type { ConnectionOptions } from 'node:tls'
import { registerCodecs } from './codecs.js'

/** How a Kafka cluster is reached. */
export interface KafkaConnection {
  /** `host:port`, of one broker at least. */
  readonly brokers: readonly string[]
  /** Shown in the brokers' logs; left out: `motorwatch`. */
  readonly clientId?: string
  /** `true`, or the certificates of one's own CA and the like. */
  readonly ssl?: boolean | ConnectionOptions
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string }
}

/**
 * kafkajs, with patience: a broker that is away for a minute is waited for. Always given, because kafkajs has other defaults where NODE_ENV is 'test'.
 */
const retry = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 60 }

export interface KafkaPatience {
  readonly retries: number
  /** Milliseconds. */
  readonly connectionTimeout: number
  readonly requestTimeout: number
}

export function optionsOf({ brokers, clientId = 'motorwatch', ssl, sasl }: KafkaConnection, { retries, ...times }: KafkaPatience): KafkaConfig {
  if (brokers.length === 0) throw new RangeError('kafka: `brokers` is empty; expected host:port of one broker at least')
  return {
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.NOTHING,
    ...times,
    retry: { ...retry, retries },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
  }
}

/** With all codecs. */
export function kafkaClient(connection: KafkaConnection, patience: KafkaPatience = { retries: retry.retries, connectionTimeout: 2_000, requestTimeout: 10_000 }): Kafka {
  registerCodecs()
  return new Kafka(optionsOf(connection, patience))
}

/** Of producers in transactions: each of these times is paid in every transaction that waits for its turn. */
export const quickRetry = { ...retry, initialRetryTime: 5 }
