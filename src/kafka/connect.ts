import type { Admin, Kafka } from 'kafkajs'
import { kafkaClient } from './client.js'
import type { KafkaConnection } from './client.js'

const PATIENCE = 4_000

/** An error and what caused it, outermost first. */
function chain(error: unknown): readonly (Error & { readonly code?: unknown; readonly type?: unknown })[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : []
}

/** What is wrong with the connection, and what to do; undefined: it may come right by itself. */
function hopeless({ brokers, ssl, sasl }: KafkaConnection, error: unknown): string | undefined {
  const errors = chain(error)
  const at = brokers.join(', ')
  const text = errors.map(({ message }) => message).join(' ')
  const has = (...codes: readonly string[]): boolean => errors.some(({ code, type }) => codes.includes(String(code)) || codes.includes(String(type)))
  if (errors.some(({ name }) => name === 'KafkaJSSASLAuthenticationError') || has('SASL_AUTHENTICATION_FAILED'))
    return `kafka at ${at} refuses the user '${sasl?.username ?? ''}' or its password (${sasl?.mechanism ?? 'no SASL'}): check both, and that the user is there for this mechanism`
  if (has('UNSUPPORTED_SASL_MECHANISM') || /mechanism/i.test(text)) return `kafka at ${at} does not offer the SASL mechanism ${sasl?.mechanism ?? ''}: use one that this listener has`
  if (has('SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'))
    return `kafka at ${at} shows a certificate of an authority that is not trusted: give that authority's certificate as \`ssl: { ca }\` (MOTORWATCH_KAFKA_CA)`
  if (has('ERR_TLS_CERT_ALTNAME_INVALID')) return `kafka at ${at} shows a certificate for another host: use the name that is in it, or issue one for this name`
  if (has('CERT_HAS_EXPIRED')) return `kafka at ${at} shows a certificate that has expired: renew it`
  if (has('EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER') || /wrong version number|packet length too long|before secure TLS connection/i.test(text)) return `kafka at ${at} does not speak TLS there: leave \`ssl\` out, or use the port of the TLS listener`
  if (has('ENOTFOUND', 'EAI_AGAIN')) return `kafka: no such host in ${at}: check the address`
  if (has('TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'))
    return `kafka at ${at}: the user '${sasl?.username ?? 'ANONYMOUS'}' has no right to what is asked for (${errors.map(({ type }) => String(type)).find((type) => type.includes('AUTHORIZATION')) ?? ''}): grant it by an ACL`
  if (/not valid given the current SASL state/i.test(text)) return `kafka at ${at} asks for no user there: leave \`sasl\` out, or use the port of the SASL listener`
  if (ssl === undefined && /Closed connection|ECONNRESET|socket hang up/i.test(text) && !has('ECONNREFUSED')) return `kafka at ${at} closes the connection at once: is it a TLS listener? Then give \`ssl\`; with SASL, a user and password too`
  return undefined
}

/**
 * A client whose brokers have answered, with its admin connected. Rejects in a few seconds, in one line that says which of address, certificate, user or right is wrong, and what to do.
 */
export async function connectKafka(connection: KafkaConnection): Promise<{ readonly kafka: Kafka; readonly admin: Admin }> {
  const kafka = kafkaClient(connection)
  const until = Date.now() + PATIENCE
  for (;;) {
    const probe = kafkaClient(connection, { retries: 0 }).admin()
    try {
      await probe.connect()
      await probe.listTopics()
      break
    } catch (error) {
      const why = hopeless(connection, error)
      if (why !== undefined) throw new Error(why, { cause: error })
      if (Date.now() > until) throw new Error(`kafka: no broker answers at ${connection.brokers.join(', ')} (${chain(error).at(-1)?.message ?? String(error)}): is it running, and is the address right?`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 300))
    } finally {
      await probe.disconnect().catch(() => undefined)
    }
  }
  const admin = kafka.admin()
  await admin.connect()
  return { kafka, admin }
}
