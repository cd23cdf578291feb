/** What a client has to know of each server. */
export interface Addresses {
  readonly kafka: { readonly brokers: readonly string[] }
  readonly influx: { readonly url: string; readonly token: string; readonly org: string; readonly bucket: string }
  readonly minio: S3Address
  readonly seaweedfs: S3Address
  readonly toxiproxy: { readonly url: string }
  readonly mosquitto: { readonly url: string }
  readonly alertmanager: { readonly url: string }
}

export interface S3Address {
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
}

export type ServerName = keyof Addresses

const S3 = { endpoint: 'MOTORWATCH_S3_ENDPOINT', accessKey: 'MOTORWATCH_S3_ACCESS_KEY', secretKey: 'MOTORWATCH_S3_SECRET_KEY', bucket: 'MOTORWATCH_S3_BUCKET' } as const

/** The environment variable of each value. */
const VARIABLES: { readonly [N in ServerName]: Readonly<Record<keyof Addresses[N], string>> } = {
  kafka: { brokers: 'MOTORWATCH_KAFKA_BROKERS' },
  influx: { url: 'MOTORWATCH_INFLUX_URL', token: 'MOTORWATCH_INFLUX_TOKEN', org: 'MOTORWATCH_INFLUX_ORG', bucket: 'MOTORWATCH_INFLUX_BUCKET' },
  minio: S3,
  seaweedfs: S3,
  toxiproxy: { url: 'MOTORWATCH_TOXIPROXY_URL' },
  mosquitto: { url: 'MOTORWATCH_MQTT_URL' },
  alertmanager: { url: 'MOTORWATCH_ALERTMANAGER_URL' },
}

const entriesOf = (name: ServerName): readonly (readonly [field: string, variable: string])[] => Object.entries(VARIABLES[name])

export const SERVER_NAMES = Object.keys(VARIABLES) as readonly ServerName[]

/** Only these, of a server that has more to it. */
export const addressOf = <N extends ServerName>(name: N, server: Addresses[N]): Addresses[N] =>
  Object.fromEntries(entriesOf(name).map(([field]) => [field, server[field as keyof Addresses[N]]])) as unknown as Addresses[N]

export const toEnvironment = <N extends ServerName>(name: N, server: Addresses[N]): Readonly<Record<string, string>> =>
  Object.fromEntries(entriesOf(name).map(([field, variable]) => [variable, String(server[field as keyof Addresses[N]])]))

/** What the environment says of a server, if anything. */
export function fromEnvironment<N extends ServerName>(name: N, env: Readonly<Record<string, string | undefined>>): Addresses[N] | undefined {
  const entries = entriesOf(name)
  const unset = entries.filter(([, variable]) => !env[variable]).map(([, variable]) => variable)
  if (unset.length === entries.length) return undefined
  if (unset.length > 0) throw new Error(`the environment has some of what ${name} needs, but not ${unset.join(', ')}: set all or none`)
  return Object.fromEntries(entries.map(([field, variable]) => [field, field === 'brokers' ? env[variable]!.split(',') : env[variable]])) as unknown as Addresses[N]
}
