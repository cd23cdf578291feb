import https from 'node:https'
import { Client } from 'minio'
import type { Server } from './server.js'

export interface S3 extends Server {
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
}

export const S3_BUCKET = 'motor-data-lake'

/** `us-east-1` spares the client a question for each bucket. */
export const s3Client = ({ endpoint, accessKey, secretKey, ca }: Pick<S3, 'endpoint' | 'accessKey' | 'secretKey'> & { readonly ca?: string }): Client => {
  const { hostname, port, protocol } = new URL(endpoint)
  return new Client({ endPoint: hostname, port: Number(port), useSSL: protocol === 'https:', accessKey, secretKey, region: 'us-east-1', ...(ca === undefined ? {} : { transportAgent: new https.Agent({ ca }) }) })
}

/** Its bucket is there, made if it was not: the first requests after a server calls itself ready may be refused. */
export async function hasBucket(client: Client): Promise<void> {
  if (!(await client.bucketExists(S3_BUCKET))) await client.makeBucket(S3_BUCKET)
}
