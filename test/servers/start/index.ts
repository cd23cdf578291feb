import type { Addresses, ServerName } from '../addresses.js'
import { startAlertmanager } from './alertmanager.js'
import { startInflux } from './influx.js'
import { startKafka } from './kafka.js'
import { startMinio } from './minio.js'
import { startSeaweedfs } from './seaweedfs.js'
import { startMosquitto } from './mosquitto.js'
import type { Server } from './server.js'
import { startToxiproxy } from './toxiproxy.js'

export { startAlertmanager } from './alertmanager.js'
export type { Alertmanager, AlertmanagerOptions } from './alertmanager.js'
export { startInflux } from './influx.js'
export { authority } from './certificates.js'
export type { Authority, Certificate } from './certificates.js'
export type { Influx, InfluxOptions } from './influx.js'
export { startKafka, startKafkaCluster } from './kafka.js'
export type { Kafka, KafkaCluster, KafkaOptions } from './kafka.js'
export { startMinio } from './minio.js'
export type { S3 } from './s3.js'
export { startMosquitto } from './mosquitto.js'
export type { Mosquitto, MosquittoOptions } from './mosquitto.js'
export { startSeaweedfs } from './seaweedfs.js'
export { startSecureKafka } from './secure-kafka.js'
export type { SecureKafka } from './secure-kafka.js'
export type { Server } from './server.js'
export { startToxiproxy } from './toxiproxy.js'
export type { Toxiproxy } from './toxiproxy.js'

export const starters: { readonly [N in ServerName]: () => Promise<Server & Addresses[N]> } = {
  kafka: () => startKafka(),
  influx: () => startInflux(),
  minio: () => startMinio(),
  seaweedfs: startSeaweedfs,
  toxiproxy: startToxiproxy,
  mosquitto: () => startMosquitto(),
  alertmanager: () => startAlertmanager(),
}
