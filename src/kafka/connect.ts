import type { Admin, Kafka } from 'kafkajs'
import { causes, describeFailure, failureOf } from '../net/failure.js'
import type { Failure } from '../net/failure.js'
import { kafkaClient } from './client.js'
import type { KafkaConnection } from './client.js'

/** With one attempt more, and the start of a program, less than 5 seconds. */
const PATIENCE = 2_000
/** Of what may be a broker that is just going down. */
const SHORT = 1_000
const ATTEMPT = { retries: 0, connectionTimeout: 1_000, requestTimeout: 3_000 }

const RIGHT: Readonly<Record<string, string>> = { TOPIC: 'a topic', GROUP: 'the consumer group', CLUSTER: 'the cluster, or to make a topic', TRANSACTIONAL_ID: 'the transactional ids' }

export interface KafkaDiagnosis {
  /** One line: what is wrong with the connection or with the user's rights, and what to do. */
  readonly message: string
  /** A broker that is just going down looks the same: only where it lasts is it so. */
  readonly perhaps?: true
}

/** Undefined: it may come right by itself. */
export function diagnoseKafka({ brokers, ssl, sasl }: KafkaConnection, error: unknown): KafkaDiagnosis | undefined {
  const errors = causes(error)
  const at = brokers.join(', ')
  const text = errors.map(({ message }) => message).join(' ')
  const types = errors.map(({ type }) => String(type))
  const plain = ssl === undefined || ssl === false
  const failure = failureOf(error)
  const failed = (what: Failure): string => `kafka: ${describeFailure(what, { at, ca: '`ssl: { ca }` (MOTORWATCH_KAFKA_CA_FILE)', tls: '`ssl` (MOTORWATCH_KAFKA_TLS, MOTORWATCH_KAFKA_CA_FILE)' })}`
  if (failure === 'unknown-host') return { message: failed(failure), perhaps: true }
  if (failure !== undefined) return { message: failed(failure) }
  if (!plain && sasl === undefined && /Closed connection/i.test(text)) return { message: `kafka: ${at} closes the connection: it asks for a user: give \`sasl\` (MOTORWATCH_KAFKA_SASL, MOTORWATCH_KAFKA_USERNAME, MOTORWATCH_KAFKA_PASSWORD)`, perhaps: true }
  if (!plain && /before secure TLS connection|Closed connection|ECONNRESET/i.test(text)) return { message: failed('no-tls'), perhaps: true }
  if (types.includes('UNSUPPORTED_SASL_MECHANISM') || /does not support the SASL mechanism|mechanism .* is not (enabled|supported)/i.test(text))
    return { message: `kafka: ${at} does not offer the SASL mechanism ${sasl?.mechanism ?? ''} (MOTORWATCH_KAFKA_SASL): use one that this listener has` }
  if (types.includes('SASL_AUTHENTICATION_FAILED') || errors.some(({ name }) => name === 'KafkaJSSASLAuthenticationError'))
    return { message: `kafka: ${at} refuses the user '${sasl?.username ?? ''}' or its password (${sasl?.mechanism ?? 'no SASL'}): check MOTORWATCH_KAFKA_USERNAME and MOTORWATCH_KAFKA_PASSWORD, and that the user is there for this mechanism` }
  const right = types.map((type) => /^(.*)_AUTHORIZATION_FAILED$/.exec(type)?.[1]).find((each) => each !== undefined)
  if (right !== undefined) {
    const names = [...new Set(errors.flatMap((each) => (each as { readonly topic?: unknown }).topic ?? []).map(String))]
    return { message: `kafka: the user '${sasl?.username ?? 'ANONYMOUS'}' has no right to ${RIGHT[right] ?? right}${names.length === 0 ? '' : ` (${names.join(', ')})`} at ${at} (${right}_AUTHORIZATION_FAILED): grant it by an ACL` }
  }
  if (/not valid given the current SASL state/i.test(text)) return { message: sasl === undefined ? `kafka: ${at} asks for a user: give \`sasl\` (MOTORWATCH_KAFKA_SASL, MOTORWATCH_KAFKA_USERNAME, MOTORWATCH_KAFKA_PASSWORD), or use the port of a listener without SASL` : `kafka: ${at} asks for no user: leave out \`sasl\` (MOTORWATCH_KAFKA_SASL), or use the port of the SASL listener` }
  if (plain && /Closed connection|ECONNRESET|socket hang up/i.test(text) && !/ECONNREFUSED/.test(text))
    return { message: `kafka: ${at} closes the connection: it is a listener of TLS${sasl === undefined ? ' or asks for a user: give `ssl` (MOTORWATCH_KAFKA_CA_FILE or MOTORWATCH_KAFKA_TLS), and `sasl` (MOTORWATCH_KAFKA_SASL)' : ': give `ssl` (MOTORWATCH_KAFKA_CA_FILE or MOTORWATCH_KAFKA_TLS)'}`, perhaps: true }
  return undefined
}

async function probe(connection: KafkaConnection, broker: string): Promise<void> {
  const admin = kafkaClient({ ...connection, brokers: [broker] }, ATTEMPT).admin()
  try {
    await admin.connect()
    await admin.listTopics()
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/** Whether any broker does. Each is asked by itself: one that is down says nothing of the others. Rejects where none does, and asking again would not help, or has been done for long enough. */
async function answers(connection: KafkaConnection, since: number): Promise<boolean> {
  const errors = await Promise.any(connection.brokers.map((broker) => probe(connection, broker))).then(() => [], ({ errors }: AggregateError) => errors as readonly unknown[])
  if (errors.length === 0) return true
  const diagnoses = errors.map((error) => diagnoseKafka(connection, error))
  const sure = diagnoses.findIndex((diagnosis) => diagnosis !== undefined && diagnosis.perhaps !== true)
  if (sure >= 0) throw new Error(diagnoses[sure]!.message, { cause: errors[sure] })
  if (since > SHORT && diagnoses.every((diagnosis) => diagnosis !== undefined)) throw new Error(diagnoses[0]!.message, { cause: errors[0] })
  if (since > PATIENCE) throw new Error(`kafka: no broker answers at ${connection.brokers.join(', ')} (${causes(errors[0]).at(-1)?.message ?? String(errors[0])}): is it running, and is the address right?`, { cause: errors[0] })
  return false
}

/**
 * A client whose brokers have answered, with its admin connected. Rejects in a few seconds, in one line that says which of address, certificate, user or right is wrong, and what to do.
 */
export async function connectKafka(connection: KafkaConnection): Promise<{ readonly kafka: Kafka; readonly admin: Admin }> {
  const kafka = kafkaClient(connection)
  const began = Date.now()
  while (!(await answers(connection, Date.now() - began))) await new Promise((resolve) => setTimeout(resolve, 300))
  const admin = kafka.admin()
  await admin.connect()
  return { kafka, admin }
}

/** Rejects as `connectKafka` does: for a program that wants to know before it begins. */
export async function checkKafka(connection: KafkaConnection): Promise<void> {
  const { admin } = await connectKafka(connection)
  await admin.disconnect()
}

/** Whether it is a wrong setting or right, of what answered before: trying again would not help. */
export function isForGood(connection: KafkaConnection, error: unknown): boolean {
  const diagnosis = diagnoseKafka(connection, error)
  return diagnosis !== undefined && diagnosis.perhaps !== true
}

/** The error as one line that says which right or setting is wrong, where it is of that kind; else itself. */
export const inOneLine = (connection: KafkaConnection, error: unknown): unknown =>
  isForGood(connection, error) ? new Error(diagnoseKafka(connection, error)!.message, { cause: error }) : error
