import type { ServerName } from '../addresses.js'
import { provideAlertmanager } from './alertmanager.js'
import { provideInflux } from './influx.js'
import { provideKafka } from './kafka.js'
import { provideMinio } from './minio.js'
import { provideMosquitto } from './mosquitto.js'
import { provideSeaweedfs } from './seaweedfs.js'
import { provideToxiproxy } from './toxiproxy.js'

/** `kafka` is the older of its two versions. */
export type Provided = ServerName | 'kafka-4'

/** Each has its program in the cache, built there if it is not, and rejects with what is missing. */
export const providers: Readonly<Record<Provided, () => Promise<string>>> = {
  'kafka': provideKafka,
  'kafka-4': () => provideKafka('4.3.1'),
  'influx': provideInflux,
  'minio': provideMinio,
  'seaweedfs': provideSeaweedfs,
  'toxiproxy': provideToxiproxy,
  'mosquitto': provideMosquitto,
  'alertmanager': provideAlertmanager,
}
