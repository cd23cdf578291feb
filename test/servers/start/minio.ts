import { join } from 'node:path'
import { provideMinio } from '../provide/minio.js'
import { freePorts } from './free-ports.js'
import { hasBucket, S3_BUCKET, s3Client } from './s3.js'
import type { S3 } from './s3.js'
import { secret } from './secret.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export async function startMinio(): Promise<S3> {
  const program = await provideMinio()
  const [port] = await freePorts(1)
  const folder = await temporaryFolder('minio')
  const address = `127.0.0.1:${port}`
  const credentials = { endpoint: `http://${address}`, accessKey: secret(8), secretKey: secret() }
  const client = s3Client(credentials)
  const server = await startServer({
    name: 'MinIO',
    address,
    program,
    args: ['server', join(folder, 'data'), '--address', address, '--certs-dir', join(folder, 'certs')],
    folder,
    env: { MINIO_ROOT_USER: credentials.accessKey, MINIO_ROOT_PASSWORD: credentials.secretKey, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off' },
    ready: () => hasBucket(client),
  })
  return withProperties(server, { ...credentials, bucket: S3_BUCKET })
}
