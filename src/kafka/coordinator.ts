import { Kafka, logLevel } from 'kafkajs'
import { causes } from '../net/failure.js'
import { optionsOf } from './client.js'
import type { KafkaConnection } from './client.js'

const ATTEMPT = { retries: 1, connectionTimeout: 1_000, requestTimeout: 3_000 }

/**
 * kafkajs says 'Failed to find group coordinator' where a right is missing, and keeps why to its log: so it is asked once more, and its log is read.
 * Gives the error itself where that is not so.
 *
 * @param whose a consumer group, or a transactional id, whose present owner is fenced by the question
 */
export async function whyNoCoordinator(connection: KafkaConnection, error: unknown, whose: { readonly group: string } | { readonly transactionalId: string }): Promise<unknown> {
  if (!causes(error).some(({ name, message }) => name === 'KafkaJSGroupCoordinatorNotFound' || /find group coordinator/i.test(message))) return error
  let why: unknown
  const kafka = new Kafka({
    ...optionsOf(connection, ATTEMPT),
    logLevel: logLevel.DEBUG,
    logCreator: () => ({ log: { error: said } }) => {
      if (said instanceof Error && /_AUTHORIZATION_FAILED$/.test(String((said as { readonly type?: unknown }).type))) why = said
    },
  })
  const admin = kafka.admin()
  const producer = kafka.producer('transactionalId' in whose ? { ...whose, idempotent: true, maxInFlightRequests: 1 } : {})
  try {
    if ('group' in whose) {
      await admin.connect()
      await admin.fetchOffsets({ groupId: whose.group })
    } else {
      await producer.connect()
      await (await producer.transaction()).abort()
    }
  } catch {
    // What it says is in its log.
  }
  await admin.disconnect().catch(() => undefined)
  await producer.disconnect().catch(() => undefined)
  return why ?? error
}
