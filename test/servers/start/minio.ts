import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { provideMinio } from '../provide/minio.js'
import type { Certificate } from './certificates.js'
import { freePorts } from './free-ports.js'
import { hasBucket, S3_BUCKET, s3Client } from './s3.js'
import type { S3 } from './s3.js'
import { secret } from './secret.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export interface MinioOptions {
  /** It speaks TLS alone. */
  readonly tls?: Certificate & { readonly ca: string }
}

export async function startMinio({ tls }: MinioOptions = {}): Promise<S3> {
  const program = await provideMinio()
  const [port] = await freePorts(1)
  const folder = await temporaryFolder('minio')
  const address = `127.0.0.1:${port}`
  const credentials = { endpoint: `${tls === undefined ? 'http' : 'https'}://${address}`, accessKey: secret(8), secretKey: secret() }
  const certificates = join(folder, 'certs')
  if (tls !== undefined) {
    await mkdir(certificates)
    await copyFile(tls.cert, join(certificates, 'public.crt'))
    await copyFile(tls.key, join(certificates, 'private.key'))
  }
  const client = s3Client({ ...credentials, ...(tls === undefined ? {} : { ca: tls.ca }) })
  const server = await startServer({
    name: 'MinIO',
    address,
    program,
    args: ['server', join(folder, 'data'), '--address', address, '--certs-dir', certificates],
    folder,
    env: { MINIO_ROOT_USER: credentials.accessKey, MINIO_ROOT_PASSWORD: credentials.secretKey, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off' },
    ready: () => hasBucket(client),
  })
  return withProperties(server, { ...credentials, bucket: S3_BUCKET })
}
