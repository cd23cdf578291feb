import { describeFailure, failureOf } from '../net/failure.js'
import type { Diagnosis } from '../net/patiently.js'

export interface Server {
  /** As `http://host:port`. */
  readonly url: string
  readonly bucket: string
  /** What is done there. */
  readonly use: Use
}

export type Use = 'read' | 'write'

/** The server has answered no request yet: then an unknown host is a wrong one, and no outage. */
interface Circumstances {
  readonly reached: boolean
}

const PASSING_STATUS = new Set([408, 409, 425, 429, 499, 500, 502, 503, 504, 520])
const PASSING_CODE = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EMFILE', 'EAI_AGAIN',
  'InternalError', 'ServiceUnavailable', 'SlowDown', 'SlowDownRead', 'SlowDownWrite', 'RequestTimeout', 'OperationAborted', 'ConditionalRequestConflict', 'IncompleteBody', 'BadDigest',
  'XAmzContentSHA256Mismatch', 'XMinioServerNotInitialized', 'TooManyRequests',
])

type Advice = (server: Server) => string

const credentials: Advice = ({ url }) => `${url} does not know this access key, or the secret key does not belong to it: check accessKey and secretKey (MOTORWATCH_S3_ACCESS_KEY, MOTORWATCH_S3_SECRET_KEY)`

const ADVICE: Readonly<Record<string, Advice>> = {
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  InvalidToken: credentials,
  ExpiredToken: ({ url }) => `${url} says that the session token has expired: give new credentials`,
  AccessDenied: ({ url, bucket, use }) => `${url} refuses access to the bucket '${bucket}': check accessKey and secretKey, and that they may ${use === 'read' ? 'list and read' : 'list, read, write and delete'} there`,
  NoSuchBucket: ({ url, bucket, use }) => `there is no bucket '${bucket}' at ${url}: ${use === 'read' ? 'check its name and the address' : 'make it, check its name, or ask for it with `create: true`'}`,
  InvalidBucketName: ({ bucket }) => `'${bucket}' is no name for a bucket: expected 3 to 63 of a-z, 0-9, . and -`,
  RequestTimeTooSkewed: ({ url }) => `the clocks of this machine and of ${url} are more than 15 minutes apart: set them`,
  PermanentRedirect: ({ bucket }) => `the bucket '${bucket}' is in another region: name it as \`region\` (MOTORWATCH_S3_REGION)`,
  AuthorizationHeaderMalformed: ({ bucket }) => `the bucket '${bucket}' is in another region: name it as \`region\` (MOTORWATCH_S3_REGION)`,
}

/** Tells an outage from what will not mend itself. */
export function diagnose(error: unknown, server: Server, { reached }: Circumstances): Diagnosis {
  const { code = '', message = '', statusCode } = (error ?? {}) as { readonly code?: string, readonly message?: string, readonly statusCode?: number }
  const said = message === '' ? code : message
  const advice = ADVICE[code]
  const failure = failureOf(error)
  if (failure === 'unknown-host' && (reached || code === 'EAI_AGAIN')) return { passing: true, message: said }
  if (failure !== undefined) return { passing: false, message: describeFailure(failure, { at: server.url, ca: '`ca` (MOTORWATCH_S3_CA_FILE)', tls: '`useSSL` (the s of https:// in MOTORWATCH_S3_ENDPOINT)' }) }
  if (advice !== undefined) return { passing: false, message: advice(server) }
  if (/HTTP request to an HTTPS server/i.test(message)) return { passing: false, message: `${server.url} speaks TLS only: set useSSL (https:// in MOTORWATCH_S3_ENDPOINT)` }
  const passing = PASSING_CODE.has(code) || (statusCode !== undefined && PASSING_STATUS.has(statusCode))
  return { passing, message: passing ? said : `${server.url}: ${[code, message].filter(text => text !== '').join(': ') || String(error)}` }
}
