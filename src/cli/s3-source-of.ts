import { fromEnvironment, s3Connection } from '../configuration/index.js'
import type { Environment } from '../configuration/index.js'
import type { Reading, Rejected, Source } from '../model/index.js'
import { checkS3 } from '../s3/check-s3.js'
import { s3 } from '../s3/s3.js'
import { lakeSourceOf } from './lake-source-of.js'
import type { Recording } from './recording.js'
import { withoutUser } from './without-user.js'
import { wrongUse } from './wrong-use.js'

const URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/

/** For so long an outage is waited for, in milliseconds: somebody sits in front of it. */
const PATIENCE = 60_000

/** The readings of `s3://bucket/prefix`, once it is known that there are some. */
export async function s3SourceOf(input: string, range: Recording['range'], env: Environment): Promise<Source<Reading | Rejected>> {
  const [, bucket, prefix = ''] = URL.exec(input) ?? []
  if (bucket === undefined) {
    throw wrongUse(`${withoutUser(input)}: expected s3://BUCKET or s3://BUCKET/PREFIX, such as s3://motor-data-lake; the server and its keys come from MOTORWATCH_S3_ENDPOINT, MOTORWATCH_S3_ACCESS_KEY and MOTORWATCH_S3_SECRET_KEY`)
  }
  const outage = new AbortController()
  try {
    const options = { ...connectionIn(env), bucket, prefix }
    await checkS3(options, { use: 'read' })
    const store = s3(input, { ...options, signal: outage.signal, onWaiting: (waiting) => { if (waiting !== undefined && Date.now() - waiting.since >= PATIENCE) outage.abort() } }, 'read')
    return await lakeSourceOf(input, store, range)
  } catch (error) {
    throw wrongUse((error as Error).message)
  }
}

function connectionIn(env: Environment): ReturnType<typeof s3Connection> {
  const { s3: named } = fromEnvironment(env)
  if (named === undefined) throw new RangeError('where is S3? Set MOTORWATCH_S3_ENDPOINT=http://host:9000, MOTORWATCH_S3_ACCESS_KEY and MOTORWATCH_S3_SECRET_KEY')
  return s3Connection(named)
}
