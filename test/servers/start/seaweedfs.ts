import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'minio'
import { provideSeaweedfs } from '../provide/seaweedfs.js'
import { freePorts } from './free-ports.js'
import { hasBucket, S3_BUCKET, s3Client } from './s3.js'
import type { S3 } from './s3.js'
import { secret } from './secret.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

/** Each of its parts listens on two ports. */
const PARTS = ['master', 'volume', 'filer', 's3'] as const

const PROBE = 'ready'

/** It knows its buckets long before its volumes: an object of its former life is read, then another written. */
function hasVolumes(client: Client): () => Promise<void> {
  let lived = false
  return async () => {
    await hasBucket(client)
    if (lived) await once((await client.getObject(PROBE, PROBE)).resume(), 'end')
    if (!(await client.bucketExists(PROBE))) await client.makeBucket(PROBE)
    await client.putObject(PROBE, PROBE, Buffer.from(PROBE))
    lived = true
  }
}

/** A second S3 server: what holds on both, holds of S3. */
export async function startSeaweedfs(): Promise<S3> {
  const program = await provideSeaweedfs()
  const ports = await freePorts(2 * PARTS.length)
  const folder = await temporaryFolder('seaweedfs')
  const data = join(folder, 'data')
  await mkdir(data)
  const address = `127.0.0.1:${ports[PARTS.indexOf('s3')]}`
  const credentials = { endpoint: `http://${address}`, accessKey: secret(8), secretKey: secret() }
  const identities = [{ name: 'motor', credentials: [{ accessKey: credentials.accessKey, secretKey: credentials.secretKey }], actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'] }]
  const config = join(folder, 's3.json')
  await writeFile(config, JSON.stringify({ identities }))
  const client = s3Client(credentials)
  const server = await startServer({
    name: 'SeaweedFS',
    address,
    program,
    args: [
      'server', '-s3', `-dir=${data}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1',
      ...PARTS.flatMap((part, i) => [`-${part}.port=${ports[i]}`, `-${part}.port.grpc=${ports[i + PARTS.length]}`]),
      `-s3.config=${config}`, '-s3.autoCreateBucket=false', `-s3.localSocket=${join(folder, 's3.sock')}`, `-filer.localSocket=${join(folder, 'filer.sock')}`, '-s3.port.iceberg=0', '-s3.port.lance=0',
      '-master.volumeSizeLimitMB=256', '-master.telemetry=false', '-master.electionTimeout=1s', '-volume.max=20',
    ],
    folder,
    leaves: PARTS.map((part, i) => `/tmp/seaweedfs-${part}-grpc-${ports[i + PARTS.length]}.sock`),
    ready: hasVolumes(client),
    limit: 120_000,
  })
  return withProperties(server, { ...credentials, bucket: S3_BUCKET })
}
