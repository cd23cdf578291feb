import { describe, expect, test } from 'vitest'
import { killAndRestart, started, stopsWithoutTrace } from '../lifecycle.js'
import { needsToStart } from '../needs.js'
import { startMinio, startSeaweedfs } from './index.js'
import type { S3 } from './index.js'
import { s3Client } from './s3.js'

const minio = await needsToStart('minio')
const seaweedfs = await needsToStart('seaweedfs')

describe.each([
  { name: 'MinIO', start: startMinio, missing: minio.missing },
  { name: 'SeaweedFS', start: startSeaweedfs, missing: seaweedfs.missing },
])('$name', ({ start, missing }) => {
  const text = async (server: S3, key: string): Promise<string> => {
    const parts: Buffer[] = []
    for await (const part of await s3Client(server).getObject(server.bucket, key)) parts.push(part as Buffer)
    return Buffer.concat(parts).toString()
  }

  test.skipIf(missing)('has its objects after a kill', async () => {
    const server: S3 = await started<S3>(start())
    await s3Client(server).putObject(server.bucket, 'lake/part-1', Buffer.from('61.5'))
    await killAndRestart(server)
    expect(await text(server, 'lake/part-1')).toBe('61.5')
    await stopsWithoutTrace(server)
  })

  test.skipIf(missing)('lets nobody in without its keys', async () => {
    const server: S3 = await started<S3>(start())
    await expect(s3Client({ endpoint: server.endpoint, accessKey: server.accessKey, secretKey: 'wrong-wrong' }).listBuckets()).rejects.toThrow()
    expect((await fetch(`${server.endpoint}/${server.bucket}/`)).status).toBe(403)
  })
})
