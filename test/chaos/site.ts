import { Toxiproxy } from 'toxiproxy-node-client'
import type { Proxy } from 'toxiproxy-node-client'
import type { KafkaVersion } from '../servers/provide/kafka.js'
import { freePorts } from '../servers/start/free-ports.js'
import { startInflux, startKafkaCluster, startMinio, startToxiproxy } from '../servers/start/index.js'
import type { Influx, S3, Server } from '../servers/start/index.js'

/** A server, and the proxy by which the workers reach it. */
export interface Member {
  readonly name: string
  readonly is: 'broker' | 'influx' | 's3'
  readonly server: Server
  readonly proxy: Proxy
}

/** All servers of one run, each killable, each behind a proxy. */
export interface Site {
  /** Past the proxies, for what feeds and counts. */
  readonly direct: { readonly brokers: readonly string[]; readonly influx: Influx; readonly s3: S3 }
  /** By way of the proxies, for the workers. */
  readonly proxied: { readonly brokers: readonly string[]; readonly influx: Pick<Influx, 'url' | 'token' | 'org' | 'bucket'>; readonly s3: Pick<S3, 'endpoint' | 'accessKey' | 'secretKey' | 'bucket'> }
  readonly members: readonly Member[]
  stop(): Promise<void>
}

export async function startSite(version: KafkaVersion): Promise<Site> {
  const started: { stop(): Promise<void> }[] = []
  const stop = async (): Promise<void> => { await Promise.all(started.splice(0).map((one) => one.stop())) }
  try {
    const toxiproxy = await startToxiproxy()
    started.push(toxiproxy)
    const client = new Toxiproxy(toxiproxy.url)
    const proxies = new Map<string, Proxy>()
    const through = async (upstream: string): Promise<string> => {
      const [port] = await freePorts(1)
      const listen = `127.0.0.1:${port}`
      proxies.set(listen, await client.createProxy({ name: listen, listen, upstream, enabled: true }))
      return listen
    }
    const kafka = await startKafkaCluster(3, { version, through })
    started.push(kafka)
    const influx = await startInflux()
    started.push(influx)
    const s3 = await startMinio()
    started.push(s3)
    const [influxAt, s3At] = [await through(influx.address), await through(s3.address)]
    return {
      direct: { brokers: kafka.brokers, influx, s3 },
      proxied: {
        brokers: kafka.outside,
        influx: { url: `http://${influxAt}`, token: influx.token, org: influx.org, bucket: influx.bucket },
        s3: { endpoint: `http://${s3At}`, accessKey: s3.accessKey, secretKey: s3.secretKey, bucket: s3.bucket },
      },
      members: [
        ...kafka.nodes.map((server, i): Member => ({ name: `broker ${i + 1}`, is: 'broker', server, proxy: proxies.get(kafka.outside[i]!)! })),
        { name: 'InfluxDB', is: 'influx', server: influx, proxy: proxies.get(influxAt)! },
        { name: 'S3', is: 's3', server: s3, proxy: proxies.get(s3At)! },
      ],
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
