import { freePorts } from './free-ports.js'
import type { Authority } from './certificates.js'
import { startKafka } from './kafka.js'
import type { Kafka } from './kafka.js'
import { secret } from './secret.js'
import { withProperties } from './with-properties.js'

/** A broker with rights: nobody may do anything without an ACL, but for the listener without TLS of the tests (`brokers`). */
export interface SecureKafka extends Kafka {
  /** Of listeners, `host:port`. */
  readonly saslSsl: string
  readonly ssl: string
  readonly saslPlain: string
  /** Their passwords; each is known by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly users: Readonly<Record<string, string>>
}

const LOGIN = 'org.apache.kafka.common.security'

export async function startSecureKafka(authority: Authority, names: readonly string[]): Promise<SecureKafka> {
  const [saslSsl, ssl, saslPlain] = await freePorts(3)
  const users = Object.fromEntries(names.map((name) => [name, secret()]))
  const password = secret()
  const keyStore = await authority.keyStore(await authority.issue('kafka', 'IP:127.0.0.1'), password)
  const plain = `${LOGIN}.plain.PlainLoginModule required ${Object.entries(users).map(([name, word]) => `user_${name}="${word}"`).join(' ')};`
  const scram = `${LOGIN}.scram.ScramLoginModule required;`
  const kafka = await startKafka({
    listeners: { SASL_SSL: saslSsl!, SSL: ssl!, SASL_PLAINTEXT: saslPlain! },
    format: Object.entries(users).flatMap(([name, word]) => ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${name},password=${word}]`])),
    properties: {
      'ssl.keystore.location': keyStore, 'ssl.keystore.password': password, 'ssl.keystore.type': 'PKCS12', 'ssl.key.password': password,
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'listener.name.sasl_ssl.plain.sasl.jaas.config': plain,
      'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': scram,
      'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': scram,
      'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config': scram,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
  })
  const at = (port: number | undefined): string => `127.0.0.1:${port}`
  return withProperties(kafka, { saslSsl: at(saslSsl), ssl: at(ssl), saslPlain: at(saslPlain), users })
}
