import { parquetReadObjects } from 'hyparquet'
import { influxApi } from '../servers/influx-api.js'
import { s3Client } from '../servers/start/s3.js'
import type { Influx, S3 } from '../servers/start/index.js'

/** All rows of the Parquet objects below a folder, with the object's path. This file uses none of the library. */
export async function* lakeRows(s3: Pick<S3, 'endpoint' | 'accessKey' | 'secretKey' | 'bucket'>, folder: string): AsyncGenerator<readonly [path: string, row: Readonly<Record<string, unknown>>]> {
  const client = s3Client(s3)
  const paths: string[] = []
  for await (const { name } of client.listObjectsV2(s3.bucket, folder, true) as AsyncIterable<{ readonly name: string }>) if (name.endsWith('.parquet')) paths.push(name)
  for (const path of paths) {
    const pieces: Buffer[] = []
    for await (const piece of await client.getObject(s3.bucket, path)) pieces.push(piece as Buffer)
    for (const row of await parquetReadObjects({ file: new Uint8Array(Buffer.concat(pieces)).buffer })) yield [path, row]
  }
}

/** The points of one field, by columns. */
export const points = (influx: Pick<Influx, 'url' | 'token' | 'org' | 'bucket'>, measurement: string, field: string): Promise<readonly Readonly<Record<string, string>>[]> =>
  influxApi(influx).query(`from(bucket: "${influx.bucket}") |> range(start: 1970-01-01T00:00:00Z, stop: 2100-01-01T00:00:00Z) |> filter(fn: (r) => r._measurement == "${measurement}" and r._field == "${field}")`)
