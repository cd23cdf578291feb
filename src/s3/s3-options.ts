import type { Client } from 'minio'
import type { Waiting } from '../net/waiting.js'

/** How to reach an S3 server. */
export interface S3Connection {
  /** A host's name or address, without scheme and port. */
  readonly endPoint: string
  /** Default 443, or 80 without `useSSL`. */
  readonly port?: number
  /** Default true. */
  readonly useSSL?: boolean
  readonly accessKey: string
  readonly secretKey: string
  readonly sessionToken?: string
  /** Default `us-east-1`, which MinIO and SeaweedFS take too. */
  readonly region?: string
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
  /** A request fails, and is tried again, when nothing has moved on its connection for so many milliseconds. Default 30,000. */
  readonly timeout?: number
}

export type S3Options = (S3Connection | {
  /** A client that is ready. Its time-outs are its own: without a `transport` that has one, a server that falls silent is waited for for ever. */
  readonly client: Client
}) & {
  readonly bucket: string
  /** What all keys begin with, as a path: `plant-7/lake`. Absent: nothing. */
  readonly prefix?: string
  /** Makes the bucket where it is missing. */
  readonly create?: boolean
  /** Aborted: whatever waits for the server rejects. An outage ends nothing else: it is waited for until then, or until `close`. */
  readonly signal?: AbortSignal
  /** Told after each attempt that failed in passing, and undefined when it goes on. `describeWaiting` puts it in words. */
  readonly onWaiting?: (waiting: Waiting | undefined) => void
}
